using System.Management.Automation;
using System.Management.Automation.Runspaces;
using Microsoft.PowerShell;

// Runs a script file in a new session, prints what it puts out, a line an object, and ends with 1 after any error.
InitialSessionState state = InitialSessionState.CreateDefault2();
if (OperatingSystem.IsWindows())
    state.ExecutionPolicy = ExecutionPolicy.Bypass;
using Runspace session = RunspaceFactory.CreateRunspace(state);
session.Open();
using PowerShell shell = PowerShell.Create(session);
shell.AddScript(File.ReadAllText(args[0]));
List<string> errors = [];
try
{
    foreach (PSObject output in shell.Invoke())
        Console.Out.WriteLine(output);
}
catch (RuntimeException e)
{
    errors.Add($"{e.ErrorRecord.FullyQualifiedErrorId}: {e}");
}

errors.AddRange(shell.Streams.Error.Select(error => $"{error.FullyQualifiedErrorId}: {error} {error.Exception}"));
errors.ForEach(Console.Error.WriteLine);
return errors.Count == 0 ? 0 : 1;
