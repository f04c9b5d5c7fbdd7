using System.Collections;
using System.Management.Automation;

namespace Authress.PowerShell.Secrets;

/// <summary>
/// The session's <c>$Error</c>. PowerShell adds every error of a script or a command to it, also one that the cmdlet handles
/// and that does not concern the user.
/// </summary>
internal sealed class SessionErrors
{
    private readonly ArrayList? _errors;
    private readonly object? _newest;

    /// <summary>Notes the newest error.</summary>
    /// <param name="cmdlet">The cmdlet.</param>
    public SessionErrors(PSCmdlet cmdlet)
    {
        _errors = cmdlet.SessionState.PSVariable.GetValue("global:Error") as ArrayList;
        _newest = _errors is { Count: > 0 } ? _errors[0] : null;
    }

    /// <summary>Adds an error that can't be written any more, where its target must not be lost.</summary>
    public void Keep(ErrorRecord error) => _errors?.Insert(0, error);

    /// <summary>Removes the errors that were added since. The newest is first in the list.</summary>
    public void RemoveNewer()
    {
        while (_errors is { Count: > 0 } && !ReferenceEquals(_errors[0], _newest))
            _errors.RemoveAt(0);
    }
}
