using System.CommandLine;

namespace Authress.Playground;

/// <summary>The playground's command line, spelled as in PowerShell.</summary>
internal sealed record PlaygroundOptions
{
    private const string Description = """
        A local Authress, and a PowerShell that is connected to it: first a guided tour of the module, then a prompt.

        With AUTHRESS_API_URL and AUTHRESS_KEY set, the prompt and the scripts use that account; the tour never does.
        Exit code: 0, or the script's own; 1 where an error was written or thrown; 2 for a command line that is wrong.
        """;

    /// <summary>The script text to run instead of the tour, if any.</summary>
    public string? Command { get; private init; }

    /// <summary>The script file to run instead of the tour, if any.</summary>
    public string? File { get; private init; }

    /// <summary>The script file's arguments, as typed.</summary>
    public IReadOnlyList<string> FileArguments { get; private init; } = [];

    /// <summary>Whether to skip the tour.</summary>
    public bool NoTour { get; private init; }

    /// <summary>Parses the command line and runs the playground, or shows what is wrong with it.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="run">The playground; its result is the exit code.</param>
    public static async Task<int> ParseAndRunAsync(IReadOnlyList<string> arguments, Func<PlaygroundOptions, Task<int>> run)
    {
        Option<string?> command = new("-Command", "-command", "-c", "--command") { HelpName = "SCRIPT", Description = "Run this script text instead of the tour." };
        Option<bool> noTour = new("-NoTour", "-notour", "--no-tour") { Description = "Skip the tour." };
        Argument<FileInfo> file = new("FILE.ps1")
        {
            Description = "Run this script file instead of the tour, with the arguments that follow it.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        file.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: string path }] && !(IsScript(path) && System.IO.File.Exists(path)))
                result.AddError($"'{path}' is neither an option nor a script file (.ps1) that exists.");
        });
        RootCommand root = new(Description) { command, noTour, file };
        root.Validators.Add(result =>
        {
            if (result.GetResult(command) is not null && result.GetResult(file)?.Tokens.Count > 0)
                result.AddError("Specify either -Command or a file, not both.");
        });

        // All arguments after the script file belong to it.
        int script = 0;
        while (script < arguments.Count && (!IsScript(arguments[script]) || (script > 0 && command.Aliases.Append(command.Name).Contains(arguments[script - 1]))))
            script++;
        ParseResult parsed = root.Parse([.. arguments.Take(script + 1)]);
        root.SetAction((result, _) => run(new PlaygroundOptions
        {
            Command = result.GetValue(command),
            File = result.GetValue(file)?.FullName,
            FileArguments = [.. arguments.Skip(script + 1)],
            NoTour = result.GetValue(noTour),
        }));

        // The parser's own handling of Ctrl+C crashes at the second one. The shell handles each itself.
        if (parsed.Errors.Count == 0)
            return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });

        foreach (string problem in parsed.Errors.Select(error => error.Message))
            await Console.Error.WriteLineAsync(problem);
        await root.Parse("--help").InvokeAsync(new InvocationConfiguration { Output = Console.Error });
        return ExitCode.Usage;
    }

    private static bool IsScript(string argument) => argument.EndsWith(".ps1", StringComparison.OrdinalIgnoreCase);
}
