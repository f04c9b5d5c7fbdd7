using System.Text.RegularExpressions;
using System.Xml.Linq;
using Authress.PowerShell.Tests.Hosting;

namespace Authress.PowerShell.Tests.Contract;

/// <summary>The id of an error is the name of its text: none without the other, and none that nobody uses.</summary>
public sealed partial class MessagesTests
{
    private static readonly string Source = Path.Combine(Shell.RepositoryRoot, "src");

    private static readonly string[] Files = [.. new[] { "Authress.Models", "Authress.Client", "Authress.PowerShell" }
        .SelectMany(project => Directory.EnumerateFiles(Path.Combine(Source, project), "*.cs", SearchOption.AllDirectories))
        .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))];

    private static readonly string Factory = File.ReadAllText(Path.Combine(Source, "Authress.PowerShell", "Errors", "ErrorFactory.cs"));

    private static readonly Dictionary<string, string> Texts = XDocument.Load(Path.Combine(Source, "Authress.Models", "Errors", "Messages.resx")).Root!
        .Elements("data").ToDictionary(text => text.Attribute("name")!.Value, text => text.Element("value")!.Value);

    private static readonly string[] ErrorIds = [.. ErrorId().Matches(Factory).Select(id => id.Groups[1].Value).Distinct()];

    public static TheoryData<string> Ids => [.. ErrorIds];

    [Theory]
    [MemberData(nameof(Ids))]
    public void Has_a_text_for_every_error_and_says_what_to_do(string id)
    {
        Assert.True(Texts.ContainsKey(id), $"There is no text {id}.");
        Assert.True(Texts.ContainsKey(id + "Action"), $"There is no text {id}Action.");
    }

    [Fact]
    public void Has_no_text_that_nobody_uses()
    {
        HashSet<string> used = [.. Files.SelectMany(file => Use().Matches(File.ReadAllText(file))).Select(use => use.Groups[1].Value), .. ErrorIds.Select(id => id + "Action")];
        Assert.Empty(Texts.Keys.Except(used));
    }

    [Fact]
    public void Makes_errors_in_the_factory_alone() =>
        Assert.Equal(["ErrorFactory.cs"], Files.Where(file => File.ReadAllText(file).Contains("new ErrorRecord(", StringComparison.Ordinal) || File.ReadAllText(file).Contains("ErrorRecord record = new(", StringComparison.Ordinal)).Select(file => Path.GetFileName(file)));

    [Fact]
    public void Ends_every_sentence_that_stands_alone() =>
        Assert.All(ErrorIds.Where(id => !Placeholder().IsMatch(Texts[id])), id => Assert.EndsWith(".", Texts[id], StringComparison.Ordinal));

    [GeneratedRegex(@"(?:Make\(|\()nameof\(Messages\.(\w+)\), ErrorCategory")]
    private static partial Regex ErrorId();

    [GeneratedRegex(@"\bMessages\.(\w+)")]
    private static partial Regex Use();

    [GeneratedRegex(@"^\{\d\}$|\{\d\}$")]
    private static partial Regex Placeholder();
}
