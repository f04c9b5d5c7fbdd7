using System.Globalization;
using System.Management.Automation;
using System.Security;
using Authress.Client;
using Authress.Client.AccessKeys;
using Authress.Client.Tokens;
using Authress.PowerShell.Errors;

namespace Authress.PowerShell.Connections;

/// <summary>The credential of a connection, with its identity if that is known.</summary>
internal sealed class ConnectionCredential
{
    /// <summary>An access key.</summary>
    public ConnectionCredential(AccessKeyCredential key)
    {
        AccessKey = key;
        (AccountId, ClientId, KeyId) = (key.AccountId, key.ClientId, key.KeyId);
    }

    /// <summary>An access token.</summary>
    public ConnectionCredential(SecureString token)
    {
        AccessToken = token;
        if (AccessTokenClaims.Read(SecretText.Reveal(token)) is { } claims)
            (AccountId, ClientId, KeyId) = (claims.AccountId, claims.ClientId, claims.KeyId);
    }

    public AccessKeyCredential? AccessKey { get; }

    public SecureString? AccessToken { get; }

    public string? AccountId { get; }

    private string? ClientId { get; }

    private string? KeyId { get; }

    /// <summary>The specified credential, or the access key or token of the environment. Ends the cmdlet with an error if there is neither.</summary>
    /// <param name="cmdlet">The cmdlet.</param>
    /// <param name="accessToken">-AccessToken.</param>
    /// <param name="accessKey">-AccessKey.</param>
    /// <param name="keyFile">-KeyFile.</param>
    /// <exception cref="FormatException">The access key is invalid.</exception>
    /// <exception cref="ArgumentException">The token is invalid.</exception>
    public static ConnectionCredential Read(PSCmdlet cmdlet, SecureString? accessToken, SecureString? accessKey, string? keyFile)
    {
        if (accessToken is not null)
            return new ConnectionCredential(accessToken);
        if (accessKey is not null)
            return new ConnectionCredential(AccessKeyCredential.Parse(accessKey));
        string? key = keyFile is null ? Environment.GetEnvironmentVariable("AUTHRESS_KEY") : KeyFile.Read(cmdlet, keyFile);
        if (keyFile is null && string.IsNullOrWhiteSpace(key))
            cmdlet.ThrowTerminatingError(ErrorFactory.CredentialMissing());
        return keyFile is null && AccessTokenClaims.IsToken(key!.Trim())
            ? new ConnectionCredential(SecretText.Protect(key))
            : new ConnectionCredential(AccessKeyCredential.Parse(key!));
    }

    /// <summary>Creates the connection. Sends no request.</summary>
    /// <param name="options">The URL, credential and limits.</param>
    public Connection Connect(AuthressApiOptions options)
    {
        AuthressApi api = new(options);

        // In the background, while the caller prepares its first request.
        api.WarmUp();
        return new Connection(options.ApiUrl, AccessKey is null ? AuthenticationMethod.AccessToken : AuthenticationMethod.AccessKey, api)
        {
            AccountId = options.AccountId,
            ClientId = ClientId,
            KeyId = KeyId,
            ReadOnly = options.ReadOnly,
            Timeout = options.Timeout,
        };
    }

    /// <summary>The account to connect to: the specified one, which must be the credential's own if that is known.</summary>
    /// <exception cref="ArgumentException">The credential belongs to another account.</exception>
    public string? ChooseAccount(string? given)
    {
        if (given is not null && Redaction.Finds(given))
            throw new ArgumentException(Messages.CredentialMisplaced);
        if (given is not null && AccountId is not null && given != AccountId)
            throw new ArgumentException(string.Format(CultureInfo.CurrentCulture, Messages.OtherAccount, given, AccountId));
        return AuthressAccount.Resolve(AccountId, given);
    }
}
