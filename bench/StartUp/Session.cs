using System.Management.Automation.Runspaces;
using Microsoft.PowerShell;

namespace Authress.Bench.StartUp;

/// <summary>Sessions with the defaults of a shell.</summary>
internal static class Session
{
    public static InitialSessionState State()
    {
        InitialSessionState state = InitialSessionState.CreateDefault2();
        state.ThrowOnRunspaceOpenError = true;
        if (OperatingSystem.IsWindows())
            state.ExecutionPolicy = ExecutionPolicy.Bypass;
        return state;
    }
}
