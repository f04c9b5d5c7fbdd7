using System.Management.Automation;
using System.Runtime.CompilerServices;

namespace Authress.PowerShell.Loading;

/// <summary>Called by PowerShell when the module is imported, before any cmdlet runs.</summary>
public sealed class ModuleInitializer : IModuleAssemblyInitializer
{
    /// <summary>Registers the resolver for this module's dependencies. Sends no request.</summary>
    public void OnImport()
    {
        IsolatedDependencies.Register();

        // Loads the types that scripts use, because a script may use one before any cmdlet runs.
        RuntimeHelpers.RunClassConstructor(typeof(ServiceClient).TypeHandle);
    }
}
