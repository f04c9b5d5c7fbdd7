using System.Security;
using Authress.Client;
using Authress.Client.AccessKeys;
using Authress.PowerShell.Connections;

namespace Authress.PowerShell.AccessKeys;

/// <summary>Tests whether a text is an access key, who it belongs to, and whether it works.</summary>
/// <param name="command">The cmdlet, which waits for the request.</param>
/// <param name="connection">The connection whose proxy and bounds to use; null for none.</param>
/// <param name="apiUrl">The API URL; null for that of the connection, the environment or the account.</param>
internal sealed class AccessKeyTest(AuthressCommand command, Connection? connection, string? apiUrl)
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

    private AccessKeyTestResult Run(AccessKeyCredential key)
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
            Probe(api, result);
        }
        catch (ArgumentException e)
        {
            // An older key does not name its account, so it needs a connection that does.
            result.Message = e.Message;
        }

        return result;
    }

    private void Probe(AuthressApi api, AccessKeyTestResult result)
    {
        try
        {
            result.StatusCode = command.Read((client, cancellation) => client.ProbeAsync(cancellation), api).StatusCode;
            result.Works = true;
        }
        catch (AuthressApiException e)
        {
            result.StatusCode = e.StatusCode;
            (result.Works, result.Message) = e.StatusCode switch
            {
                // A client without permission to list has still been authenticated.
                403 or 404 when e.IsAuthressError => (true, Messages.KeyWithoutAccess),
                401 => (false, Messages.KeyRefused),
                _ => ((bool?)null, e.Message),
            };
        }
    }
}
