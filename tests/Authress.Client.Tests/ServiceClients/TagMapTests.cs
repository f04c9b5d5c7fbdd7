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
    public void Is_read_in_every_common_form(string text, string expected) =>
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
    public void A_JSON_value_keeps_its_text()
    {
        TagMap tags = new() { ["date"] = new DateTime(2026, 12, 31, 0, 0, 0, DateTimeKind.Utc), ["truth"] = true, ["number"] = 1.5, ["none"] = null };
        Assert.Equal("date=2026-12-31T00:00:00Z;truth=true;number=1.5;none=", tags.ToString());
    }

    [Fact]
    public void A_tag_has_a_key_and_a_value()
    {
        TagMap tags = [];
        Assert.Throws<ArgumentException>(() => tags[""] = "x");
        Assert.Throws<ArgumentException>(() => tags["x"] = new List<string>());
        Assert.Throws<ArgumentException>(() => tags.Add("x", new object()));
        Assert.Empty(tags);
    }

    [Fact]
    public void A_copy_is_a_copy()
    {
        TagMap tags = TagMap.Parse("a=1");
        TagMap copy = new(tags) { ["b"] = "2" };
        Assert.Equal(("a=1", "a=1;b=2"), (tags.ToString(), copy.ToString()));
    }
}
