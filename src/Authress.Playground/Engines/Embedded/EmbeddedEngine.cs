using Authress.Playground.Accounts;

namespace Authress.Playground.Engines.Embedded;

/// <summary>System.Management.Automation in this process.</summary>
internal sealed class EmbeddedEngine : IPowerShellEngine
{
    public int Run(Account account, string script)
    {
        PutInEnvironment(account);
        using var session = EmbeddedSession.Open();
        bool completed = session.Invoke(ScriptText.InSession(script));
        return session.RequestedExitCode ?? (completed ? ExitCode.Success : ExitCode.Failure);
    }

    public int Prompt(Account account)
    {
        PutInEnvironment(account);
        using var session = EmbeddedSession.Open();
        if (!session.Invoke(ScriptText.OpenSession))
            return ExitCode.Failure;

        return new Prompt(session).Run();
    }

    // The session is this process, so the account is in nobody's environment but its own.
    private static void PutInEnvironment(Account account)
    {
        Environment.SetEnvironmentVariable(Account.ApiUrlVariable, account.ApiUrl);
        Environment.SetEnvironmentVariable(Account.AccessKeyVariable, account.AccessKey);
    }
}
