using System.Management.Automation.Language;

namespace Authress.Playground.Engines.Embedded;

/// <summary>Reads and runs one script after another, until somebody leaves.</summary>
internal sealed class Prompt(EmbeddedSession session)
{
    private readonly LineReader _reader = new(session);

    /// <returns>The code of the <c>exit</c> that was typed; 0 where the input just ended.</returns>
    public int Run()
    {
        while (session.RequestedExitCode is null)
        {
            try
            {
                if (ReadScript() is not string script)
                    break;
                session.Invoke(script, addToHistory: true);
            }
            catch (OperationCanceledException)
            {
                // Ctrl+C at the prompt gives up what was typed, and nothing more.
            }
        }

        return session.RequestedExitCode ?? ExitCode.Success;
    }

    private string? ReadScript()
    {
        string? script = _reader.ReadLine("PS>");
        while (script is not null && IsIncomplete(script))
        {
            if (_reader.ReadLine(">>") is not string more)
                break;
            script = $"{script}\n{more}";
        }

        return script;
    }

    private static bool IsIncomplete(string script)
    {
        Parser.ParseInput(script, out _, out ParseError[] errors);
        return errors.Any(error => error.IncompleteInput);
    }
}
