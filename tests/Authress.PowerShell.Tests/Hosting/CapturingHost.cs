using System.Collections.ObjectModel;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;
using System.Text;

namespace Authress.PowerShell.Tests.Hosting;

/// <summary>A host that records its output and answers prompts with a given choice.</summary>
internal sealed class CapturingHost(int width) : PSHost
{
    private readonly CapturingInterface _interface = new(width);

    public override CultureInfo CurrentCulture => CultureInfo.InvariantCulture;

    public override CultureInfo CurrentUICulture => CultureInfo.GetCultureInfo("en-US");

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override string Name => "Tests";

    public override PSHostUserInterface UI => _interface;

    public override Version Version => new(1, 0);

    /// <summary>All that was shown since the last call.</summary>
    public string TakeText() => _interface.TakeText();

    /// <summary>The questions asked since the last call.</summary>
    public IReadOnlyList<string> TakeQuestions() => _interface.TakeQuestions();

    /// <summary>The label of the choice that answers every question, such as <c>Yes</c>; null for a host that can't ask.</summary>
    public string? Answer
    {
        get => _interface.Answer;
        set => _interface.Answer = value;
    }

    public override void EnterNestedPrompt() => throw new NotSupportedException();

    public override void ExitNestedPrompt() => throw new NotSupportedException();

    public override void NotifyBeginApplication()
    {
        // No application is ever run.
    }

    public override void NotifyEndApplication()
    {
        // No application is ever run.
    }

    public override void SetShouldExit(int exitCode)
    {
        // A test's session ends with the test.
    }

    private sealed class CapturingInterface(int width) : PSHostUserInterface
    {
        private readonly StringBuilder _text = new();
        private readonly List<string> _questions = [];

        public string? Answer { get; set; }

        public override PSHostRawUserInterface RawUI { get; } = new FixedScreen(width);

        public string TakeText()
        {
            lock (_text)
            {
                string text = _text.ToString();
                _text.Clear();
                return text;
            }
        }

        public string[] TakeQuestions()
        {
            string[] questions = [.. _questions];
            _questions.Clear();
            return questions;
        }

        public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice)
        {
            _questions.Add(message);
            if (Answer is null)
                throw new HostException("This host can't ask.");
            int choice = choices.ToList().FindIndex(c => c.Label.Replace("&", string.Empty, StringComparison.Ordinal) == Answer);
            return choice >= 0 ? choice : throw new InvalidOperationException($"There is no choice '{Answer}'.");
        }

        public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions) => throw new HostException("This host can't ask.");

        public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) => throw new HostException("This host can't ask.");

        public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName, PSCredentialTypes allowedCredentialTypes, PSCredentialUIOptions options) => throw new HostException("This host can't ask.");

        public override string ReadLine() => throw new HostException("This host can't ask.");

        public override SecureString ReadLineAsSecureString() => throw new HostException("This host can't ask.");

        public override void Write(string value) => Append(value);

        public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) => Append(value);

        public override void WriteDebugLine(string message) => Append("DEBUG: " + message + "\n");

        public override void WriteErrorLine(string value) => Append(value + "\n");

        public override void WriteLine(string value) => Append(value + "\n");

        public override void WriteProgress(long sourceId, ProgressRecord record) => Append($"PROGRESS: {record}\n");

        public override void WriteVerboseLine(string message) => Append("VERBOSE: " + message + "\n");

        public override void WriteWarningLine(string message) => Append("WARNING: " + message + "\n");

        private void Append(string text)
        {
            // A screen without colour, as when output goes to a file.
            lock (_text)
                _text.Append(GetOutputString(text, supportsVirtualTerminal: false));
        }
    }

    private sealed class FixedScreen(int width) : PSHostRawUserInterface
    {
        public override ConsoleColor BackgroundColor { get; set; }

        public override Size BufferSize { get; set; } = new(width, 1000);

        public override Coordinates CursorPosition { get; set; }

        public override int CursorSize { get; set; }

        public override ConsoleColor ForegroundColor { get; set; }

        public override bool KeyAvailable => false;

        public override Size MaxPhysicalWindowSize => new(width, 1000);

        public override Size MaxWindowSize => new(width, 1000);

        public override Coordinates WindowPosition { get; set; }

        public override Size WindowSize { get; set; } = new(width, 1000);

        public override string WindowTitle { get; set; } = string.Empty;

        public override void FlushInputBuffer()
        {
            // There is no input.
        }

        public override BufferCell[,] GetBufferContents(Rectangle rectangle) => throw new NotSupportedException();

        public override KeyInfo ReadKey(ReadKeyOptions options) => throw new NotSupportedException();

        public override void ScrollBufferContents(Rectangle source, Coordinates destination, Rectangle clip, BufferCell fill) => throw new NotSupportedException();

        public override void SetBufferContents(Coordinates origin, BufferCell[,] contents) => throw new NotSupportedException();

        public override void SetBufferContents(Rectangle rectangle, BufferCell fill) => throw new NotSupportedException();
    }
}
