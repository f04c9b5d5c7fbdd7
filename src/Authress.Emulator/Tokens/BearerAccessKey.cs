using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json;
using Authress.Emulator.AccessKeys;
using Authress.Emulator.Storage;

namespace Authress.Emulator.Tokens;

/// <summary>An access key that a request sends as its bearer, as several official clients do, instead of a signed token.</summary>
internal sealed record BearerAccessKey(string ClientId, string KeyId, string Audience, string PublicKey)
{
    private const string LegacyStart = "eyJ";

    /// <summary>Parses an access key of either form. Does not verify that the client has the key.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out BearerAccessKey? key)
    {
        try
        {
            key = text.Split('.') switch
            {
                [{ Length: > 0 } clientId, { Length: > 0 } keyId, { Length: > 0 } accountId, { Length: > 0 } privateKey]
                    when Ed25519Keys.PublicKeyOf(privateKey) is { } publicKey => new(clientId, keyId, Account.AudienceOf(accountId), publicKey),
                [{ } legacy] when legacy.StartsWith(LegacyStart, StringComparison.Ordinal) => ParseLegacy(legacy),
                _ => null,
            };
        }
        catch (Exception problem) when (problem is FormatException or JsonException or ArgumentException or CryptographicException)
        {
            key = null;
        }

        return key is not null;
    }

    private static BearerAccessKey? ParseLegacy(string text)
    {
        if (JsonSerializer.Deserialize<LegacyAccessKey>(Convert.FromBase64String(text), JsonSerializerOptions.Web)
            is not { ClientId: { } clientId, KeyId: { } keyId, Audience: { } audience, PrivateKey: { } privateKey })
        {
            return null;
        }

        using RSA rsa = RSA.Create();
        rsa.ImportFromPem(privateKey);
        return new(clientId, keyId, audience, Convert.ToBase64String(rsa.ExportSubjectPublicKeyInfo()));
    }

    private sealed record LegacyAccessKey(string? ClientId, string? KeyId, string? Audience, string? PrivateKey);
}
