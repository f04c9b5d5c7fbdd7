namespace Authress.Client;

/// <summary>Validates Unicode text.</summary>
internal static class UnicodeText
{
    /// <summary>Whether all surrogates come in pairs, so that the text can be written as UTF-8 unchanged.</summary>
    public static bool IsValid(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
                return false;
            i++;
        }

        return true;
    }
}
