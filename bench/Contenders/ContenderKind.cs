namespace Authress.Bench.Contenders;

/// <summary>Who is measured.</summary>
internal enum ContenderKind
{
    Http,
    RestSharp,
    Library,
    Module,
    JavaScript,
    InvokeRestMethod,
}

internal static class ContenderNames
{
    /// <summary>The name in the report.</summary>
    public static string Name(this ContenderKind kind) => kind switch
    {
        ContenderKind.Http => "bare HttpClient",
        ContenderKind.RestSharp => "RestSharp alone",
        ContenderKind.Library => "client library",
        ContenderKind.Module => "cmdlets",
        ContenderKind.JavaScript => "JavaScript client",
        ContenderKind.InvokeRestMethod => "Invoke-RestMethod",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}
