using System.Text.RegularExpressions;
using Authress.PowerShell.Tests.Hosting;

namespace Authress.PowerShell.Tests.Loading;

/// <summary>What ships: these files and no other. A new file is added here on purpose or not at all.</summary>
public sealed partial class ModuleFilesTests
{
    private static readonly string[] Everywhere =
    [
        "Authress.psd1",
        "Authress.format.ps1xml",
        "Authress.types.ps1xml",
        "LICENSE",
        "THIRD-PARTY-NOTICES.txt",
        "en-US/Authress.PowerShell.dll-Help.xml",
        "en-US/about_Authress.help.txt",
        "en-US/about_Authress_Bulk.help.txt",
        "en-US/about_Authress_Keys.help.txt",
        "en-US/about_Authress_Report.help.txt",
        "en-US/about_Authress_Rotation.help.txt",
        "en-US/about_Authress_Secrets.help.txt",
    ];

    private static readonly string[] ForPowerShell7 =
    [
        "Authress.PowerShell.dll",
        "Authress.Models.dll",
        "dependencies/Authress.Client.dll",
        "dependencies/BouncyCastle.Cryptography.dll",
        "dependencies/Polly.Core.dll",
        "dependencies/RestSharp.dll",
    ];

    private static readonly string[] ForWindowsPowerShell =
    [
        .. ForPowerShell7,
        "dependencies/Microsoft.Bcl.AsyncInterfaces.dll",
        "dependencies/Microsoft.Bcl.TimeProvider.dll",
        "dependencies/System.Buffers.dll",
        "dependencies/System.ComponentModel.Annotations.dll",
        "dependencies/System.IO.Pipelines.dll",
        "dependencies/System.Memory.dll",
        "dependencies/System.Numerics.Vectors.dll",
        "dependencies/System.Runtime.CompilerServices.Unsafe.dll",
        "dependencies/System.Text.Encodings.Web.dll",
        "dependencies/System.Text.Json.dll",
        "dependencies/System.Threading.Tasks.Extensions.dll",
    ];

    [Fact]
    public void Ships_the_files_on_the_list_and_no_other()
    {
        string[] expected = [.. Everywhere, .. ForPowerShell7.Select(f => "net8.0/" + f), .. ForWindowsPowerShell.Select(f => "net472/" + f)];
        string[] actual = [.. Directory.EnumerateFiles(Shell.ModuleFolder, "*", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(Shell.ModuleFolder, f).Replace('\\', '/'))];
        Assert.Equal(expected.Order(StringComparer.Ordinal), actual.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Ships_the_license_of_every_third_party_library()
    {
        string notices = File.ReadAllText(Path.Combine(Shell.ModuleFolder, "THIRD-PARTY-NOTICES.txt"));
        string[] packages = Array.FindAll(notices.Split("\n" + new string('=', 80) + "\n"), text => text.Contains(".dll", StringComparison.Ordinal));
        foreach (string file in ForWindowsPowerShell.Concat(ForPowerShell7).Select(Path.GetFileName).OfType<string>().Where(file => !file.StartsWith("Authress.", StringComparison.Ordinal)).Distinct())
        {
            string text = Assert.Single(packages.Skip(1), package => package.Split("\n\n")[0].Contains(": " + file, StringComparison.Ordinal));
            Assert.Matches("(?i)copyright|©", text);
            Assert.True(text.Length > 800, text);
        }

        Assert.Contains("The Legion of the Bouncy Castle", notices, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("App vNext", notices, StringComparison.Ordinal);
    }

    [Fact]
    public void Never_ships_PowerShells_own_assembly() =>
        Assert.Empty(Directory.EnumerateFiles(Shell.ModuleFolder, "System.Management.Automation*", SearchOption.AllDirectories));

    [Fact]
    public void Has_the_version_of_the_manifest_in_its_assemblies()
    {
        string version = VersionInManifest().Match(File.ReadAllText(Path.Combine(Shell.RepositoryRoot, "Authress.psd1"))).Groups[1].Value;
        foreach (string file in Directory.EnumerateFiles(Shell.ModuleFolder, "Authress.*.dll", SearchOption.AllDirectories))
            Assert.Equal(version + ".0", System.Reflection.AssemblyName.GetAssemblyName(file).Version!.ToString());
    }

    [GeneratedRegex(@"ModuleVersion\s*=\s*'([0-9.]+)'")]
    private static partial Regex VersionInManifest();
}
