using CsCheck;

namespace Authress.Client.Tests.ServiceClients;

/// <summary>CsCheck has no build for .NET Framework.</summary>
public partial class TagMapTests
{
    /// <summary>Any text, and often such as the text form gives a meaning to.</summary>
    private static Gen<string> AnyText { get; } =
        Gen.OneOf(
            Gen.OneOf(";", "=", "\\", " ", "  ", "\t", "\n", "\u00a0", "\u2003", "a", "é", "😀", "\"", "'", ",", ":"),
            Gen.Char['\0', '\uffff'].Select(c => c.ToString()))
        .Array[0, 8].Select(string.Concat);

    [Fact]
    public void Any_tags_can_be_read_back_from_their_text_in_their_order() =>
        Gen.Dictionary(AnyText.Where(key => key.Length > 0), AnyText)[0, 5].Sample(
            tags =>
            {
                TagMap map = new(tags);
                return TagMap.Parse(map.ToString()).SequenceEqual(map);
            },
            iter: 20_000);

    [Fact]
    public void Any_text_is_tags_or_a_FormatException() =>
        AnyText.Sample(
            text =>
            {
                try
                {
                    TagMap tags = TagMap.Parse(text);
                    return TagMap.Parse(tags.ToString()).SequenceEqual(tags);
                }
                catch (FormatException)
                {
                    return true;
                }
            },
            iter: 20_000);
}
