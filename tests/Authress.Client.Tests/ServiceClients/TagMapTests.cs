namespace Authress.Client.Tests.ServiceClients;

public partial class TagMapTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData(" ; ;", "")]
    [InlineData("env=prod", "env=prod")]
    [InlineData("env=prod;team=a", "env=prod;team=a")]
    [InlineData("  env = prod ;  team=a  ;", "env=prod;team=a")]
    [InlineData("a b= c  d ", "a b=c  d")]
    [InlineData("empty=", "empty=")]
    [InlineData(@"a\=b=c\;d", @"a\=b=c\;d")]
    [InlineData(@"path=C:\\temp\\", @"path=C:\\temp\\")]
    [InlineData(@"space=\ x\ ", @"space=\ x\ ")]
    [InlineData("env=a;ENV=b", "env=a;ENV=b")]
    public void Is_read_as_people_write_it(string text, string expected) =>
        Assert.Equal(expected, TagMap.Parse(text).ToString());

    [Fact]
    public void A_backslash_keeps_the_letter_after_it()
    {
        KeyValuePair<string, string> tag = Assert.Single(TagMap.Parse(@"a\=b\\=\;c "));
        Assert.Equal((@"a=b\", ";c"), (tag.Key, tag.Value));
    }

    [Theory]
    [InlineData("env")]
    [InlineData("env=prod;team")]
    [InlineData("=prod")]
    [InlineData("=")]
    [InlineData("a=b=c")]
    [InlineData("a=1;a=2")]
    [InlineData("a=1; a =2")]
    public void Anything_else_is_a_FormatException(string text) =>
        Assert.Throws<FormatException>(() => TagMap.Parse(text));

    [Fact]
    public void Keys_are_compared_letter_for_letter()
    {
        TagMap tags = TagMap.Parse("env=a;ENV=b");
        Assert.Equal(("a", "b"), (tags["env"], tags["ENV"]));
        Assert.False(tags.ContainsKey("Env"));
    }

    [Fact]
    public void A_copy_is_a_copy()
    {
        TagMap tags = TagMap.Parse("a=1");
        TagMap copy = new(tags) { ["b"] = "2" };
        Assert.Equal(("a=1", "a=1;b=2"), (tags.ToString(), copy.ToString()));
    }
}
