using System.Security.Cryptography;
using System.Text.Json;
using Authress.Emulator.ServiceClients;
using Authress.Emulator.Storage;

namespace Authress.Emulator.AccessKeys;

/// <summary>Issues access keys to clients. A secret is returned only once.</summary>
internal sealed class AccessKeyIssuer(Account account, ClientStore clients, TimeProvider clock)
{
    private const int LegacyKeyBits = 2048;

    /// <summary>Generates a pair. The emulator keeps only the public half.</summary>
    public KeyIssue Generate(string clientId)
    {
        (string privateKey, string publicKey) = Ed25519Keys.Generate();
        (KeyAddition outcome, VerificationKey key) = Add(clientId, publicKey, KeyAlgorithm.EdDsa);
        return new(outcome, key, outcome == KeyAddition.Added ? account.AccessKeyString(clientId, key.KeyId, privateKey) : null);
    }

    /// <summary>Registers the caller's public key. There is no secret to return.</summary>
    public KeyIssue Adopt(string clientId, string publicKey)
    {
        (KeyAddition outcome, VerificationKey key) = Add(clientId, publicKey, KeyAlgorithm.EdDsa);
        return new(outcome, key, null);
    }

    /// <summary>Issues an RSA key in the older form: base64 of a JSON object with a PEM key.</summary>
    public KeyIssue GenerateLegacy(string clientId, RSA? rsa)
    {
        using RSA? own = rsa is null ? RSA.Create(LegacyKeyBits) : null;
        RSA pair = rsa ?? own!;
        (KeyAddition outcome, VerificationKey key) =
            Add(clientId, Convert.ToBase64String(pair.ExportSubjectPublicKeyInfo()), KeyAlgorithm.Rs256);
        byte[] legacy = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string>
        {
            ["audience"] = account.Audience,
            ["clientId"] = clientId,
            ["keyId"] = key.KeyId,
            ["privateKey"] = pair.ExportPkcs8PrivateKeyPem(),
        });
        return new(outcome, key, outcome == KeyAddition.Added ? Convert.ToBase64String(legacy) : null);
    }

    private (KeyAddition Outcome, VerificationKey Key) Add(string clientId, string publicKey, KeyAlgorithm algorithm)
    {
        while (true)
        {
            VerificationKey key = new(Identifiers.NewKeyId(), publicKey, clock.GetUtcNow(), algorithm);
            KeyAddition outcome = clients.AddKey(clientId, key);
            if (outcome != KeyAddition.DuplicateKeyId)
                return (outcome, key);
        }
    }
}

/// <summary>The result of a request for a key, with the secret if the emulator generated one.</summary>
internal sealed record KeyIssue(KeyAddition Outcome, VerificationKey Key, string? AccessKey);
