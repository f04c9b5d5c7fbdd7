using System.Collections;
using System.Globalization;
using System.Security;
using Authress.Client.AccessKeys;

namespace Authress.PowerShell.Secrets;

/// <summary>
/// What a vault keeps beside an access key, so that Connect-Authress needs only the secret's name. No part of it is secret.
/// </summary>
/// <param name="ClientId">The service client that the key belongs to.</param>
/// <param name="KeyId">The key's id.</param>
/// <param name="AccountId">The account; null if unknown.</param>
/// <param name="ApiUrl">The API URL; null if unknown.</param>
/// <param name="CreatedTime">When the key was created; null if unknown.</param>
internal sealed record KeyDescription(string? ClientId, string? KeyId, string? AccountId, string? ApiUrl, DateTimeOffset? CreatedTime)
{
    /// <summary>The description of a new key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="connection">The connection that created it.</param>
    public static KeyDescription Of(IssuedAccessKey key, Connection connection) =>
        new(key.ClientId, key.KeyId, connection.AccountId ?? AccountOf(key.AccessKey!), connection.ApiUrl.GetLeftPart(UriPartial.Authority), key.GenerationDate);

    /// <summary>Reads the metadata of a secret. A value that is missing or not text is unknown.</summary>
    public static KeyDescription Read(IDictionary metadata)
    {
        Dictionary<string, string> texts = new(StringComparer.OrdinalIgnoreCase);
        foreach (DictionaryEntry entry in metadata)
        {
            if (entry.Key is string name && Convert.ToString(entry.Value, CultureInfo.InvariantCulture) is { Length: > 0 } text)
                texts[name] = text;
        }

        string? Text(string name) => texts.TryGetValue(name, out string? text) ? text : null;
        return new(
            Text(Names.ClientId),
            Text(Names.KeyId),
            Text(Names.AccountId),
            Text(Names.ApiUrl),
            DateTimeOffset.TryParse(Text(Names.CreatedTime), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time) ? time : null);
    }

    /// <summary>Whether it may belong to an access key. A secret that was replaced without its metadata may be of another account.</summary>
    public bool MayDescribe(SecureString accessKey) => AccountId is null || AccountOf(accessKey) is not { } account || account == AccountId;

    /// <summary>The metadata of a secret. Vaults keep text.</summary>
    public Hashtable ToMetadata()
    {
        Hashtable metadata = [];
        Add(Names.ClientId, ClientId);
        Add(Names.KeyId, KeyId);
        Add(Names.AccountId, AccountId);
        Add(Names.ApiUrl, ApiUrl);
        Add(Names.CreatedTime, CreatedTime?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        return metadata;

        void Add(string name, string? value)
        {
            if (value is not null)
                metadata[name] = value;
        }
    }

    private static string? AccountOf(SecureString accessKey)
    {
        try
        {
            return AccessKeyCredential.Parse(accessKey).AccountId;
        }
        catch (FormatException)
        {
            // A form that this version doesn't know is saved nevertheless.
            return null;
        }
    }

    private static class Names
    {
        public const string ClientId = "clientId";
        public const string KeyId = "keyId";
        public const string AccountId = "accountId";
        public const string ApiUrl = "apiUrl";
        public const string CreatedTime = "createdTime";
    }
}
