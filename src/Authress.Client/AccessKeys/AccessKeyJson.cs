using System.Security;
using System.Text.Json.Serialization;
using Authress.Client.Json;

namespace Authress.Client.AccessKeys;

/// <summary>The response with a new access key, the only one that contains its secrets.</summary>
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

/// <summary>The request for a new access key.</summary>
internal sealed class NewAccessKeyJson
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? PublicKey { get; set; }
}

/// <summary>An entry of a service client's <c>verificationKeys</c>.</summary>
internal sealed class VerificationKeyJson
{
    public string? KeyId { get; set; }

    public string? PublicKey { get; set; }

    [JsonConverter(typeof(LenientTimeConverter))]
    public DateTimeOffset? GenerationDate { get; set; }
}
