using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Text.RegularExpressions;
using Authress.PowerShell.Connections;

namespace Authress.PowerShell.Completion;

/// <summary>
/// Completes from the cache of the connection that the command line would use. Sends no request, so that Tab completes without delay.
/// </summary>
internal abstract class CachedCompleter : IArgumentCompleter
{
    // Text that needs no quotes and is never a number.
    private static readonly Regex Plain = new("^[A-Za-z_][A-Za-z0-9_.:=-]*$", RegexOptions.CultureInvariant);

    // Characters to escape in double quotes. PowerShell treats curly quotes as straight ones.
    private static readonly Regex Special = new("[`$\"\u201C\u201D\u201E]", RegexOptions.CultureInvariant);

    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        string quote = wordToComplete is ['"', ..] ? "\"" : "'";
        string word = wordToComplete.Trim('\'', '"');

        // Text goes on the command line unescaped, so text with control characters is not offered.
        return Complete(fakeBoundParameters, word).Where(candidate => PrintableText.Escape(candidate.Text) == candidate.Text).Select(candidate => new CompletionResult(
            Quoted(candidate.Text, quote, always: word.Length != wordToComplete.Length),
            PrintableText.Escape(candidate.Shown),
            CompletionResultType.ParameterValue,
            PrintableText.Escape(candidate.Tip)));
    }

    /// <summary>The candidates that match the text so far.</summary>
    /// <param name="bound">The parameters on the command line.</param>
    /// <param name="word">The text so far, without quotes.</param>
    private protected abstract IEnumerable<Candidate> Complete(IDictionary bound, string word);

    /// <summary>The connection's cache; null without a connection.</summary>
    private protected static CompletionCache? Cache(IDictionary bound)
    {
        if (bound["Connection"] is { } given && (given is PSObject wrapped ? wrapped.BaseObject : given) is Connection connection)
            return connection.Cache;
        return SessionConnection.GetCurrent()?.Cache;
    }

    private protected static bool StartsWith(string text, string word) => text.StartsWith(word, StringComparison.OrdinalIgnoreCase);

    private static string Quoted(string text, string quote, bool always)
    {
        if (!always && Plain.IsMatch(text))
            return text;
        string inner = quote == "'"
            ? CodeGeneration.EscapeSingleQuotedStringContent(text)
            : Special.Replace(text, "`$0");
        return quote + inner + quote;
    }
}

/// <summary>A candidate.</summary>
/// <param name="Text">The text for the command line.</param>
/// <param name="Shown">The text in the list.</param>
/// <param name="Tip">The tool tip.</param>
internal sealed record Candidate(string Text, string Shown, string Tip);
