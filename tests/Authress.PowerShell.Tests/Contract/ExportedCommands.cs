using System.Management.Automation;
using System.Reflection;
using System.Text.RegularExpressions;
using Authress.PowerShell.Tests.Hosting;

namespace Authress.PowerShell.Tests.Contract;

/// <summary>
/// The commands that the module exports, read from its manifest, so that a new one is under every contract the moment
/// it is exported.
/// </summary>
internal static partial class ExportedCommands
{
    private static readonly Lazy<IReadOnlyDictionary<string, CmdletInfo>> Imported = new(Import);

    /// <summary>What the manifest says.</summary>
    public static IReadOnlyList<string> Cmdlets { get; } = ReadManifest("CmdletsToExport");

    public static IReadOnlyList<string> Aliases { get; } = ReadManifest("AliasesToExport");

    public static TheoryData<string> All => [.. Cmdlets];

    public static TheoryData<string> Connected => [.. Cmdlets.Where(name => Info(name).Parameters.ContainsKey("Connection"))];

    public static TheoryData<string> Changing => [.. Cmdlets.Where(name => IsChanging(Info(name)))];

    public static TheoryData<string> Reading => [.. Cmdlets.Where(name => !IsChanging(Info(name)))];

    public static CmdletInfo Info(string cmdlet) => Imported.Value[cmdlet];

    /// <summary>
    /// The rule: a cmdlet that has a connection and is not there to look changes something in Authress. Without a
    /// connection it can only change the session.
    /// </summary>
    public static bool IsChanging(CmdletInfo cmdlet) =>
        cmdlet.Parameters.ContainsKey("Connection") && cmdlet.Verb is not (VerbsCommon.Get or VerbsDiagnostic.Test);

    /// <summary>One of the module's two assemblies that scripts can see.</summary>
    public static Assembly Assembly(string name)
    {
        _ = Imported.Value;
        return Assert.Single(AppDomain.CurrentDomain.GetAssemblies(), assembly => assembly.GetName().Name == name);
    }

    // The session stays open: the descriptions of its commands are read as long as the tests run.
    private static Dictionary<string, CmdletInfo> Import() =>
        new Shell().Run("Get-Command -Module Authress -CommandType Cmdlet").Ok().Output
            .Select(command => Assert.IsType<CmdletInfo>(command.BaseObject))
            .ToDictionary(command => command.Name);

    private static string[] ReadManifest(string list)
    {
        string manifest = File.ReadAllText(Path.Combine(Shell.RepositoryRoot, "Authress.psd1"));
        Match block = Regex.Match(manifest, list + @"\s*=\s*@\(([^)]*)\)");
        return [.. Name().Matches(block.Groups[1].Value).Select(name => name.Groups[1].Value)];
    }

    [GeneratedRegex("'([^']+)'")]
    private static partial Regex Name();
}
