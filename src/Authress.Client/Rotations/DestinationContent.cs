using System.Security;
using Authress.Client.AccessKeys;

namespace Authress.Client.Rotations;

/// <summary>What a destination holds: nothing, an access key, or something else.</summary>
internal sealed class DestinationContent : IDisposable
{
    private DestinationContent(SecureString? text, AccessKeyCredential? key) => (Text, Key) = (text, key);

    /// <summary>The content; null if the destination is empty.</summary>
    public SecureString? Text { get; }

    /// <summary>The access key; null if the content is none.</summary>
    public AccessKeyCredential? Key { get; }

    /// <summary>Whether the destination is empty.</summary>
    public bool IsEmpty => Text is null;

    /// <summary>Reads what a destination holds.</summary>
    /// <exception cref="IOException">It can't be read.</exception>
    public static async Task<DestinationContent> ReadAsync(IRotationDestination destination)
    {
        SecureString? text = await destination.ReadAsync().ConfigureAwait(false);
        if (text is null || string.IsNullOrWhiteSpace(SecretText.Reveal(text)))
        {
            text?.Dispose();
            return new DestinationContent(null, null);
        }

        try
        {
            return new DestinationContent(text, AccessKeyCredential.Parse(text));
        }
        catch (FormatException)
        {
            return new DestinationContent(text, null);
        }
    }

    /// <summary>Whether both are the same.</summary>
    public bool IsSameAs(DestinationContent other) =>
        Text is null || other.Text is null ? IsEmpty && other.IsEmpty : SecretText.Reveal(Text).Trim() == SecretText.Reveal(other.Text).Trim();

    /// <summary>Whether it is the key with this public half.</summary>
    public bool Holds(string? publicKey) => publicKey is not null && Key?.PublicKey == publicKey;

    /// <summary>Whether it is an access key of the client, whether or not the key still exists.</summary>
    public bool IsKeyOf(RotationOptions options) => Key is { } key && key.ClientId == options.ClientId && (key.AccountId is null || key.AccountId == options.AccountId);

    /// <summary>The entry of its key in the client's list; null if the key is not registered there.</summary>
    public AccessKey? FindIn(IReadOnlyList<AccessKey> keys, string clientId) => Key is null || Key.ClientId != clientId ? null
        : keys.FirstOrDefault(key => key.KeyId == Key.KeyId && (key.PublicKey is null || Key.PublicKey is null || PublicKeyText.Same(Key.PublicKey, key.PublicKey)));

    /// <summary>As an issued key, to be written back.</summary>
    public IssuedAccessKey ToIssuedKey(string clientId) =>
        new(Key?.ClientId ?? clientId, Key?.KeyId ?? string.Empty, Text!.Copy(), null) { PublicKey = Key?.PublicKey };

    public void Dispose() => Text?.Dispose();
}
