namespace Authress.Client.AccessKeys;

/// <summary>The JSON object in the older form of an access key.</summary>
internal sealed class LegacyAccessKeyJson
{
    public string? Audience { get; set; }

    public string? ClientId { get; set; }

    public string? KeyId { get; set; }

    public string? PrivateKey { get; set; }
}
