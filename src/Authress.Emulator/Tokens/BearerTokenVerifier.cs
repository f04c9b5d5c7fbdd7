using System.Collections.Concurrent;
using Authress.Emulator.AccessKeys;
using Authress.Emulator.ServiceClients;
using Authress.Emulator.Storage;

namespace Authress.Emulator.Tokens;

/// <summary>
/// Verifies the bearer of a request as Authress does: a token that a client's access key signed, an access key itself, or a
/// token of a trusted issuer. Signature and claims are verified once for each; whether the key still exists, every time.
/// </summary>
internal sealed class BearerTokenVerifier(Account account, ClientStore clients, KeyActivation activation, TokenRules rules)
{
    private const string Scheme = "Bearer ";
    private const int MostCached = 10_000;

    private readonly ConcurrentDictionary<string, BearerProof> _verified = new(StringComparer.Ordinal);

    public TokenVerdict Verify(string authorization)
    {
        if (authorization.Length == 0)
            return TokenVerdict.Refused("There is no Authorization header.");
        if (!authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return TokenVerdict.Refused("The Authorization header has no bearer token.");

        string bearer = authorization[Scheme.Length..].Trim();
        if (!_verified.TryGetValue(bearer, out BearerProof? known))
        {
            if (Refuse(bearer, out known) is { } refusal)
                return TokenVerdict.Refused(refusal);
            if (_verified.Count >= MostCached)
                _verified.Clear();
            _verified[bearer] = known!;
        }

        return Recheck(known!);
    }

    public void Forget() => _verified.Clear();

    private TokenVerdict Recheck(BearerProof proof)
    {
        if (proof.Expires is { } expires && rules.HasExpired(expires))
            return TokenVerdict.Refused("The token has expired.");
        if (proof.Key is not { } key)
            return TokenVerdict.Accepted(proof.ClientId, null);
        if (clients.Find(proof.ClientId)?.FindKey(key.KeyId)?.PublicKey != key.PublicKey)
            return TokenVerdict.Refused("The token's client or access key does not exist any more.");
        if (!activation.IsUsable(proof.ClientId, key.KeyId))
            return TokenVerdict.Refused("The token's access key is not usable yet.");
        return TokenVerdict.Accepted(proof.ClientId, key.KeyId);
    }

    /// <summary>The reason to refuse the bearer; null if it is valid.</summary>
    private string? Refuse(string bearer, out BearerProof? proof)
    {
        if (JsonWebToken.TryParse(bearer, out JsonWebToken? token))
            return rules.Refuse(token, out proof);
        proof = null;
        if (!BearerAccessKey.TryParse(bearer, out BearerAccessKey? accessKey))
            return "The bearer is neither a JWT nor an access key.";
        if (accessKey.Audience != account.Audience)
            return "The access key is of another account.";
        if (clients.Find(accessKey.ClientId)?.FindKey(accessKey.KeyId) is not { } key || key.PublicKey != accessKey.PublicKey)
            return "The client has no such access key.";
        proof = new(accessKey.ClientId, key, null);
        return null;
    }
}

/// <summary>A valid bearer.</summary>
/// <param name="ClientId">The client that it acts as.</param>
/// <param name="Key">The client's access key; null for a token of a trusted issuer.</param>
/// <param name="Expires">When a token expires; null for an access key.</param>
internal sealed record BearerProof(string ClientId, VerificationKey? Key, DateTimeOffset? Expires);
