using System.Security;
using System.Text.Json.Serialization;

namespace Authress.Client.AccessKeys;

/// <summary>The answer to a new access key, the only one that ever carries its secrets.</summary>
internal sealed class IssuedAccessKeyJson
{
    public string? ClientId { get; set; }

    public string? KeyId { get; set; }

    public string? PublicKey { get; set; }

    public string? GenerationDate { get; set; }

    [JsonConverter(typeof(SecureStringConverter))]
    public SecureString? AccessKey { get; set; }

    [JsonConverter(typeof(SecureStringConverter))]
    public SecureString? ClientSecret { get; set; }
}

/// <summary>An entry of a service client's <c>verificationKeys</c>.</summary>
internal sealed class VerificationKeyJson
{
    public string? KeyId { get; set; }

    public string? PublicKey { get; set; }

    public string? GenerationDate { get; set; }
}

/// <summary>What the older form of an access key holds.</summary>
internal sealed class LegacyAccessKeyJson
{
    public string? Audience { get; set; }

    public string? ClientId { get; set; }

    public string? KeyId { get; set; }

    public string? PrivateKey { get; set; }
}
