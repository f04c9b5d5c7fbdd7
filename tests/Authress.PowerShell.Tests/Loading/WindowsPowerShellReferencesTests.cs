using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Authress.PowerShell.Tests.Hosting;

namespace Authress.PowerShell.Tests.Loading;

/// <summary>
/// The build for Windows PowerShell, read as data where there is no .NET Framework to run it: whatever it refers to is
/// shipped with it or belongs to .NET Framework 4.7.2 itself.
/// </summary>
public sealed class WindowsPowerShellReferencesTests
{
    private static readonly string Folder = Path.Combine(Shell.ModuleFolder, "net472");
    private static readonly string Dependencies = Path.Combine(Folder, "dependencies");

    private static readonly string Framework = typeof(Shell).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "NetFrameworkReferences").Value!;

    // By name, the file with the types that an assembly of the framework defines or passes on.
    private static readonly Lazy<Dictionary<string, string>> FrameworkFiles = new(() =>
        Directory.EnumerateFiles(Framework, "*.dll").Concat(Directory.EnumerateFiles(Path.Combine(Framework, "Facades"), "*.dll"))
            .ToDictionary(file => Path.GetFileNameWithoutExtension(file), file => file, StringComparer.OrdinalIgnoreCase));

    public static TheoryData<string> Shipped => [.. Directory.EnumerateFiles(Folder, "*.dll", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Folder, file))];

    [Theory]
    [MemberData(nameof(Shipped))]
    public void Refers_to_what_is_shipped_or_belongs_to_the_framework(string file)
    {
        string[] missing = [.. References(file).Where(name => !IsShipped(name) && !FrameworkFiles.Value.ContainsKey(name) && !(name == "System.Management.Automation" && file == "Authress.PowerShell.dll"))];
        Assert.Empty(missing);
        Assert.NotEmpty(References(file));
    }

    [Theory]
    [InlineData("Authress.PowerShell.dll")]
    [InlineData("Authress.Models.dll")]
    public void Refers_to_nothing_that_is_isolated_but_the_client_library(string file) =>
        Assert.DoesNotContain(References(file), name => name != "Authress.Client" && File.Exists(Path.Combine(Dependencies, name + ".dll")));

    [Theory]
    [MemberData(nameof(Shipped))]
    public void Uses_types_of_the_framework_that_it_has(string file)
    {
        using PEReader image = new(File.OpenRead(Path.Combine(Folder, file)));
        MetadataReader reader = image.GetMetadataReader();
        List<string> missing = [];
        foreach (TypeReference type in reader.TypeReferences.Select(reader.GetTypeReference))
        {
            if (type.ResolutionScope.Kind != HandleKind.AssemblyReference)
                continue;
            string assembly = reader.GetString(reader.GetAssemblyReference((AssemblyReferenceHandle)type.ResolutionScope).Name);
            string name = $"{reader.GetString(type.Namespace)}.{reader.GetString(type.Name)}";
            if (!IsShipped(assembly) && FrameworkFiles.Value.TryGetValue(assembly, out string? framework) && !TypesOf(framework).Contains(name))
                missing.Add($"{assembly}: {name}");
        }

        Assert.Empty(missing);
    }

    private static bool IsShipped(string name) => File.Exists(Path.Combine(Folder, name + ".dll")) || File.Exists(Path.Combine(Dependencies, name + ".dll"));

    private static string[] References(string file)
    {
        using PEReader image = new(File.OpenRead(Path.Combine(Folder, file)));
        MetadataReader reader = image.GetMetadataReader();
        return [.. reader.AssemblyReferences.Select(reference => reader.GetString(reader.GetAssemblyReference(reference).Name))];
    }

    private static HashSet<string> TypesOf(string file)
    {
        using PEReader image = new(File.OpenRead(file));
        MetadataReader reader = image.GetMetadataReader();
        return
        [
            .. reader.TypeDefinitions.Select(reader.GetTypeDefinition).Select(type => $"{reader.GetString(type.Namespace)}.{reader.GetString(type.Name)}"),
            .. reader.ExportedTypes.Select(reader.GetExportedType).Select(type => $"{reader.GetString(type.Namespace)}.{reader.GetString(type.Name)}"),
        ];
    }
}
