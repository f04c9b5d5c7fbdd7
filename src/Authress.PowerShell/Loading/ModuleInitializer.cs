using System.Management.Automation;
using System.Runtime.CompilerServices;

namespace Authress.PowerShell.Loading;

/// <summary>Called by PowerShell when the module is imported, before any cmdlet runs.</summary>
public sealed class ModuleInitializer : IModuleAssemblyInitializer
{
    /// <summary>Makes this module's dependencies loadable. Nothing is asked of the network.</summary>
    public void OnImport()
    {
        IsolatedDependencies.Register();

        // Loads the assembly of the types that scripts name, which else would be loaded only by the first cmdlet: a script
        // may begin with one of them.
        RuntimeHelpers.RunClassConstructor(typeof(ServiceClient).TypeHandle);
    }
}
