namespace Authress.Emulator.ServiceClients;

/// <summary>A service client as the emulator held it at one moment.</summary>
public sealed record ServiceClientSnapshot
{
    internal ServiceClientSnapshot(ServiceClient client)
    {
        ClientId = client.ClientId;
        Name = client.Document.Name;
        CreatedTime = client.CreatedTime;
        GrantUserPermissionsAccess = client.Document.GrantUserPermissionsAccess;
        GrantTokenGeneration = client.Document.GrantTokenGeneration;
        RateLimits = client.Document.RateLimits;
        Tags = client.Document.Tags ?? new Dictionary<string, string>();
        Keys = [.. client.Keys.Select(key => new VerificationKeySnapshot(key.KeyId, key.PublicKey, key.GenerationDate))];
        UnknownMembers = [.. client.Document.UnknownMembers];
    }

    /// <summary>The client's id.</summary>
    public string ClientId { get; }

    /// <summary>The client's name, if it has one.</summary>
    public string? Name { get; }

    /// <summary>When the client was created.</summary>
    public DateTimeOffset CreatedTime { get; }

    /// <summary>Whether it may check authorization on behalf of any user.</summary>
    public bool GrantUserPermissionsAccess { get; }

    /// <summary>Whether it may create tokens for any user.</summary>
    public bool GrantTokenGeneration { get; }

    /// <summary>None or one rate limit.</summary>
    public IReadOnlyList<ClientRateLimit> RateLimits { get; }

    /// <summary>The client's tags.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; }

    /// <summary>The public halves of its access keys, in the order of creation.</summary>
    public IReadOnlyList<VerificationKeySnapshot> Keys { get; }

    /// <summary>The names of the JSON members that callers sent and the emulator does not know.</summary>
    public IReadOnlyList<string> UnknownMembers { get; }
}

/// <summary>The public half of an access key.</summary>
/// <param name="KeyId">The key's id, unique within its client.</param>
/// <param name="PublicKey">Standard base64 of the DER SubjectPublicKeyInfo.</param>
/// <param name="GenerationDate">When the key was generated or registered.</param>
public sealed record VerificationKeySnapshot(string KeyId, string PublicKey, DateTimeOffset GenerationDate);
