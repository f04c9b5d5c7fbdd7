using System.Management.Automation;
using RadLine;

namespace Authress.Playground.Engines.Embedded;

/// <summary>PowerShell's completion on a line: Tab after Tab shows one candidate after another.</summary>
internal sealed class Completion(EmbeddedSession session)
{
    private CommandCompletion? _candidates;
    private string _typed = string.Empty;
    private string _shown = string.Empty;

    /// <summary>Replaces the word at the cursor with the next candidate, or with the one before.</summary>
    public void Show(LineBuffer buffer, bool forward)
    {
        // A line that is no longer as the last Tab left it starts anew.
        if (_candidates is null || buffer.Content != _shown)
        {
            _typed = buffer.Content;
            _candidates = session.Complete(_typed, buffer.Position);
        }

        if (_candidates.GetNextResult(forward) is not CompletionResult candidate)
            return;

        int start = _candidates.ReplacementIndex;
        _shown = _typed[..start] + candidate.CompletionText + _typed[(start + _candidates.ReplacementLength)..];
        buffer.Clear(0, buffer.Length);
        buffer.Move(0);
        buffer.Insert(_shown);
        buffer.Move(start + candidate.CompletionText.Length);
    }
}
