using Authress.Emulator.AccessKeys;

namespace Authress.Emulator.Storage;

/// <summary>
/// The account, and the administrator whose access key is printed at the start, with the public half of that key to
/// restore it after a reset or a restart.
/// </summary>
internal sealed record Account(string AccountId, string AdminClientId, VerificationKey AdminKey, string AdminAccessKey)
{
    public const string AdminName = "Emulator administrator";

    /// <summary>The audience of every token for this account.</summary>
    public string Audience => AudienceOf(AccountId);

    /// <summary>The account's own origin: the start of an issuer, and the audience of a trusted issuer's tokens.</summary>
    public string Origin => $"https://{AccountId}.api.authress.io";

    /// <summary>The audience of every token for the account with this id.</summary>
    public static string AudienceOf(string accountId) => $"{accountId}.accounts.authress.io";

    public static Account Create(DateTimeOffset now)
    {
        (string privateKey, string publicKey) = Ed25519Keys.Generate();
        string accountId = Identifiers.NewAccountId();
        string clientId = Identifiers.NewClientId();
        VerificationKey key = new(Identifiers.NewKeyId(), publicKey, now, KeyAlgorithm.EdDsa);
        return new(accountId, clientId, key, AccessKeyString(clientId, key.KeyId, accountId, privateKey));
    }

    public string AccessKeyString(string clientId, string keyId, string privateKey) =>
        AccessKeyString(clientId, keyId, AccountId, privateKey);

    private static string AccessKeyString(string clientId, string keyId, string accountId, string privateKey) =>
        string.Join('.', clientId, keyId, accountId, privateKey);
}
