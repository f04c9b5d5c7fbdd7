using System.Management.Automation;
using System.Net;
using Authress.Client;
using Authress.Client.Connections;
using Authress.PowerShell.Errors;

namespace Authress.PowerShell.Connections;

/// <summary>Chooses the API URL: the specified one, or that of the environment, or the account's own.</summary>
internal static class ApiUrlResolver
{
    /// <summary>The URL. Ends the cmdlet with an error if there is none or it can't be used.</summary>
    /// <param name="cmdlet">The cmdlet.</param>
    /// <param name="given">The parameter's value.</param>
    /// <param name="accountId">The account, if it is known.</param>
    public static Uri Resolve(PSCmdlet cmdlet, string? given, string? accountId)
    {
        string? text = given ?? Environment.GetEnvironmentVariable("AUTHRESS_API_URL");
        if (string.IsNullOrWhiteSpace(text) && accountId is not null)
            text = AuthressAccount.ApiUrl(WebUtility.UrlEncode(accountId));
        if (string.IsNullOrWhiteSpace(text))
            cmdlet.ThrowTerminatingError(ErrorFactory.ApiUrlMissing());
        try
        {
            return ApiUrl.Parse(text!);
        }
        catch (FormatException e)
        {
            cmdlet.ThrowTerminatingError(ErrorFactory.InvalidApiUrl(text!, e));
            throw;
        }
    }
}
