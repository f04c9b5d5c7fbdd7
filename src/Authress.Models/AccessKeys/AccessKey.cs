namespace Authress;

/// <summary>An access key of a service client as Authress lists it: only the public half.</summary>
public class AccessKey
{
    /// <summary>Creates the description of a key.</summary>
    /// <param name="clientId">The service client that the key belongs to.</param>
    /// <param name="keyId">The key's id, unique within the client.</param>
    public AccessKey(string clientId, string keyId)
    {
        ClientId = clientId ?? throw new ArgumentNullException(nameof(clientId));
        KeyId = keyId ?? throw new ArgumentNullException(nameof(keyId));
    }

    /// <summary>The id of the service client that the key belongs to.</summary>
    public string ClientId { get; }

    /// <summary>The key's id; it is the <c>kid</c> of the tokens that the key signs.</summary>
    public string KeyId { get; }

    /// <summary>The public key as Authress sends it, usually the base64 of a DER SubjectPublicKeyInfo.</summary>
    public string? PublicKey { get; internal set; }

    /// <summary>When the key was created.</summary>
    public DateTimeOffset? GenerationDate { get; internal set; }

    /// <summary>The current age of the key; null if its date is unknown.</summary>
    internal TimeSpan? Age => GenerationDate is { } made ? DateTimeOffset.UtcNow - made : null;

    /// <summary>Until when a rotation keeps the key that it has replaced; null for a key that is not replaced, as far as the journal knows.</summary>
    internal DateTimeOffset? KeptUntil { get; set; }

    /// <summary>The key's id. The text of a key never contains a secret.</summary>
    public override string ToString() => KeyId;
}
