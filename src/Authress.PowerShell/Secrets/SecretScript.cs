using System.Management.Automation;

namespace Authress.PowerShell.Secrets;

/// <summary>Runs a user's script that saves or reads a secret. An error in it and the exit code of a program are failures.</summary>
internal static class SecretScript
{
    /// <summary>Runs the script.</summary>
    /// <param name="cmdlet">The cmdlet.</param>
    /// <param name="script">The script. The value is its first argument and <c>$_</c>.</param>
    /// <param name="value">The value; null for none.</param>
    /// <returns>Its output.</returns>
    /// <exception cref="IOException">It failed.</exception>
    public static IReadOnlyList<PSObject?> Run(PSCmdlet cmdlet, ScriptBlock script, object? value)
    {
        List<PSVariable> variables =
        [
            new("_", value),
            new("ErrorActionPreference", ActionPreference.Stop),
            new("PSNativeCommandUseErrorActionPreference", true),
            new("WhatIfPreference", false),
        ];
#if !NET
        cmdlet.SessionState.PSVariable.Set("global:LASTEXITCODE", 0);
#endif
        try
        {
            IReadOnlyList<PSObject?> output = script.InvokeWithContext(null, variables, value is null ? [] : [value]);
#if !NET
            // Windows PowerShell does not make an error of it.
            if (cmdlet.SessionState.PSVariable.GetValue("global:LASTEXITCODE") is int code and not 0)
                throw new IOException(InvariantText.Format(Messages.ScriptExitCode, code));
#endif
            return output;
        }
        catch (FlowControlException)
        {
            // Otherwise it would end the loop or the session that called the cmdlet, and lose the secret of a new key.
            throw new IOException(Messages.ScriptLeft);
        }
        catch (Exception e) when (e is IContainsErrorRecord and not PipelineStoppedException)
        {
            // Not only a RuntimeException: a script that can't be invoked with the key ends in others.
            throw ScriptFailure.From(e);
        }
    }
}
