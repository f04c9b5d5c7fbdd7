using System.Text.RegularExpressions;

namespace Authress.Playground.Shells;

/// <summary>Makes the scripts that the shell runs.</summary>
internal static partial class ScriptText
{
    /// <summary>A script that imports the module and connects; where it can't, the shell ends.</summary>
    /// <remarks>One line: PowerShell shows an error on a first line without its position, and nobody typed this.</remarks>
    public static string OpenSession { get; } =
        $"& {{ $ErrorActionPreference = 'Stop'; Import-Module {Quoted(Repository.ModuleManifest)} -Global; Connect-Authress }}";

    /// <summary>A script that opens a session, runs another script in it, and exits 1 where that wrote an error.</summary>
    public static string InSession(string script) => $"{OpenSession}\n& {{\n{File.ReadAllText(Path("Invoke-Script.ps1"))}\n}} {Quoted(script)}";

    /// <summary>A script that calls a file with arguments as they were typed on a command line.</summary>
    /// <remarks>
    /// To a script that calls it, a file's <c>exit</c> is no more than a failed command and a number, so it is exited once more.
    /// A native command's exit code in the middle of the file leaves <c>$?</c> alone.
    /// </remarks>
    public static string Call(string file, IEnumerable<string> arguments) =>
        $"& {Quoted(file)} {string.Join(' ', arguments.Select(Argument))}\nif (-not $? -and $LASTEXITCODE) {{ exit $LASTEXITCODE }}";

    /// <summary>One of the playground's own scripts.</summary>
    public static string Path(string name) => System.IO.Path.Combine(AppContext.BaseDirectory, "Scripts", name);

    // PowerShell takes the typographic quotation marks for its own.
    private static string Quoted(string text) => $"'{QuotationMark().Replace(text, "$0$0")}'";

    // A parameter's name must stay bare to bind as one.
    private static string Argument(string argument) => ParameterName().IsMatch(argument) ? argument : Quoted(argument);

    [GeneratedRegex("['\u2018\u2019\u201a\u201b]")]
    private static partial Regex QuotationMark();

    [GeneratedRegex(@"^-[A-Za-z]\w*:?$")]
    private static partial Regex ParameterName();
}
