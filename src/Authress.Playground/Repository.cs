using System.Reflection;

namespace Authress.Playground;

/// <summary>The checkout that this playground was built from.</summary>
internal static class Repository
{
    /// <summary>The manifest of the module as it ships.</summary>
    public static string ModuleManifest { get; } = Path.Combine(Root(), "artifacts", "Authress", "Authress.psd1");

    private static string Root() =>
        Path.GetFullPath(Assembly.GetExecutingAssembly().GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(attribute => attribute.Key == "RepositoryRoot").Value!);
}
