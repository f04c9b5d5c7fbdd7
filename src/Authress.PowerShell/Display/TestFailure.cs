using System.ComponentModel;
using System.Management.Automation;

namespace Authress.PowerShell.Display;

/// <summary>
/// The exception behind a failed test of a connection, which the types file attaches to the result as a hidden property: in JSON
/// it would be nested too deeply. Public for the types file; not meant for scripts.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class TestFailure
{
    /// <summary>The exception; null if the test did not fail.</summary>
    /// <param name="result">The result of the test.</param>
    public static AuthressApiException? Get(PSObject result) => (result?.BaseObject as ConnectionTestResult)?.Exception;
}
