using System.Management.Automation;

namespace Authress.PowerShell.Secrets;

/// <summary>Turns the error of a script or a vault's command into an IOException with its own message.</summary>
internal static class ScriptFailure
{
    /// <summary>The exception of an error that was written.</summary>
    public static IOException From(ErrorRecord error) => From(error, error.Exception);

    /// <summary>The exception of an error that ended the script. The preference Stop wraps the cause, and hides its message.</summary>
    public static IOException From(RuntimeException failure) => From(failure.ErrorRecord, failure);

    private static IOException From(ErrorRecord error, Exception cause) => new(error.ErrorDetails?.Message ?? error.Exception.Message, cause);
}
