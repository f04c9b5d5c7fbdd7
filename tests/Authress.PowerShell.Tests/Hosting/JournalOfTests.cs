using System.Runtime.CompilerServices;

namespace Authress.PowerShell.Tests.Hosting;

/// <summary>Rotations of tests don't belong in the journal of the user who runs them.</summary>
internal static class JournalOfTests
{
    [ModuleInitializer]
    internal static void Redirect()
    {
        DirectoryInfo state = Directory.CreateTempSubdirectory("authress-tests-state-");
        Environment.SetEnvironmentVariable("XDG_STATE_HOME", state.FullName);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => state.Delete(recursive: true);
    }
}
