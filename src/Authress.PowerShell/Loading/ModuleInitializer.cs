using System.Management.Automation;
using System.Runtime.CompilerServices;
using Authress.PowerShell.Connections;

namespace Authress.PowerShell.Loading;

/// <summary>Called by PowerShell when the module is imported, before any cmdlet runs, and when it is removed.</summary>
public sealed class ModuleInitializer : IModuleAssemblyInitializer, IModuleAssemblyCleanup
{
    /// <summary>Registers the resolver for this module's dependencies. Sends no request.</summary>
    public void OnImport()
    {
        IsolatedDependencies.Register();

        // Loads the types that scripts use, because a script may use one before any cmdlet runs.
        RuntimeHelpers.RunClassConstructor(typeof(ServiceClient).TypeHandle);
    }

    /// <summary>Disconnects the session: a removed module leaves nothing behind that can sign.</summary>
    /// <param name="psModuleInfo">The module.</param>
    public void OnRemove(PSModuleInfo psModuleInfo) => SessionConnection.RemoveCurrent();
}
