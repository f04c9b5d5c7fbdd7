using System.Reflection;
#if NET
using System.Runtime.Loader;
#endif

namespace Authress.PowerShell.Loading;

/// <summary>
/// Loads the client library and everything it depends on from the module's own <c>dependencies</c> folder, separate
/// from PowerShell's and other modules' assemblies, so that versions don't conflict.
/// </summary>
/// <remarks>
/// Registered once per process and never removed, because other runspaces still need it when one removes the module.
/// </remarks>
internal static class IsolatedDependencies
{
    private const string ClientLibrary = "Authress.Client";

    private static readonly string Folder = Path.Combine(Path.GetDirectoryName(typeof(IsolatedDependencies).Assembly.Location)!, "dependencies");
    private static int _registered;

    public static void Register()
    {
        if (Interlocked.Exchange(ref _registered, 1) == 0)
            Hook();
    }

#if NET
    private static readonly DependencyContext Context = new();

    // Resolves only the client library, which PowerShell's context lacks by design.
    private static void Hook() => AssemblyLoadContext.Default.Resolving += static (_, name) =>
        name.Name == ClientLibrary ? Context.LoadFromAssemblyName(name) : null;

    private sealed class DependencyContext() : AssemblyLoadContext("Authress")
    {
        protected override Assembly? Load(AssemblyName assemblyName)
        {
            // One set of public types for scripts and client library alike: the one that PowerShell has loaded.
            if (assemblyName.Name == typeof(ServiceClient).Assembly.GetName().Name)
                return typeof(ServiceClient).Assembly;
            string path = Path.Combine(Folder, assemblyName.Name + ".dll");
            return File.Exists(path) ? LoadFromAssemblyPath(path) : null;
        }
    }
#else
    private static void Hook() => AppDomain.CurrentDomain.AssemblyResolve += static (_, request) =>
    {
        AssemblyName wanted = new(request.Name);
        Assembly? asking = request.RequestingAssembly;

        // Only for this module's own assemblies.
        bool isOurs = wanted.Name == ClientLibrary
            || (asking is { IsDynamic: false } && asking.Location.StartsWith(Folder, StringComparison.OrdinalIgnoreCase));
        if (!isOurs)
            return null;

        // One set of public types for scripts and client library alike, which lies outside the folder.
        if (wanted.Name == typeof(ServiceClient).Assembly.GetName().Name)
            return typeof(ServiceClient).Assembly;
        string path = Path.Combine(Folder, wanted.Name + ".dll");
        return File.Exists(path) ? Assembly.LoadFile(path) : null;
    };
#endif
}
