using System.Globalization;
using System.Management.Automation;
using System.Security;
using Authress.Client;
using Authress.Client.AccessKeys;
using Authress.Client.Tokens;
using Authress.PowerShell.Errors;
using Authress.PowerShell.Secrets;

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

    public string? AccountId { get; private set; }

    /// <summary>The API URL that was kept beside the key; null if none was.</summary>
    public string? ApiUrl { get; private init; }

    private string? ClientId { get; }

    private string? KeyId { get; }

    /// <summary>An access key as text.</summary>
    /// <param name="accessKey">The key.</param>
    /// <param name="description">What a vault keeps beside it; null for nothing.</param>
    /// <exception cref="FormatException">The access key is invalid.</exception>
    public static ConnectionCredential FromKey(SecureString accessKey, KeyDescription? description = null)
    {
        ConnectionCredential credential = new(AccessKeyCredential.Parse(accessKey)) { ApiUrl = description?.ApiUrl };
        credential.AccountId ??= description?.AccountId;
        return credential;
    }

    /// <summary>The access key or token of the environment. Ends the cmdlet with an error if there is none.</summary>
    /// <param name="cmdlet">The cmdlet.</param>
    /// <exception cref="FormatException">The access key is invalid.</exception>
    /// <exception cref="ArgumentException">The token is invalid.</exception>
    public static ConnectionCredential FromEnvironment(PSCmdlet cmdlet)
    {
        string? text = Environment.GetEnvironmentVariable("AUTHRESS_KEY");
        if (string.IsNullOrWhiteSpace(text))
            cmdlet.ThrowTerminatingError(ErrorFactory.CredentialMissing());
        return AccessTokenClaims.IsToken(text!.Trim()) ? new ConnectionCredential(SecretText.Protect(text)) : new ConnectionCredential(AccessKeyCredential.Parse(text));
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
