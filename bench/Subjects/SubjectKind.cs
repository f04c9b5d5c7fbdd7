namespace Authress.Bench.Subjects;

/// <summary>The measured clients.</summary>
internal enum SubjectKind
{
    Http,
    RestSharp,
    Library,
    Module,
    JavaScript,
    InvokeRestMethod,
}

internal static class SubjectNames
{
    /// <summary>The name in the report.</summary>
    public static string Name(this SubjectKind kind) => kind switch
    {
        SubjectKind.Http => "bare HttpClient",
        SubjectKind.RestSharp => "RestSharp alone",
        SubjectKind.Library => "client library",
        SubjectKind.Module => "cmdlets",
        SubjectKind.JavaScript => "JavaScript client",
        SubjectKind.InvokeRestMethod => "Invoke-RestMethod",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}
