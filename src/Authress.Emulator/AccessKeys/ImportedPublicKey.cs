using System.Text.Json;
using Authress.Emulator.ServiceClients;

namespace Authress.Emulator.AccessKeys;

/// <summary>Reads the public key that a caller imports.</summary>
internal static class ImportedPublicKey
{
    /// <summary>The public key; null if the body requests a generated one.</summary>
    /// <exception cref="InvalidRequestException">The body is not a JSON object, or the key is not an Ed25519 public key.</exception>
    public static string? Read(ReadOnlyMemory<byte> body)
    {
        if (body.IsEmpty)
            return null;
        try
        {
            using JsonDocument document = JsonDocument.Parse(body);
            JsonElement root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Null)
                return null;
            if (root.ValueKind != JsonValueKind.Object)
                throw new InvalidRequestException("The body must be a JSON object.", "InvalidBody");
            if (!root.TryGetProperty("publicKey", out JsonElement publicKey) || publicKey.ValueKind == JsonValueKind.Null)
                return null;
            if (publicKey.ValueKind == JsonValueKind.String && publicKey.GetString() is { } text && Ed25519Keys.IsPublicKey(text))
                return text;
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException)
        {
            throw new InvalidRequestException("The body is not valid JSON.", "MalformedJson");
        }

        throw new InvalidRequestException("publicKey must be the standard base64 of an Ed25519 SubjectPublicKeyInfo in DER.", "InvalidPublicKey");
    }
}
