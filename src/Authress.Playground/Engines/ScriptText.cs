using System.Management.Automation.Language;
using System.Reflection;
using System.Text.RegularExpressions;

namespace Authress.Playground.Engines;

/// <summary>Makes the scripts that both engines run alike.</summary>
internal static partial class ScriptText
{
    /// <summary>A script that imports the module and connects; where it can't, it ends what it is a part of.</summary>
    /// <remarks>It is one line, for an error on a first line is shown without its position, and nobody typed this.</remarks>
    public static string OpenSession { get; } =
        $"& {{ $ErrorActionPreference = 'Stop'; Import-Module {Quoted(Repository.ModuleManifest)} -Global; Connect-Authress }}";

    /// <summary>A script that opens a session, runs another script in it, and exits 1 where that wrote an error.</summary>
    public static string InSession(string script) => $"{OpenSession}\n& {{\n{Resource("Invoke-Script.ps1")}\n}} {Quoted(script)}";

    /// <summary>A script that calls a file with arguments as they were typed on a command line.</summary>
    /// <remarks>
    /// To a script that calls it, a file's <c>exit</c> is no more than a failed command and a number, so it is exited once more.
    /// A native command's exit code in the middle of the file leaves <c>$?</c> alone.
    /// </remarks>
    public static string Call(string file, IEnumerable<string> arguments) =>
        $"& {Quoted(file)} {string.Join(' ', arguments.Select(Argument))}\nif (-not $? -and $LASTEXITCODE) {{ exit $LASTEXITCODE }}";

    public static string Quoted(string text) => $"'{CodeGeneration.EscapeSingleQuotedStringContent(text)}'";

    // A parameter's name must stay bare to bind as one.
    private static string Argument(string argument) => ParameterName().IsMatch(argument) ? argument : Quoted(argument);

    private static string Resource(string name)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The playground was built without its script {name}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    [GeneratedRegex(@"^-[A-Za-z]\w*:?$")]
    private static partial Regex ParameterName();
}
