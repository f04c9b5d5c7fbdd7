using System.Management.Automation;
using System.Net;
using Authress.Client;
using Authress.PowerShell.Errors;
using AddressRules = Authress.Client.Connections.ApiUrl;

namespace Authress.PowerShell.Connections;

/// <summary>Finds out where to connect to: what is given, else the environment's address, else the account's own.</summary>
internal static class ApiAddress
{
    /// <summary>The address. Ends the cmdlet with an error where there is none or it can't be used.</summary>
    /// <param name="cmdlet">The cmdlet that asks.</param>
    /// <param name="given">What its user gave.</param>
    /// <param name="accountId">The account, where it is known.</param>
    public static Uri Resolve(PSCmdlet cmdlet, string? given, string? accountId)
    {
        string? text = given ?? Environment.GetEnvironmentVariable("AUTHRESS_API_URL");
        if (string.IsNullOrWhiteSpace(text) && accountId is not null)
            text = AuthressAccount.ApiUrl(WebUtility.UrlEncode(accountId));
        if (string.IsNullOrWhiteSpace(text))
            cmdlet.ThrowTerminatingError(ErrorFactory.ApiUrlMissing());
        try
        {
            return AddressRules.Parse(text!);
        }
        catch (FormatException e)
        {
            cmdlet.ThrowTerminatingError(ErrorFactory.InvalidApiUrl(text!, e));
            throw;
        }
    }
}
