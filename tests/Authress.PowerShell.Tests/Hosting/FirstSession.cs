using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;

namespace Authress.PowerShell.Tests.Hosting;

/// <summary>The first PowerShell session of the test process, created before any test runs.</summary>
internal static class FirstSession
{
    // The first session fills the engine's table of providers. The engine doesn't lock it: a session created at the same
    // time in another test would have no file system, and Test-ModuleManifest would throw a NullReferenceException.
    [ModuleInitializer]
    internal static void Create() => InitialSessionState.CreateDefault2();
}
