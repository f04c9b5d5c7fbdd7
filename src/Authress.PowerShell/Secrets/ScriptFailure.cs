using System.Management.Automation;

namespace Authress.PowerShell.Secrets;

/// <summary>Turns the error of a script or a vault's command into an IOException with its own message.</summary>
internal static class ScriptFailure
{
    /// <summary>The exception of an error that was written.</summary>
    public static IOException From(ErrorRecord error) => From(error, error.Exception);

    /// <summary>The exception of an error that ended the script. The preference Stop wraps the cause, and hides its message.</summary>
    /// <param name="failure">An exception with an error record.</param>
    public static IOException From(Exception failure) => From(((IContainsErrorRecord)failure).ErrorRecord, failure);

    // In one line, since it becomes a part of a sentence.
    private static IOException From(ErrorRecord error, Exception cause) =>
        new(string.Join(" ", (error.ErrorDetails?.Message ?? error.Exception.Message).Split('\r', '\n').Select(line => line.Trim()).Where(line => line.Length > 0)), cause);
}
