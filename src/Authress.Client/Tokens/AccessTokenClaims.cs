using System.Text;
using System.Text.Json;

namespace Authress.Client.Tokens;

/// <summary>
/// The claims of an access token, so that a connection can show them and guard against deleting its own client. Only the
/// server verifies a token.
/// </summary>
/// <param name="ClientId">The service client that signed it.</param>
/// <param name="KeyId">The id of the key that signed it.</param>
/// <param name="AccountId">The account, from the audience.</param>
public sealed record AccessTokenClaims(string? ClientId, string? KeyId, string? AccountId)
{
    /// <summary>Reads a token. All claims are null if it is opaque.</summary>
    /// <param name="token">The token.</param>
    public static AccessTokenClaims Read(string token)
    {
        if (token is null)
            throw new ArgumentNullException(nameof(token));
        string[] parts = token.Split('.');
        if (parts.Length != 3 || Decode(parts[0]) is not { } header || Decode(parts[1]) is not { } payload)
            return new AccessTokenClaims(null, null, null);
        using (header)
        using (payload)
        {
            string? clientId = Text(payload, "client_id") ?? Text(payload, "sub");
            return new AccessTokenClaims(clientId, Text(header, "kid"), AuthressAccount.FromAudience(Text(payload, "aud")));
        }
    }

    private static string? Text(JsonDocument document, string name) =>
        document.RootElement.ValueKind == JsonValueKind.Object
        && document.RootElement.TryGetProperty(name, out JsonElement value)
        && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static JsonDocument? Decode(string part)
    {
        try
        {
            return JsonDocument.Parse(Encoding.UTF8.GetString(Base64Text.Decode(part)));
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            // Opaque tokens are valid too.
            return null;
        }
    }
}
