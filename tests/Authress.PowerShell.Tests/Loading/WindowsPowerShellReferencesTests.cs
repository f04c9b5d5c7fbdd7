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
    public void References_only_shipped_or_framework_assemblies(string file)
    {
        string[] missing = [.. References(file).Where(name => !IsShipped(name) && !FrameworkFiles.Value.ContainsKey(name) && !(name == "System.Management.Automation" && file == "Authress.PowerShell.dll"))];
        Assert.Empty(missing);
        Assert.NotEmpty(References(file));
    }

    [Theory]
    [InlineData("Authress.PowerShell.dll")]
    [InlineData("Authress.Models.dll")]
    public void References_no_isolated_assembly_but_the_client_library(string file) =>
        Assert.DoesNotContain(References(file), name => name != "Authress.Client" && File.Exists(Path.Combine(Dependencies, name + ".dll")));

    [Theory]
    [MemberData(nameof(Shipped))]
    public void Uses_only_existing_types_and_members(string file)
    {
        (IReadOnlyList<string> missing, int found) = Check(Folder, Path.GetFileNameWithoutExtension(file));
        Assert.Empty(missing);
        Assert.True(found > 20, $"Only {found} names were looked up.");
    }

    [Fact]
    public void The_check_finds_missing_types_in_the_build_for_PowerShell_7()
    {
        (IReadOnlyList<string> missing, _) = Check(Path.Combine(Shell.ModuleFolder, "net8.0"), "Authress.Client");
        Assert.Contains("System.Net.Http: System.Net.Http.HttpRequestError", missing);
        Assert.Contains(missing, name => name.StartsWith("System.Net.Http: System.Net.Http.HttpContent: ReadAsStreamAsync: ", StringComparison.Ordinal));
    }

    // PowerShell's own assembly belongs to the machine; the compiler had its reference assembly before it.
    private static (IReadOnlyList<string> Missing, int Found) Check(string folder, string assembly)
    {
        Dictionary<string, string> files = new(FrameworkFiles.Value, StringComparer.OrdinalIgnoreCase);
        foreach (string shipped in Directory.EnumerateFiles(folder, "*.dll", SearchOption.AllDirectories))
            files[Path.GetFileNameWithoutExtension(shipped)] = shipped;
        using AssemblyReferences references = new(files);
        return references.Check(assembly, name => name != "System.Management.Automation");
    }

    private static bool IsShipped(string name) => File.Exists(Path.Combine(Folder, name + ".dll")) || File.Exists(Path.Combine(Dependencies, name + ".dll"));

    private static string[] References(string file)
    {
        using PEReader image = new(File.OpenRead(Path.Combine(Folder, file)));
        MetadataReader reader = image.GetMetadataReader();
        return [.. reader.AssemblyReferences.Select(reference => reader.GetString(reader.GetAssemblyReference(reference).Name))];
    }
}
