using System.Management.Automation;

namespace Authress.PowerShell.Secrets;

/// <summary>Runs a user's script that saves or reads a secret. An error in it and the exit code of a program are failures.</summary>
internal static class SecretScript
{
    /// <summary>Runs a script that saves a key, which is its first argument and <c>$_</c>.</summary>
    /// <exception cref="IOException">It failed.</exception>
    public static void Save(PSCmdlet cmdlet, ScriptBlock script, IssuedAccessKey key) => Run(cmdlet, script, key, [key]);

    /// <summary>Runs a script that reads a key. The client's id is its <c>$_</c>, and not an argument, for which it may have no parameter.</summary>
    /// <returns>Its output.</returns>
    /// <exception cref="IOException">It failed.</exception>
    public static IReadOnlyList<PSObject?> Read(PSCmdlet cmdlet, ScriptBlock script, string? clientId) => Run(cmdlet, script, clientId, []);

    private static IReadOnlyList<PSObject?> Run(PSCmdlet cmdlet, ScriptBlock script, object? value, object[] arguments)
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
            IReadOnlyList<PSObject?> output = script.InvokeWithContext(null, variables, arguments);
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
