using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;

namespace Authress.Playground.Engines.Embedded;

/// <summary>Writes what a shell would write: results to standard output, errors to standard error.</summary>
internal sealed class PlaygroundHostUserInterface : PSHostUserInterface, IHostUISupportsMultipleChoiceSelection
{
    private readonly ConsoleQuestions _questions;

    public PlaygroundHostUserInterface() => _questions = new ConsoleQuestions(this);

    public override PSHostRawUserInterface RawUI { get; } = new PlaygroundHostRawUserInterface();

    public override bool SupportsVirtualTerminal => ConsoleStreams.AllowAnsi;

    public override void Write(string value) => Console.Out.Write(Plain(value));

    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value)
    {
        if (!ConsoleStreams.AllowAnsi)
        {
            Write(value);
            return;
        }

        // The background is the terminal's own, unless somebody asked for another.
        Console.ForegroundColor = foregroundColor;
        if (backgroundColor != RawUI.BackgroundColor)
            Console.BackgroundColor = backgroundColor;
        Console.Out.Write(value);
        Console.ResetColor();
    }

    public override void WriteLine(string value) => Console.Out.WriteLine(Plain(value));

    public override void WriteErrorLine(string value)
    {
        // The formatter ends some errors with an empty line, which no shell shows.
        if (value.Length > 0)
            Console.Error.WriteLine(Plain(value));
    }

    public override void WriteWarningLine(string message) => WriteNote($"WARNING: {message}", ConsoleColor.Yellow);

    public override void WriteVerboseLine(string message) => WriteNote($"VERBOSE: {message}", ConsoleColor.Yellow);

    public override void WriteDebugLine(string message) => WriteNote($"DEBUG: {message}", ConsoleColor.Yellow);

    // Progress is for eyes that wait; a tour and a prompt on a local emulator never do.
    public override void WriteProgress(long sourceId, ProgressRecord record)
    {
    }

    public override string ReadLine() => _questions.ReadLine();

    public override SecureString ReadLineAsSecureString() => _questions.ReadSecret();

    public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions) =>
        _questions.AskFields(caption, message, descriptions);

    public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice) =>
        _questions.AskChoice(caption, message, choices, defaultChoice);

    public Collection<int> PromptForChoice(string? caption, string? message, Collection<ChoiceDescription> choices, IEnumerable<int>? defaultChoices) =>
        [_questions.AskChoice(caption, message, choices, defaultChoices?.FirstOrDefault(-1) ?? -1)];

    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) =>
        _questions.AskCredential(caption, message, userName);

    public override PSCredential PromptForCredential(
        string caption, string message, string userName, string targetName, PSCredentialTypes allowedCredentialTypes, PSCredentialUIOptions options) =>
        _questions.AskCredential(caption, message, userName);

    /// <summary>The formatter colours its output and leaves it to the host to take the colours out.</summary>
    private static string Plain(string value) => GetOutputString(value, ConsoleStreams.AllowAnsi);

    private void WriteNote(string text, ConsoleColor color)
    {
        Write(color, RawUI.BackgroundColor, text);
        Console.Out.WriteLine();
    }
}
