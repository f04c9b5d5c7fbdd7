namespace Authress.Playground.Accounts;

/// <summary>The Authress account that a session connects to, as <c>Connect-Authress</c> finds it in the environment.</summary>
/// <param name="ApiUrl">The account's API.</param>
/// <param name="AccessKey">A service client's access key, in plain text; passed on only through the environment.</param>
internal sealed record Account(string ApiUrl, string AccessKey)
{
    public const string ApiUrlVariable = "AUTHRESS_API_URL";
    public const string AccessKeyVariable = "AUTHRESS_KEY";

    /// <summary>The account in the environment; null if either variable is missing.</summary>
    public static Account? FromEnvironment()
    {
        string? apiUrl = Environment.GetEnvironmentVariable(ApiUrlVariable);
        string? accessKey = Environment.GetEnvironmentVariable(AccessKeyVariable);
        return string.IsNullOrEmpty(apiUrl) || string.IsNullOrEmpty(accessKey) ? null : new Account(apiUrl, accessKey);
    }

    /// <summary>Whether the API is on this machine, as an emulator is.</summary>
    public bool IsLocal => Uri.TryCreate(ApiUrl.Contains("://", StringComparison.Ordinal) ? ApiUrl : $"http://{ApiUrl}", UriKind.Absolute, out Uri? url) && url.IsLoopback;

    // A record's own ToString would show the key.
    public override string ToString() => ApiUrl;
}
