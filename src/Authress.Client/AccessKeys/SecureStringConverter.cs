using System.Buffers;
using System.Security;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Authress.Client.AccessKeys;

/// <summary>Reads a JSON string directly into a SecureString, so that the secret never becomes an ordinary string.</summary>
internal sealed class SecureStringConverter : JsonConverter<SecureString>
{
    // The maximum length of a SecureString.
    private const int MaximumLength = 65_536;

    public override SecureString? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Null)
            return null;
        if (reader.TokenType != JsonTokenType.String)
            throw new JsonException();
        int maximum = reader.HasValueSequence ? checked((int)reader.ValueSequence.Length) : reader.ValueSpan.Length;
        char[] characters = ArrayPool<char>.Shared.Rent(Math.Max(maximum, 1));
        try
        {
            int length = reader.CopyString(characters);
            if (length > MaximumLength)
                throw new JsonException();
            SecureString secret = new();
            for (int i = 0; i < length; i++)
                secret.AppendChar(characters[i]);
            secret.MakeReadOnly();
            return secret;
        }
        finally
        {
            ArrayPool<char>.Shared.Return(characters, clearArray: true);
        }
    }

    public override void Write(Utf8JsonWriter writer, SecureString value, JsonSerializerOptions options) =>
        throw new NotSupportedException("A secret is never written.");
}
