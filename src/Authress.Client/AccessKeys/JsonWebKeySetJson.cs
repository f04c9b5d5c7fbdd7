namespace Authress.Client.AccessKeys;

/// <summary>A client's public key set (RFC 7517).</summary>
internal sealed class JsonWebKeySetJson
{
    public List<JsonWebKeyJson?>? Keys { get; set; }
}

/// <summary>A key of the set; <c>x</c> is the 32 bytes of an Ed25519 key (RFC 8037).</summary>
internal sealed class JsonWebKeyJson
{
    public string? Kid { get; set; }

    public string? Kty { get; set; }

    public string? Crv { get; set; }

    public string? X { get; set; }

    /// <summary>The private key, which no set has.</summary>
    public string? D { get; set; }
}
