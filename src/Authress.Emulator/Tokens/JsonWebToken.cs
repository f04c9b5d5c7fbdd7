using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;

namespace Authress.Emulator.Tokens;

/// <summary>A JWT in compact serialization (RFC 7515), parsed but not verified.</summary>
internal sealed class JsonWebToken
{
    private static readonly SearchValues<char> Base64UrlCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    private readonly JsonElement _header;
    private readonly JsonElement _payload;

    private JsonWebToken(JsonElement header, JsonElement payload, byte[] signedBytes, byte[] signature)
    {
        _header = header;
        _payload = payload;
        SignedBytes = signedBytes;
        Signature = signature;
    }

    public byte[] SignedBytes { get; }

    public byte[] Signature { get; }

    public string? Algorithm => Text(_header, "alg");

    public string? Type => Text(_header, "typ");

    /// <summary>Whether the header has a <c>typ</c> of any JSON type.</summary>
    public bool HasType => _header.TryGetProperty("typ", out _);

    public string? KeyId => Text(_header, "kid");

    /// <summary>RFC 7515: a recipient that does not understand an extension named here must refuse the token.</summary>
    public bool HasCriticalExtensions => _header.TryGetProperty("crit", out _);

    public string? Issuer => Text(_payload, "iss");

    public string? Subject => Text(_payload, "sub");

    public string? ClientId => Text(_payload, "client_id");

    /// <summary>Whether the payload has a <c>client_id</c> of any JSON type.</summary>
    public bool HasClientId => _payload.TryGetProperty("client_id", out _);

    public DateTimeOffset? IssuedAt => Time("iat");

    public DateTimeOffset? NotBefore => Time("nbf");

    public DateTimeOffset? Expires => Time("exp");

    public bool IsMeantFor(string audience) => _payload.TryGetProperty("aud", out JsonElement aud) && aud.ValueKind switch
    {
        JsonValueKind.String => aud.ValueEquals(audience),
        JsonValueKind.Array => aud.EnumerateArray().Any(one => one.ValueKind == JsonValueKind.String && one.ValueEquals(audience)),
        _ => false,
    };

    public static bool TryParse(string token, [NotNullWhen(true)] out JsonWebToken? parsed)
    {
        parsed = null;
        string[] parts = token.Split('.');
        if (parts.Length != 3 || parts.Any(part => part.AsSpan().ContainsAnyExcept(Base64UrlCharacters)))
            return false;

        try
        {
            byte[] signature = Base64Url.DecodeFromChars(parts[2]);
            if (Parse(parts[0]) is not { } header || Parse(parts[1]) is not { } payload)
                return false;
            parsed = new(header, payload, Encoding.ASCII.GetBytes(token[..token.LastIndexOf('.')]), signature);
            return true;
        }
        catch (Exception problem) when (problem is FormatException or JsonException)
        {
            return false;
        }
    }

    private static JsonElement? Parse(string part)
    {
        using JsonDocument document = JsonDocument.Parse(Base64Url.DecodeFromChars(part), Strict);
        return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
    }

    private static string? Text(JsonElement from, string name) =>
        from.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private DateTimeOffset? Time(string name)
    {
        const double latest = 253402300799; // the last second of the year 9999, beyond which there is no date
        return _payload.TryGetProperty(name, out JsonElement value)
            && value.ValueKind == JsonValueKind.Number
            && value.TryGetDouble(out double seconds)
            && seconds is >= 0 and <= latest
                ? DateTimeOffset.UnixEpoch.AddSeconds(seconds)
                : null;
    }
}
