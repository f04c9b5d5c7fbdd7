using RadLine;
using Spectre.Console;

namespace Authress.Playground.Engines.Embedded;

/// <summary>A line from the terminal, with the keys that a person at a shell expects: arrows, history, Tab.</summary>
internal sealed class LineReader
{
    private readonly Prefix _prefix = new();
    private readonly LineEditor? _editor;
    private bool _ended;

    public LineReader(EmbeddedSession session)
    {
        // A terminal that knows no escape sequences still has its own line editing.
        if (!LineEditor.IsSupported(AnsiConsole.Console))
            return;

        var completion = new Completion(session);
        _editor = new LineEditor { Prompt = _prefix };
        _editor.KeyBindings.Add(ConsoleKey.Tab, () => new Key(buffer => completion.Show(buffer, forward: true)));
        _editor.KeyBindings.Add(ConsoleKey.Tab, ConsoleModifiers.Shift, () => new Key(buffer => completion.Show(buffer, forward: false)));
        _editor.KeyBindings.Add<PreviousHistoryCommand>(ConsoleKey.UpArrow);
        _editor.KeyBindings.Add<NextHistoryCommand>(ConsoleKey.DownArrow);
        _editor.KeyBindings.Add(ConsoleKey.D, ConsoleModifiers.Control, () => new EndOfInput(() => _ended = true));
    }

    /// <param name="prefix">What stands before the cursor.</param>
    /// <returns>The line; null where the input has ended (Ctrl+D).</returns>
    /// <exception cref="OperationCanceledException">Ctrl+C.</exception>
    public string? ReadLine(string prefix)
    {
        if (_editor is null)
        {
            Console.Write($"{prefix} ");
            return Console.ReadLine();
        }

        _prefix.Text = prefix;
        using var cancellation = new CancellationTokenSource();
        void Cancel(object? sender, ConsoleCancelEventArgs arguments) => cancellation.Cancel();
        Console.CancelKeyPress += Cancel;
        try
        {
            string? line = _editor.ReadLine(cancellation.Token).GetAwaiter().GetResult();
            cancellation.Token.ThrowIfCancellationRequested();
            return _ended ? null : line;
        }
        catch (OperationCanceledException)
        {
            Console.WriteLine();
            throw;
        }
        finally
        {
            Console.CancelKeyPress -= Cancel;
        }
    }

    /// <summary>The prompt, which changes while a script is unfinished; the editor keeps one for its whole life.</summary>
    private sealed class Prefix : ILineEditorPrompt
    {
        public string Text { get; set; } = string.Empty;

        public (Markup Markup, int Margin) GetPrompt(ILineEditorState state, int line) => (new Markup(Markup.Escape(Text)), 1);
    }

    private sealed class Key(Action<LineBuffer> action) : LineEditorCommand
    {
        public override void Execute(LineEditorContext context) => action(context.Buffer);
    }

    private sealed class EndOfInput(Action ended) : LineEditorCommand
    {
        public override void Execute(LineEditorContext context)
        {
            // With something typed, Ctrl+D ends nothing.
            if (context.Buffer.Length > 0)
                return;

            ended();
            context.Submit(SubmitAction.Cancel);
        }
    }
}
