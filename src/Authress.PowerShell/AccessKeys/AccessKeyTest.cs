using System.Security;
using Authress.Client;
using Authress.Client.AccessKeys;
using Authress.PowerShell.Connections;

namespace Authress.PowerShell.AccessKeys;

/// <summary>Tests whether a text is an access key, who it belongs to, and whether it works.</summary>
/// <param name="command">The cmdlet, which waits for the requests.</param>
/// <param name="connection">The connection whose proxy and bounds to use; null for none.</param>
/// <param name="apiUrl">The API URL; null for that of the connection, the environment or the account.</param>
/// <param name="wait">How long to wait until the key works.</param>
internal sealed class AccessKeyTest(AuthressCommand command, Connection? connection, string? apiUrl, TimeSpan wait)
{
    /// <summary>Tests a key.</summary>
    public AccessKeyTestResult Run(SecureString accessKey)
    {
        try
        {
            return Run(AccessKeyCredential.Parse(accessKey));
        }
        catch (FormatException e)
        {
            return new AccessKeyTestResult(isWellFormed: false) { Works = false, Message = e.Message };
        }
    }

    /// <summary>Tests a key.</summary>
    public AccessKeyTestResult Run(AccessKeyCredential key)
    {
        AccessKeyTestResult result = new(isWellFormed: true)
        {
            ClientId = key.ClientId,
            KeyId = key.KeyId,
            AccountId = AuthressAccount.Resolve(key.AccountId, connection?.AccountId),
            ApiUrl = apiUrl is null && connection is not null ? connection.ApiUrl : ApiUrlResolver.Resolve(command, apiUrl, key.AccountId),
        };
        try
        {
            using AuthressApi api = connection is not null
                ? ((AuthressApi)connection.Client).WithAccessKey(key, result.ApiUrl, result.AccountId)
                : new AuthressApi(new AuthressApiOptions { ApiUrl = result.ApiUrl, AccessKey = key, AccountId = result.AccountId, ReadOnly = true });
            AccessKeyProof proof = command.Read((subject, cancellation) => subject.ProveAccessKeyAsync(Observer(result.ApiUrl), wait, cancellation), api);
            (result.Works, result.StatusCode, result.IsRegistered, result.Message) = (proof.Works, proof.StatusCode, proof.IsRegistered, proof.Message);
        }
        catch (ArgumentException e)
        {
            // An older key does not name its account, so it needs a connection that does.
            result.Message = e.Message;
        }

        return result;
    }

    // The connection may see the key's client, at the same URL.
    private AuthressApi? Observer(Uri tested) => connection is not null && connection.ApiUrl == tested ? command.Attach() : null;
}
