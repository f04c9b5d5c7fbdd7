using System.Management.Automation;
using System.Net;
using System.Security;
using Authress.Emulator.ServiceClients;
using NSec.Cryptography;

namespace Authress.Chaos;

/// <summary>Verifies that a secret belongs to an existing key.</summary>
internal static class Secrets
{
    /// <summary>The public half of a new pair.</summary>
    public static string NewPublicKey()
    {
        using Key pair = Key.Create(SignatureAlgorithm.Ed25519);
        return Convert.ToBase64String(pair.PublicKey.Export(KeyBlobFormat.PkixPublicKey));
    }

    /// <summary>What is wrong with a returned key; null if it is one of the client's and has its secret.</summary>
    /// <param name="key">The key.</param>
    /// <param name="client">The client, as it is stored.</param>
    /// <param name="isRegistered">Whether its private key was never here.</param>
    public static string? Problem(PSObject key, ServiceClientSnapshot? client, bool isRegistered)
    {
        string keyId = Reported.Text(key, "KeyId");
        VerificationKeySnapshot? there = client?.Keys.SingleOrDefault(one => one.KeyId == keyId);
        if (there is null)
            return $"there is no key '{keyId}'";
        if (Reported.Text(key, "PublicKey") != there.PublicKey)
            return $"the public key of '{keyId}' is that of another key";
        if (isRegistered)
            return key.Properties["AccessKey"] is null ? null : $"'{keyId}' came with a secret";
        if (key.Properties["AccessKey"]?.Value is not SecureString secret)
            return $"'{keyId}' came without its secret";
        string[] parts = new NetworkCredential(string.Empty, secret).Password.Split('.');
        if (parts.Length != 4 || parts[0] != client!.ClientId || parts[1] != keyId)
            return $"'{keyId}' is not the key that its secret names";
        using Key pair = Key.Import(SignatureAlgorithm.Ed25519, Convert.FromBase64String(parts[3]), KeyBlobFormat.PkixPrivateKey);
        return Convert.ToBase64String(pair.PublicKey.Export(KeyBlobFormat.PkixPublicKey)) == there.PublicKey ? null : $"the secret of '{keyId}' is that of another key";
    }
}
