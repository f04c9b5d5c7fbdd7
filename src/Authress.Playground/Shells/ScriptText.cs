using System.Text.RegularExpressions;

namespace Authress.Playground.Shells;

/// <summary>Makes the scripts that the shell runs.</summary>
internal static partial class ScriptText
{
    /// <summary>A script that imports the module and connects, and ends the shell if either fails.</summary>
    /// <remarks>One line: PowerShell shows no position for an error on a first line, which would be a line that the user did not type.</remarks>
    public static string OpenSession { get; } =
        $"& {{ $ErrorActionPreference = 'Stop'; Import-Module {Quoted(Repository.ModuleManifest)} -Global; Connect-Authress }}";

    /// <summary>A script that opens a session, runs another script in it, and exits with 1 if that wrote an error.</summary>
    public static string InSession(string script) => $"{OpenSession}\n& {{\n{File.ReadAllText(Path("Invoke-Script.ps1"))}\n}} {Quoted(script)}";

    /// <summary>A script that calls a file with arguments as typed on a command line.</summary>
    /// <remarks>
    /// A file's <c>exit</c> only sets <c>$?</c> and <c>$LASTEXITCODE</c> in the script that calls it, so that script exits with the same code.
    /// A native command's exit code in the middle of the file does not change <c>$?</c>.
    /// </remarks>
    public static string Call(string file, IEnumerable<string> arguments) =>
        $"& {Quoted(file)} {string.Join(' ', arguments.Select(Argument))}\nif (-not $? -and $LASTEXITCODE) {{ exit $LASTEXITCODE }}";

    /// <summary>One of the playground's own scripts.</summary>
    public static string Path(string name) => System.IO.Path.Combine(AppContext.BaseDirectory, "Scripts", name);

    // PowerShell treats typographic quotation marks as straight ones.
    private static string Quoted(string text) => $"'{QuotationMark().Replace(text, "$0$0")}'";

    // A parameter's name must stay bare to bind as one.
    private static string Argument(string argument) => ParameterName().IsMatch(argument) ? argument : Quoted(argument);

    [GeneratedRegex("['\u2018\u2019\u201a\u201b]")]
    private static partial Regex QuotationMark();

    [GeneratedRegex(@"^-[A-Za-z]\w*:?$")]
    private static partial Regex ParameterName();
}
