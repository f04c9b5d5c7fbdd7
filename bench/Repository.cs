using System.Reflection;
using System.Runtime.Loader;

namespace Authress.Bench;

/// <summary>Paths in the checkout that this program was built from.</summary>
internal static class Repository
{
    private static readonly string Root = Path.GetFullPath(Metadata("RepositoryRoot"));

    /// <summary>The committed report.</summary>
    public static string ReportFile { get; } = Path.Combine(Root, "docs", "benchmarks.md");

    /// <summary>The module as it ships.</summary>
    public static string Module { get; } = Path.Combine(Root, "artifacts", "Authress", "Authress.psd1");

    /// <summary>Folders with text.</summary>
    public static IReadOnlyList<string> TrackedFolders { get; } = [Path.Combine(Root, "src"), Path.Combine(Root, "docs"), Path.Combine(Root, "tests")];

    /// <summary>The folders of the module's assemblies for this .NET.</summary>
    public static IReadOnlyList<string> ModuleAssemblies { get; } =
    [
        Path.Combine(Root, "artifacts", "Authress", "net8.0"),
        Path.Combine(Root, "artifacts", "Authress", "net8.0", "dependencies"),
    ];

    /// <summary>Lets this process load the assemblies as they ship. Their types may be named only in methods that are called afterwards.</summary>
    public static void ResolveModuleAssemblies() => AssemblyLoadContext.Default.Resolving += static (context, name) => ModuleAssemblies
        .Select(folder => Path.Combine(folder, name.Name + ".dll"))
        .Where(File.Exists)
        .Select(context.LoadFromAssemblyPath)
        .FirstOrDefault();

    /// <summary>The tests' stand-in for SecretManagement, which keeps secrets in a folder.</summary>
    public static string StandInVaults { get; } = Path.Combine(Root, "tests", "StandIns", "Microsoft.PowerShell.SecretManagement", "Microsoft.PowerShell.SecretManagement.psd1");

    /// <summary>The empty module.</summary>
    public static string EmptyModule { get; } = Path.GetFullPath(Metadata("EmptyModule"));

    private static string Metadata(string key) =>
        typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;
}
