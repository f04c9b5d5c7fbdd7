using System.Management.Automation;

namespace Authress.PowerShell.Loading;

/// <summary>Called by PowerShell when the module is imported, before any cmdlet runs.</summary>
public sealed class ModuleInitializer : IModuleAssemblyInitializer
{
    /// <summary>Makes this module's dependencies loadable. Touches neither disk nor network.</summary>
    public void OnImport() => IsolatedDependencies.Register();
}
