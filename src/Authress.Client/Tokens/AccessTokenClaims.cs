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
    /// <summary>Whether a text has the form of a JWT, rather than that of an access key.</summary>
    /// <param name="text">The text, without whitespace around it.</param>
    public static bool IsToken(string text) => text is not null && text.StartsWith("eyJ", StringComparison.Ordinal) && text.Split('.').Length == 3;

    /// <summary>Reads a token. All claims are null if it is opaque.</summary>
    /// <param name="token">The token.</param>
    /// <exception cref="ArgumentException">A claim is not valid Unicode.</exception>
    public static AccessTokenClaims Read(string token)
    {
        if (token is null)
            throw new ArgumentNullException(nameof(token));
        string[] parts = token.Trim().Split('.');
        if (parts.Length != 3 || Decode(parts[0]) is not { } header || Decode(parts[1]) is not { } payload)
            return new AccessTokenClaims(null, null, null);
        using (header)
        using (payload)
        {
            string? clientId = Texts(payload, "client_id").Concat(Texts(payload, "sub")).FirstOrDefault();
            string? accountId = Texts(payload, "aud").Select(AuthressAccount.FromAudience).FirstOrDefault(account => account is not null);
            return new AccessTokenClaims(clientId, Texts(header, "kid").FirstOrDefault(), accountId);
        }
    }

    // A claim may be a list, as the audience often is (RFC 7519, section 4.1.3).
    private static string[] Texts(JsonDocument document, string name)
    {
        if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty(name, out JsonElement claim))
            return [];
        IEnumerable<JsonElement> values = claim.ValueKind == JsonValueKind.Array ? claim.EnumerateArray() : [claim];
        try
        {
            return [.. values.Where(value => value.ValueKind == JsonValueKind.String).Select(value => value.GetString()!)];
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair is valid JSON, but not text.
            throw new ArgumentException(InvariantText.Format(Messages.AccessTokenUnusable, InvariantText.Format(Messages.ClaimNotUnicode, name)));
        }
    }

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
