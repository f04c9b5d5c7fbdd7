using System.Collections;
using System.Collections.Specialized;
using System.Diagnostics.CodeAnalysis;
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
[SuppressMessage("Naming", "CA1710", Justification = "Scripts know it by this name.")]
public sealed class TagMap : IDictionary, IReadOnlyDictionary<string, string>
{
    private static readonly char[] Special = ['\\', ';', '='];

    private readonly Dictionary<string, string> _tags = new(StringComparer.Ordinal);

    /// <summary>Creates an empty set of tags.</summary>
    public TagMap()
    {
    }

    /// <summary>Creates a copy of those tags.</summary>
    /// <param name="tags">The tags to copy.</param>
    public TagMap(IEnumerable<KeyValuePair<string, string>> tags)
    {
        if (tags is null)
            throw new ArgumentNullException(nameof(tags));
        foreach (KeyValuePair<string, string> tag in tags)
            _tags[tag.Key] = tag.Value;
    }

    /// <summary>Creates tags from a hashtable, as for <c>$client.Tag = @{ env = 'prod' }</c>.</summary>
    /// <param name="tags">Keys and values, each text or a plain value.</param>
    /// <exception cref="ArgumentException">A key is empty or duplicate, or a value has no text of its own.</exception>
    public TagMap(Hashtable tags) => AddAll(tags);

    /// <summary>Creates tags from an ordered hashtable, as for <c>$client.Tag = [ordered]@{ env = 'prod' }</c>.</summary>
    /// <param name="tags">Keys and values, each text or a plain value.</param>
    /// <exception cref="ArgumentException">A key is empty or duplicate, or a value has no text of its own.</exception>
    public TagMap(OrderedDictionary tags) => AddAll(tags);

    /// <summary>The number of tags.</summary>
    public int Count => _tags.Count;

    /// <summary>The keys.</summary>
    public Dictionary<string, string>.KeyCollection Keys => _tags.Keys;

    /// <summary>The values.</summary>
    public Dictionary<string, string>.ValueCollection Values => _tags.Values;

    /// <inheritdoc />
    IEnumerable<string> IReadOnlyDictionary<string, string>.Keys => Keys;

    /// <inheritdoc />
    IEnumerable<string> IReadOnlyDictionary<string, string>.Values => Values;

    /// <inheritdoc />
    ICollection IDictionary.Keys => Keys;

    /// <inheritdoc />
    ICollection IDictionary.Values => Values;

    /// <inheritdoc />
    bool IDictionary.IsFixedSize => false;

    /// <inheritdoc />
    bool IDictionary.IsReadOnly => false;

    /// <inheritdoc />
    bool ICollection.IsSynchronized => false;

    /// <inheritdoc />
    object ICollection.SyncRoot => ((ICollection)_tags).SyncRoot;

    /// <summary>The value of a tag; null where there is no such tag.</summary>
    /// <remarks>Takes any object, since PowerShell converts a value to text where the indexer takes text: a hashtable becomes the name of its type.</remarks>
    /// <param name="key">The key.</param>
    /// <exception cref="ArgumentException">The key is empty, or the value has no text of its own.</exception>
    public object? this[object key]
    {
        get => _tags.TryGetValue(PlainText.From(key) ?? string.Empty, out string? value) ? value : null;
        set
        {
            string text = CheckKey(key);
            _tags[text] = CheckValue(text, value);
        }
    }

    /// <inheritdoc />
    string IReadOnlyDictionary<string, string>.this[string key] => _tags[key];

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
            text.Append(ToText(tag.Key, tag.Value));
        }

        return text.ToString();
    }

    /// <summary>A tag in the text form, such as <c>env=prod</c>.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    internal static string ToText(string key, string value) => Escape(Escape(new StringBuilder(), key).Append('='), value).ToString();

    /// <summary>Where a character stands in the text form that no backslash precedes; -1 where it does not.</summary>
    /// <param name="text">The text.</param>
    /// <param name="special">The character, <c>=</c> or <c>;</c>.</param>
    /// <param name="start">Where to begin.</param>
    internal static int FindUnescaped(string text, char special, int start = 0)
    {
        for (int i = start; i < text.Length; i++)
        {
            if (text[i] == special)
                return i;
            if (text[i] == '\\')
                i++;
        }

        return -1;
    }

    /// <summary>Adds a tag.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value, text or a plain value.</param>
    /// <exception cref="ArgumentException">The key is empty or duplicate, or the value has no text of its own.</exception>
    public void Add(object key, object? value)
    {
        string text = CheckKey(key);
        if (_tags.ContainsKey(text))
            throw new ArgumentException(InvariantText.Format(Messages.TagRepeated, text));
        _tags.Add(text, CheckValue(text, value));
    }

    /// <summary>Removes a tag.</summary>
    /// <param name="key">The key.</param>
    /// <returns>Whether there was one.</returns>
    public bool Remove(string key) => _tags.Remove(key);

    /// <inheritdoc />
    void IDictionary.Remove(object key) => Remove(PlainText.From(key) ?? string.Empty);

    /// <summary>Removes all tags.</summary>
    public void Clear() => _tags.Clear();

    /// <summary>Whether there is such a tag.</summary>
    /// <param name="key">The key.</param>
    public bool ContainsKey(string key) => _tags.ContainsKey(key);

    /// <inheritdoc />
    bool IDictionary.Contains(object key) => ContainsKey(PlainText.From(key) ?? string.Empty);

    /// <summary>Reads the value of a tag.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value; null where there is no such tag.</param>
    /// <returns>Whether there is such a tag.</returns>
    public bool TryGetValue(string key, out string value) => _tags.TryGetValue(key, out value!);

    /// <summary>The tags, one by one.</summary>
    public Dictionary<string, string>.Enumerator GetEnumerator() => _tags.GetEnumerator();

    /// <inheritdoc />
    IEnumerator<KeyValuePair<string, string>> IEnumerable<KeyValuePair<string, string>>.GetEnumerator() => GetEnumerator();

    /// <inheritdoc />
    IDictionaryEnumerator IDictionary.GetEnumerator() => ((IDictionary)_tags).GetEnumerator();

    /// <inheritdoc />
    /// <remarks>PowerShell shows a property that holds tags by these objects, as in <c>{env=prod, team=a}</c>.</remarks>
    IEnumerator IEnumerable.GetEnumerator() => _tags.Select(tag => new ShownTag(tag.Key, tag.Value)).GetEnumerator();

    /// <inheritdoc />
    void ICollection.CopyTo(Array array, int index) => ((ICollection)_tags).CopyTo(array, index);

    private void AddAll(IDictionary tags)
    {
        if (tags is null)
            throw new ArgumentNullException(nameof(tags));
        foreach (DictionaryEntry tag in tags)
            Add(tag.Key, tag.Value);
    }

    private static string CheckKey(object? key) =>
        PlainText.From(key) is { Length: > 0 } text ? text : throw new ArgumentException(Messages.TagWithoutKey);

    private static string CheckValue(string key, object? value) =>
        PlainText.From(value) ?? throw new ArgumentException(InvariantText.Format(Messages.TagNotText, key, PlainText.Unwrap(value)!.GetType().Name));

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

    private sealed class ShownTag(string key, string value)
    {
        public string Key { get; } = key;

        public string Value { get; } = value;

        public override string ToString() => ToText(Key, Value);
    }
}
