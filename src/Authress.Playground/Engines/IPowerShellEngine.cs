using Authress.Playground.Accounts;

namespace Authress.Playground.Engines;

/// <summary>A PowerShell that opens a session with the module imported and connected to an account.</summary>
internal interface IPowerShellEngine
{
    /// <summary>Runs a script in a session of its own, and prints what a shell would print.</summary>
    /// <returns>The code the script exits with; 1 where an error was written or thrown; else 0.</returns>
    int Run(Account account, string script);

    /// <summary>Leaves a prompt until the person at the terminal has had enough.</summary>
    /// <returns>The code that the session was exited with.</returns>
    int Prompt(Account account);
}
