using System.Collections;

namespace Authress.PowerShell.Completion;

/// <summary>
/// The last tag of a text: first its key, and after the <c>=</c> its value. PowerShell calls no completer inside a
/// hashtable.
/// </summary>
internal sealed class TagCompleter : CachedCompleter
{
    private protected override IEnumerable<Candidate> Complete(IDictionary bound, string word)
    {
        int start = 0;
        while (TagMap.FindUnescaped(word, ';', start) is >= 0 and int end)
            start = end + 1;
        while (start < word.Length && word[start] == ' ')
            start++;
        string before = word.Substring(0, start);
        string last = word.Substring(start);
        IEnumerable<string> tags = Cache(bound)?.Tags ?? [];
        return from text in TagMap.FindUnescaped(last, '=') >= 0 ? tags : tags.Select(Key).Distinct()
               where StartsWith(text, last)
               select new Candidate(before + text, text is [.., '='] ? text.Substring(0, text.Length - 1) : text, text);
    }

    // With the sign that ends it.
    private static string Key(string tag) => tag.Substring(0, TagMap.FindUnescaped(tag, '=') + 1);
}
