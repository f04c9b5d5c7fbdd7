using System.Collections;
using System.Collections.Specialized;
using System.Globalization;
using System.Text;

namespace Authress;

/// <summary>
/// A service client's tags: keys and values in their original order. The text form (<c>env=prod;team=a</c>) can be parsed
/// again, so that tags survive a CSV file.
/// </summary>
/// <remarks>
/// Keys are case-sensitive, as in Authress. The text form escapes a <c>;</c>, <c>=</c> or <c>\</c> in a key or a value
/// with a backslash.
/// </remarks>
public sealed class TagMap : Dictionary<string, string>
{
    private static readonly char[] Special = ['\\', ';', '='];

    /// <summary>Creates an empty set of tags.</summary>
    public TagMap()
        : base(StringComparer.Ordinal)
    {
    }

    /// <summary>Creates a copy of those tags.</summary>
    /// <param name="tags">The tags to copy.</param>
    public TagMap(IEnumerable<KeyValuePair<string, string>> tags)
        : this()
    {
        if (tags is null)
            throw new ArgumentNullException(nameof(tags));
        foreach (KeyValuePair<string, string> tag in tags)
            this[tag.Key] = tag.Value;
    }

    /// <summary>Creates tags from a hashtable, as for <c>$client.Tag = @{ env = 'prod' }</c>.</summary>
    /// <param name="tags">Keys and values, each text or a plain value.</param>
    /// <exception cref="ArgumentException">A key is empty or duplicate, or a value is a list.</exception>
    public TagMap(Hashtable tags)
        : this() => AddAll(tags);

    /// <summary>Creates tags from an ordered hashtable, as for <c>$client.Tag = [ordered]@{ env = 'prod' }</c>.</summary>
    /// <param name="tags">Keys and values, each text or a plain value.</param>
    /// <exception cref="ArgumentException">A key is empty or duplicate, or a value is a list.</exception>
    public TagMap(OrderedDictionary tags)
        : this() => AddAll(tags);

    /// <summary>Parses the text form: <c>key=value</c> pairs, separated by <c>;</c>.</summary>
    /// <param name="text">The text. Empty pairs, and spaces around keys and values, are ignored.</param>
    /// <returns>The tags in the text's order.</returns>
    /// <exception cref="FormatException">A pair has no <c>=</c> or no key, or a key is duplicate.</exception>
    public static TagMap Parse(string text)
    {
        if (text is null)
            throw new ArgumentNullException(nameof(text));
        TagMap tags = [];
        foreach (List<string> pair in Split(text))
        {
            if (pair is [""])
                continue;
            if (pair.Count != 2)
                throw new FormatException(InvariantText.Format(Messages.TagForm, string.Join("=", pair)));
            if (pair[0].Length == 0)
                throw new FormatException(InvariantText.Format(Messages.TagKeyMissing, pair[1]));
            if (tags.ContainsKey(pair[0]))
                throw new FormatException(InvariantText.Format(Messages.TagRepeated, pair[0]));
            tags.Add(pair[0], pair[1]);
        }

        return tags;
    }

    /// <summary>The text form, such as <c>env=prod;team=a</c>; empty without tags.</summary>
    public override string ToString()
    {
        StringBuilder text = new();
        foreach (KeyValuePair<string, string> tag in this)
        {
            if (text.Length > 0)
                text.Append(';');
            Escape(text, tag.Key).Append('=');
            Escape(text, tag.Value);
        }

        return text.ToString();
    }

    private void AddAll(IDictionary tags)
    {
        if (tags is null)
            throw new ArgumentNullException(nameof(tags));
        foreach (DictionaryEntry tag in tags)
        {
            string key = Convert.ToString(tag.Key, CultureInfo.InvariantCulture)!;
            if (key.Length == 0)
                throw new ArgumentException(Messages.TagWithoutKey, nameof(tags));
            if (tag.Value is IEnumerable and not string)
                throw new ArgumentException(InvariantText.Format(Messages.TagNotText, key), nameof(tags));
            Add(key, Convert.ToString(tag.Value, CultureInfo.InvariantCulture) ?? string.Empty);
        }
    }

    private static StringBuilder Escape(StringBuilder text, string part)
    {
        // Parsing trims spaces, so leading and trailing ones are escaped too.
        for (int i = 0; i < part.Length; i++)
        {
            bool outermostSpace = char.IsWhiteSpace(part[i]) && (i == 0 || i == part.Length - 1);
            if (outermostSpace || Array.IndexOf(Special, part[i]) >= 0)
                text.Append('\\');
            text.Append(part[i]);
        }

        return text;
    }

    // Each pair, split at every unescaped '='.
    private static IEnumerable<List<string>> Split(string text)
    {
        List<string> pair = [];
        StringBuilder part = new();
        int significant = 0;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            switch (c)
            {
                case '\\' when i + 1 < text.Length:
                    part.Append(text[++i]);
                    significant = part.Length;
                    break;
                case '=':
                    EndPart();
                    break;
                case ';':
                    EndPart();
                    yield return pair;
                    pair = [];
                    break;
                case var _ when char.IsWhiteSpace(c):
                    if (part.Length > 0)
                        part.Append(c);
                    break;
                default:
                    part.Append(c);
                    significant = part.Length;
                    break;
            }
        }

        EndPart();
        yield return pair;

        void EndPart()
        {
            pair.Add(part.ToString(0, significant));
            part.Clear();
            significant = 0;
        }
    }
}
