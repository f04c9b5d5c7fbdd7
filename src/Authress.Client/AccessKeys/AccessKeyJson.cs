using System.Security;
using System.Text.Json.Serialization;
using Authress.Client.Json;

namespace Authress.Client.AccessKeys;

/// <summary>The answer to a new access key, the only one that ever carries its secrets.</summary>
internal sealed class IssuedAccessKeyJson
{
    public string? ClientId { get; set; }

    public string? KeyId { get; set; }

    public string? PublicKey { get; set; }

    [JsonConverter(typeof(LenientTimeConverter))]
    public DateTimeOffset? GenerationDate { get; set; }

    [JsonConverter(typeof(SecureStringConverter))]
    public SecureString? AccessKey { get; set; }

    [JsonConverter(typeof(SecureStringConverter))]
    public SecureString? ClientSecret { get; set; }
}

/// <summary>What is sent for a new access key.</summary>
internal sealed class NewAccessKeyJson
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? PublicKey { get; set; }
}

/// <summary>A client's public keys as anybody may see them (RFC 7517).</summary>
internal sealed class JsonWebKeySetJson
{
    public List<JsonWebKeyJson?>? Keys { get; set; }
}

/// <summary>One of them; <c>x</c> are the 32 bytes of an Ed25519 key (RFC 8037).</summary>
internal sealed class JsonWebKeyJson
{
    public string? Kid { get; set; }

    public string? X { get; set; }
}

/// <summary>An entry of a service client's <c>verificationKeys</c>.</summary>
internal sealed class VerificationKeyJson
{
    public string? KeyId { get; set; }

    public string? PublicKey { get; set; }

    [JsonConverter(typeof(LenientTimeConverter))]
    public DateTimeOffset? GenerationDate { get; set; }
}

/// <summary>What the older form of an access key holds.</summary>
internal sealed class LegacyAccessKeyJson
{
    public string? Audience { get; set; }

    public string? ClientId { get; set; }

    public string? KeyId { get; set; }

    public string? PrivateKey { get; set; }
}
