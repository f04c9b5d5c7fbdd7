using System.Management.Automation;
using System.Runtime.CompilerServices;

namespace Authress.PowerShell.Loading;

/// <summary>Called by PowerShell when the module is imported, before any cmdlet runs.</summary>
public sealed class ModuleInitializer : IModuleAssemblyInitializer
{
    /// <summary>Makes this module's dependencies loadable. Sends no request.</summary>
    public void OnImport()
    {
        IsolatedDependencies.Register();

        // Loads the types that scripts name: a script may begin with one, before any cmdlet runs.
        RuntimeHelpers.RunClassConstructor(typeof(ServiceClient).TypeHandle);
    }
}
