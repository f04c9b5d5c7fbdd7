namespace Authress;

/// <summary>What <c>Test-AuthressAccessKey</c> found. Never holds the key.</summary>
public sealed class AccessKeyTestResult
{
    internal AccessKeyTestResult(bool isWellFormed) => IsWellFormed = isWellFormed;

    /// <summary>Whether the text is an access key at all.</summary>
    public bool IsWellFormed { get; }

    /// <summary>Whether Authress accepts it; null where that could not be found out.</summary>
    public bool? Works { get; internal set; }

    /// <summary>The service client that it belongs to.</summary>
    public string? ClientId { get; internal set; }

    /// <summary>The key's id.</summary>
    public string? KeyId { get; internal set; }

    /// <summary>The account that it belongs to.</summary>
    public string? AccountId { get; internal set; }

    /// <summary>Where it was tried.</summary>
    public Uri? ApiUrl { get; internal set; }

    /// <summary>The HTTP status of the answer; null where none came or nothing was asked.</summary>
    public int? StatusCode { get; internal set; }

    /// <summary>What is wrong, or worth knowing; null where there is nothing to say.</summary>
    public string? Message { get; internal set; }
}
