using System.Collections.Concurrent;
using System.Security.Cryptography;
using Authress.Emulator.AccessKeys;
using Authress.Emulator.ServiceClients;
using Authress.Emulator.Storage;

namespace Authress.Emulator.Tokens;

/// <summary>
/// Verifies the token of a request as Authress does: its header, its claims, and its signature by a key that the client
/// has now. Signature and claims are verified once for each token; whether the key still exists, every time.
/// </summary>
internal sealed class BearerTokenVerifier(Account account, ClientStore clients, KeyActivation activation, TimeProvider clock)
{
    private const string Scheme = "Bearer ";
    private const int MostCached = 10_000;

    /// <summary>The tolerated difference between the clocks of client and server.</summary>
    private static readonly TimeSpan Leeway = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<string, VerifiedToken> _verified = new(StringComparer.Ordinal);

    /// <summary>The origins that a token's issuer may have; known once the port is.</summary>
    public IReadOnlyList<string> IssuerOrigins { get; set; } = [];

    private sealed record VerifiedToken(string ClientId, VerificationKey Key, DateTimeOffset Expires);

    public TokenVerdict Verify(string authorization)
    {
        if (authorization.Length == 0)
            return TokenVerdict.Refused("There is no Authorization header.");
        if (!authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return TokenVerdict.Refused("The Authorization header has no bearer token.");

        string token = authorization[Scheme.Length..].Trim();
        if (!_verified.TryGetValue(token, out VerifiedToken? known))
        {
            if (Refuse(token, out known) is { } refusal)
                return TokenVerdict.Refused(refusal);
            if (_verified.Count >= MostCached)
                _verified.Clear();
            _verified[token] = known!;
        }

        return Recheck(known!);
    }

    public void Forget() => _verified.Clear();

    private TokenVerdict Recheck(VerifiedToken token)
    {
        if (clock.GetUtcNow() >= token.Expires + Leeway)
            return TokenVerdict.Refused("The token has expired.");
        if (clients.Find(token.ClientId)?.FindKey(token.Key.KeyId)?.PublicKey != token.Key.PublicKey)
            return TokenVerdict.Refused("The token's client or access key does not exist any more.");
        if (!activation.IsUsable(token.ClientId, token.Key.KeyId))
            return TokenVerdict.Refused("The token's access key is not usable yet.");
        return TokenVerdict.Accepted(token.ClientId, token.Key.KeyId);
    }

    /// <summary>The reason to refuse the token; null if it is valid.</summary>
    private string? Refuse(string text, out VerifiedToken? proven)
    {
        proven = null;
        if (!JsonWebToken.TryParse(text, out JsonWebToken? token))
            return "The bearer token is not a JWT.";

        // RFC 9068: a token of another type, such as a login request, may be signed by the same key.
        if (token.Type is not { } type || !IsAccessTokenType(type))
            return "The token's typ is not at+jwt.";
        if (token.HasCriticalExtensions)
            return "The token's header names critical extensions.";
        if (token.ClientId is not { } clientId || token.Subject != clientId)
            return "The token's sub and client_id are not one client.";
        if (token.KeyId is not { } keyId || clients.Find(clientId)?.FindKey(keyId) is not { } key)
            return "The token's client has no access key with the token's kid.";
        if (token.Algorithm != (key.Algorithm == KeyAlgorithm.EdDsa ? "EdDSA" : "RS256"))
            return "The token's alg is not that of its key.";
        if (!IsSignedBy(key, token))
            return "The token's signature is wrong.";

        string clientPath = $"/v1/clients/{Uri.EscapeDataString(clientId)}";
        if (!IssuerOrigins.Any(origin => token.Issuer == origin + clientPath))
            return "The token's iss is not this API.";
        if (!token.IsMeantFor(account.Audience))
            return "The token's aud is not this account.";
        if (token.Expires is not { } expires)
            return "The token has no exp.";
        if (clock.GetUtcNow() >= expires + Leeway)
            return "The token has expired.";
        if (token.IssuedAt is not { } issued || issued > clock.GetUtcNow() + Leeway)
            return "The token's iat is missing or lies in the future.";
        if (token.NotBefore is { } notBefore && notBefore > clock.GetUtcNow() + Leeway)
            return "The token is not valid yet.";

        proven = new(clientId, key, expires);
        return null;
    }

    private static bool IsAccessTokenType(string type) =>
        type.Equals("at+jwt", StringComparison.OrdinalIgnoreCase) || type.Equals("application/at+jwt", StringComparison.OrdinalIgnoreCase);

    private static bool IsSignedBy(VerificationKey key, JsonWebToken token)
    {
        if (key.Algorithm == KeyAlgorithm.EdDsa)
            return Ed25519Keys.Verify(key.RawEd25519, token.SignedBytes, token.Signature);
        using RSA rsa = key.OpenRsa();
        return rsa.VerifyData(token.SignedBytes, token.Signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }
}
