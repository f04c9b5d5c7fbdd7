using System.Text.RegularExpressions;
using System.Xml.Linq;
using Authress.PowerShell.Tests.Hosting;

namespace Authress.PowerShell.Tests.Help;

/// <summary>The topics that belong to no cmdlet.</summary>
public sealed partial class TopicTests
{
    public static TheoryData<string> Topics =>
        [.. Directory.EnumerateFiles(Path.GetDirectoryName(ExternalHelp.FilePath)!, "about_*.help.txt").Select(file => Path.GetFileName(file).Replace(".help.txt", string.Empty, StringComparison.Ordinal))];

    [Theory]
    [InlineData("about_Authress")]
    [InlineData("about_Authress_Bulk")]
    [InlineData("about_Authress_Keys")]
    [InlineData("about_Authress_Report")]
    [InlineData("about_Authress_Rotation")]
    [InlineData("about_Authress_Secrets")]
    public void Exists(string topic) => Assert.Contains(topic, Topics.Select(row => row.Data));

    [Theory]
    [MemberData(nameof(Topics))]
    public void Has_its_name_and_a_short_description(string topic)
    {
        string[] lines = Read(topic).Split('\n');
        Assert.Equal("TOPIC", lines[0]);
        Assert.Equal(topic, lines[1].Trim());
        Assert.Contains("SHORT DESCRIPTION", lines);
        Assert.Contains("LONG DESCRIPTION", lines);
    }

    [Theory]
    [MemberData(nameof(Topics))]
    public void Fits_a_narrow_screen(string topic) => Assert.All(Read(topic).Split('\n'), line => Assert.True(line.Length <= 80, line));

    [Theory]
    [MemberData(nameof(Topics))]
    public void Names_only_existing_cmdlets_and_topics(string topic)
    {
        Assert.Empty(PageTests.Strangers(Read(topic)));
        Assert.All(TopicName().Matches(Read(topic)).Select(name => name.Value), name => Assert.Contains(name, Topics.Select(row => row.Data)));
    }

    /// <summary>A runbook tells by these lists whether to try again.</summary>
    [Fact]
    public void Lists_every_error_of_a_rotation_once()
    {
        IEnumerable<string> ids = XDocument.Load(Path.Combine(Shell.RepositoryRoot, "src", "Authress.Models", "Errors", "Messages.resx")).Descendants("data")
            .Select(data => data.Attribute("name")!.Value)
            .Where(name => name.EndsWith("Action", StringComparison.Ordinal) && (name.StartsWith("Rotation", StringComparison.Ordinal) || name.StartsWith("Journal", StringComparison.Ordinal)))
            .Select(name => name.Remove(name.Length - "Action".Length));
        string topic = Read("about_Authress_Rotation");
        int end = topic.IndexOf("An unattended run", StringComparison.Ordinal);
        string lists = topic[topic.IndexOf("ERRORS: TRY AGAIN", StringComparison.Ordinal)..end];
        string[] listed = [.. ListedErrors().Matches(lists).SelectMany(list => list.Groups[1].Value.Split(", ")).Where(id => id.StartsWith("Rotation", StringComparison.Ordinal) || id.StartsWith("Journal", StringComparison.Ordinal))];
        Assert.Equal(ids.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Topics))]
    public void Is_the_text_that_Get_Help_shows(string topic)
    {
        using Shell shell = new();
        Assert.Contains("SHORT DESCRIPTION", shell.Show($"Get-Help {topic}"), StringComparison.Ordinal);
    }

    private static string Read(string topic) => HelpPage.ReadText(Path.Combine(Path.GetDirectoryName(ExternalHelp.FilePath)!, topic + ".help.txt"));

    [GeneratedRegex(@"\babout_Authress\w*")]
    private static partial Regex TopicName();

    // At the beginning of a line of the list.
    [GeneratedRegex("^ {8}([A-Z][A-Za-z]+(?:, [A-Z][A-Za-z]+)*)(?=,?$| )", RegexOptions.Multiline)]
    private static partial Regex ListedErrors();
}
