using System.Security.Cryptography;
using Authress.Emulator.AccessKeys;
using Authress.Emulator.ServiceClients;
using Authress.Emulator.Storage;

namespace Authress.Emulator.Tokens;

/// <summary>The rules for the header, the claims and the signature of a token.</summary>
internal sealed class TokenRules(Account account, ClientStore clients, IReadOnlyList<TrustedIssuer> trustedIssuers, TimeProvider clock)
{
    /// <summary>The tolerated difference between the clocks of client and server.</summary>
    private static readonly TimeSpan Leeway = TimeSpan.FromSeconds(60);

    // RFC 9068: a token of another type, such as a login request, may be signed by the same key.
    private static readonly string[] Types = ["at+jwt", "application/at+jwt", "JWT", "application/jwt"];

    /// <summary>The origins that a token's issuer may have; known once the port is.</summary>
    public IReadOnlyList<string> IssuerOrigins { get; set; } = [];

    public bool HasExpired(DateTimeOffset expires) => clock.GetUtcNow() >= expires + Leeway;

    /// <summary>The reason to refuse the token; null if it is valid.</summary>
    public string? Refuse(JsonWebToken token, out BearerProof? proof)
    {
        proof = null;
        if (token.HasType && !Types.Contains(token.Type, StringComparer.OrdinalIgnoreCase))
            return "The token's typ is neither at+jwt nor JWT.";
        if (token.HasCriticalExtensions)
            return "The token's header names critical extensions.";
        string? refusal = trustedIssuers.FirstOrDefault(issuer => issuer.Issuer == token.Issuer) is { } trusted
            ? RefuseForeign(token, trusted)
            : RefuseOwn(token, out proof);
        if (refusal is not null)
            return refusal;
        refusal = RefuseTimes(token);
        proof = refusal is not null ? null : new(proof?.ClientId ?? account.AdminClientId, proof?.Key, token.Expires);
        return refusal;
    }

    private string? RefuseOwn(JsonWebToken token, out BearerProof? proof)
    {
        proof = null;
        if (token.Subject is not { Length: > 0 } clientId || (token.HasClientId && token.ClientId != clientId))
            return "The token's sub and client_id are not one client.";
        if (token.KeyId is not { } keyId || clients.Find(clientId)?.FindKey(keyId) is not { } key)
            return "The token's client has no access key with the token's kid.";
        if (RefuseSignature(token, key) is { } refusal)
            return refusal;

        string clientPath = $"/v1/clients/{Uri.EscapeDataString(clientId)}";
        if (!IssuerOrigins.Any(origin => token.Issuer == origin + clientPath))
            return "The token's iss is not this API.";
        if (!token.IsMeantFor(account.Audience))
            return "The token's aud is not this account.";
        proof = new(clientId, key, null);
        return null;
    }

    private string? RefuseForeign(JsonWebToken token, TrustedIssuer issuer)
    {
        if (token.KeyId is not { } keyId || issuer.FindKey(keyId) is not { } key)
            return "The token's issuer has no key with the token's kid.";
        return RefuseSignature(token, key) ?? (token.IsMeantFor(account.Origin) ? null : "The token's aud is not this account's API.");
    }

    private string? RefuseTimes(JsonWebToken token)
    {
        if (token.Expires is not { } expires)
            return "The token has no exp.";
        if (HasExpired(expires))
            return "The token has expired.";
        if (token.IssuedAt is not { } issued || issued > clock.GetUtcNow() + Leeway)
            return "The token's iat is missing or lies in the future.";
        if (token.NotBefore is { } notBefore && notBefore > clock.GetUtcNow() + Leeway)
            return "The token is not valid yet.";
        return null;
    }

    private static string? RefuseSignature(JsonWebToken token, VerificationKey key)
    {
        if (token.Algorithm != (key.Algorithm == KeyAlgorithm.EdDsa ? "EdDSA" : "RS256"))
            return "The token's alg is not that of its key.";
        return IsSignedBy(key, token) ? null : "The token's signature is wrong.";
    }

    private static bool IsSignedBy(VerificationKey key, JsonWebToken token)
    {
        if (key.Algorithm == KeyAlgorithm.EdDsa)
            return Ed25519Keys.Verify(key.RawEd25519, token.SignedBytes, token.Signature);
        using RSA rsa = key.OpenRsa();
        return rsa.VerifyData(token.SignedBytes, token.Signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }
}
