using Authress.Playground.Engines;

namespace Authress.Playground;

/// <summary>What the playground was asked to do, in PowerShell's own spelling of arguments.</summary>
internal sealed record PlaygroundOptions
{
    public const string Usage = """
        A local Authress and a PowerShell session that is connected to it.

        usage: dotnet run --project src/Authress.Playground [-- ARGUMENTS]

          (none)               a guided tour of the module, then a prompt
          -NoTour              the prompt at once
          -Command 'SCRIPT'    runs SCRIPT instead, already connected
          FILE.ps1 [ARG ...]   runs FILE.ps1 instead, already connected
          -Engine ENGINE       Pwsh, or Embedded: a small PowerShell that needs nothing but .NET.
                               Without it: Pwsh where pwsh 7.4 or later is on PATH, else Embedded.
          -Help                this text

        With AUTHRESS_API_URL and AUTHRESS_KEY set, the prompt and the scripts use that account;
        the tour never does. Exit code: 0, or the script's own; 1 where an error was written or
        thrown; 2 where the arguments made no sense.
        """;

    /// <summary>The script text to run instead of the tour, if any.</summary>
    public string? Command { get; private init; }

    /// <summary>The script file to run instead of the tour, if any.</summary>
    public string? File { get; private init; }

    /// <summary>The script file's own arguments, as they were typed.</summary>
    public IReadOnlyList<string> FileArguments { get; private init; } = [];

    /// <summary>The engine that was asked for; null leaves the choice to the playground.</summary>
    public EngineKind? Engine { get; private init; }

    public bool NoTour { get; private init; }

    public bool ShowUsage { get; private init; }

    /// <exception cref="UsageException">The arguments make no sense.</exception>
    public static PlaygroundOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new PlaygroundOptions();
        for (int index = 0; index < arguments.Count; index++)
        {
            string argument = arguments[index];
            if (!argument.StartsWith('-'))
            {
                // Everything after the file is the file's own.
                options = options with { File = ScriptFile(argument), FileArguments = [.. arguments.Skip(index + 1)] };
                break;
            }

            options = argument.TrimStart('-').ToUpperInvariant() switch
            {
                "COMMAND" or "C" => options with { Command = Value(arguments, ref index) },
                "ENGINE" => options with { Engine = EngineNamed(Value(arguments, ref index)) },
                "NOTOUR" => options with { NoTour = true },
                "HELP" or "H" or "?" => options with { ShowUsage = true },
                _ => throw new UsageException($"'{argument}' is not an argument of the playground."),
            };
        }

        if (options is { Command: not null, File: not null })
            throw new UsageException("Give either -Command or a file, not both.");

        return options;
    }

    private static string Value(IReadOnlyList<string> arguments, ref int index) =>
        ++index < arguments.Count ? arguments[index] : throw new UsageException($"{arguments[index - 1]} needs a value.");

    private static EngineKind EngineNamed(string name) =>
        Enum.GetNames<EngineKind>().Contains(name, StringComparer.OrdinalIgnoreCase)
            ? Enum.Parse<EngineKind>(name, ignoreCase: true)
            : throw new UsageException($"'{name}' is not an engine; there are {string.Join(" and ", Enum.GetNames<EngineKind>())}.");

    private static string ScriptFile(string path)
    {
        if (!path.EndsWith(".ps1", StringComparison.OrdinalIgnoreCase))
            throw new UsageException($"'{path}' is neither an argument of the playground nor a .ps1 file.");

        string fullPath = Path.GetFullPath(path);
        return System.IO.File.Exists(fullPath) ? fullPath : throw new UsageException($"There is no file '{fullPath}'.");
    }
}
