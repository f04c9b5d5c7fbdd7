namespace Authress;

/// <summary>The result of <c>Test-AuthressAccessKey</c>. Never contains the key.</summary>
public sealed class AccessKeyTestResult
{
    internal AccessKeyTestResult(bool isWellFormed) => IsWellFormed = isWellFormed;

    /// <summary>Whether the text is an access key.</summary>
    public bool IsWellFormed { get; }

    /// <summary>Whether Authress accepts the key; null if the test was inconclusive.</summary>
    public bool? Works { get; internal set; }

    /// <summary>Whether Authress has the key's public half under its id; null if that could not be read.</summary>
    public bool? IsRegistered { get; internal set; }

    /// <summary>The service client that the key belongs to.</summary>
    public string? ClientId { get; internal set; }

    /// <summary>The key's id.</summary>
    public string? KeyId { get; internal set; }

    /// <summary>The account that the key belongs to.</summary>
    public string? AccountId { get; internal set; }

    /// <summary>The API URL of the test.</summary>
    public Uri? ApiUrl { get; internal set; }

    /// <summary>The HTTP status of the response; null if none arrived or nothing was sent.</summary>
    public int? StatusCode { get; internal set; }

    /// <summary>The reason for the result; null if there is none.</summary>
    public string? Message { get; internal set; }
}
