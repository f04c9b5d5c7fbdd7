using System.Management.Automation;
using System.Management.Automation.Host;
using Authress.PowerShell.Display;
using Authress.PowerShell.Errors;

namespace Authress.PowerShell.Pipeline;

/// <summary>Asks PowerShell whether to make a change: -WhatIf, -Confirm and the preference variables.</summary>
internal static class Confirmation
{
    /// <summary>Whether to make the change.</summary>
    /// <param name="cmdlet">The cmdlet.</param>
    /// <param name="caption">The action, in a few words.</param>
    /// <param name="description">What is done, shown under -WhatIf and -Verbose.</param>
    /// <param name="query">The question.</param>
    /// <param name="values">The values of the placeholders in both.</param>
    public static bool ShouldDo(this Cmdlet cmdlet, string caption, string description, string query, params object[] values)
    {
        string action = CommandText.Format(description, values);
        try
        {
            return cmdlet.ShouldProcess(action, CommandText.Format(query, values), caption);
        }
        catch (Exception e) when (e is HostException or InvalidOperationException or NotImplementedException or NullReferenceException)
        {
            // What a host throws that can't ask; the console's is a NullReferenceException where its input has ended.
            cmdlet.ThrowTerminatingError(ErrorFactory.ConfirmationImpossible(action));
            throw;
        }
    }
}
