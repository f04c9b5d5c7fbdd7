using System.Management.Automation;
using System.Text.RegularExpressions;
using Authress.PowerShell.Tests.Contract;

namespace Authress.PowerShell.Tests.Help;

/// <summary>The pages in docs say what the cmdlets are. A parameter that changes without its page is found here.</summary>
public sealed partial class PageTests
{
    public static TheoryData<string> Cmdlets => ExportedCommands.All;

    [Fact]
    public void There_is_a_page_for_every_cmdlet_and_no_other()
    {
        IEnumerable<string> pages = Directory.EnumerateFiles(HelpPage.Folder, "*-*.md").Select(file => Path.GetFileNameWithoutExtension(file));
        Assert.Equal(ExportedCommands.Cmdlets.Order(StringComparer.Ordinal), pages.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void A_page_is_about_its_cmdlet(string name)
    {
        HelpPage page = HelpPage.Read(name);
        Assert.Equal(name, page.FrontMatter["title"]);
        Assert.Equal("Authress", page.FrontMatter["Module Name"]);
        Assert.Equal(Path.GetFileName(ExternalHelp.FilePath), page.FrontMatter["external help file"]);
        Assert.Contains($"\n# {name}\n", page.Body, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void A_cmdlet_and_its_page_name_the_same_URL_for_Online(string name)
    {
        HelpPage page = HelpPage.Read(name);
        Assert.Equal($"https://github.com/Authress/authress-sdk.powershell/blob/main/docs/{name}.md", page.FrontMatter["HelpUri"]);
        Assert.Equal(page.FrontMatter["HelpUri"], ExportedCommands.Info(name).ImplementingType.GetCustomAttributes(typeof(CmdletAttribute), false).Cast<CmdletAttribute>().Single().HelpUri);
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void A_page_describes_every_parameter_and_no_other(string name) => Assert.Equal(
        CommandMetadata.Described(ExportedCommands.Info(name)).Select(parameter => parameter.Name).Order(StringComparer.Ordinal),
        HelpPage.Read(name).Parameters.Select(parameter => parameter.Name).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void A_page_describes_each_parameter_correctly(string name)
    {
        CmdletInfo cmdlet = ExportedCommands.Info(name);
        Dictionary<string, PageParameter> told = HelpPage.Read(name).Parameters.ToDictionary(parameter => parameter.Name);
        foreach (ParameterMetadata parameter in CommandMetadata.Described(cmdlet))
        {
            PageParameter page = told[parameter.Name];
            Assert.Equal((parameter.Name, parameter.ParameterType.ToString()), (page.Name, page.Type));
            Assert.Equal((parameter.Name, CommandMetadata.DefaultValue(cmdlet, parameter)), (page.Name, page.DefaultValue));
            Assert.Equal((parameter.Name, CommandMetadata.SupportsWildcards(parameter)), (page.Name, page.SupportsWildcards));
            Assert.Equal(parameter.Aliases.Order(StringComparer.Ordinal), page.Aliases.Order(StringComparer.Ordinal));
            Assert.Equal(CommandMetadata.AcceptedValues(parameter), page.AcceptedValues);
            Assert.Equal(CommandMetadata.Sets(parameter).OrderBy(set => set.Name, StringComparer.Ordinal), page.ParameterSets.OrderBy(set => set.Name, StringComparer.Ordinal));
            Assert.False(page.DontShow, page.Name);
        }
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void A_page_shows_every_parameter_set(string name)
    {
        CmdletInfo cmdlet = ExportedCommands.Info(name);
        IReadOnlyList<(string Title, string Text)> syntax = HelpPage.Read(name).Syntax;
        Assert.Equal(
            cmdlet.ParameterSets.Select(set => set.IsDefault && set.Name != ParameterAttribute.AllParameterSets ? set.Name + " (Default)" : set.Name).Order(StringComparer.Ordinal),
            syntax.Select(way => way.Title).Order(StringComparer.Ordinal));
        foreach (CommandParameterSetInfo set in cmdlet.ParameterSets)
        {
            string line = syntax.Single(way => way.Title.Split(' ')[0] == set.Name).Text.Replace("\n", string.Empty, StringComparison.Ordinal);
            Assert.Contains(name, line, StringComparison.Ordinal);
            Assert.Equal(
                CommandMetadata.Described(set, cmdlet).Select(AsInSyntax).Order(StringComparer.Ordinal),
                ParameterInSyntax().Matches(TypeInSyntax().Replace(line[(line.IndexOf(name, StringComparison.Ordinal) + name.Length)..], "<>")).Select(word => word.Value).Order(StringComparer.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void A_page_names_the_aliases_of_its_cmdlet(string name)
    {
        string[] aliases = [.. ExportedCommands.Info(name).ImplementingType.GetCustomAttributes(typeof(AliasAttribute), false).Cast<AliasAttribute>().SelectMany(alias => alias.AliasNames)];
        string told = HelpPage.Read(name).Aliases;
        Assert.All(aliases, alias => Assert.Contains(alias, told, StringComparison.Ordinal));
        Assert.Equal(aliases.Length == 0, told.Contains("no aliases", StringComparison.Ordinal));
        Assert.All(aliases, alias => Assert.Contains(alias, ExportedCommands.Aliases));
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void A_page_names_what_a_cmdlet_returns(string name) => Assert.Equal(
        ExportedCommands.Info(name).OutputType.Select(type => type.Name).Order(StringComparer.Ordinal),
        HelpPage.Read(name).Outputs.Select(output => output.Title).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Every_description_is_a_sentence(string name)
    {
        HelpPage page = HelpPage.Read(name);
        Assert.All(page.Parameters, parameter => AssertSentence(parameter.Description, 40));
        Assert.All(page.Outputs, output => AssertSentence(output.Text, 10));
        AssertSentence(page.Synopsis, 15);
        AssertSentence(page.Description, 150);
        AssertSentence(page.Notes, 40);
        Assert.Empty(page.Parameters.GroupBy(parameter => parameter.Description).Where(same => same.Count() > 1).Select(same => same.Key));
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void There_are_at_least_three_examples_and_each_calls_the_module(string name)
    {
        IReadOnlyList<HelpExample> examples = HelpPage.Read(name).Examples;
        Assert.True(examples.Count >= 3, $"{name} has {examples.Count} examples.");
        Assert.Equal(Enumerable.Range(1, examples.Count).Select(number => $"Example {number}"), examples.Select(example => example.Title.Split(':')[0]));
        Assert.All(examples, example => AssertSentence(example.Introduction, 10));
        Assert.All(examples, example => Assert.Matches(CmdletName(), example.Code));
        Assert.Contains(examples, example => example.Code.Contains(name, StringComparison.Ordinal));
    }

    [Fact]
    public void Nothing_is_left_to_be_filled_in() => Assert.All(AllPages(), file => Assert.DoesNotContain("{{", HelpPage.ReadText(file), StringComparison.Ordinal));

    [Fact]
    public void Only_what_the_module_exports_is_named() => Assert.All(AllPages(), file => Assert.Empty(Strangers(HelpPage.ReadText(file))));

    [Fact]
    public void Every_link_leads_to_an_existing_page() => Assert.All(AllPages(), file => Assert.All(
        Link().Matches(Fence().Replace(HelpPage.ReadText(file), string.Empty)).Select(link => link.Groups[1].Value),
        target => Assert.True(target.StartsWith("https://", StringComparison.Ordinal) || File.Exists(Path.Combine(HelpPage.Folder, target)), $"{Path.GetFileName(file)} -> {target}")));

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void The_modules_page_lists_every_cmdlet_with_its_synopsis(string name) => Assert.Contains(
        $"### [{name}]({name}.md)\n\n{HelpPage.Read(name).Synopsis}\n",
        HelpPage.ReadText(Path.Combine(HelpPage.Folder, "Authress.md")),
        StringComparison.Ordinal);

    /// <summary>Names in the form of this module's cmdlets that it does not export.</summary>
    internal static IEnumerable<string> Strangers(string text) => CmdletName().Matches(text).Select(name => name.Value).Distinct()
        .Except([.. ExportedCommands.Cmdlets, .. ExportedCommands.Aliases], StringComparer.OrdinalIgnoreCase);

    private static string[] AllPages() => Directory.GetFiles(HelpPage.Folder, "*.md");

    private static string AsInSyntax(CommandParameterInfo parameter)
    {
        string name = parameter.Position >= 0 ? $"[-{parameter.Name}]" : $"-{parameter.Name}";
        string whole = parameter.ParameterType == typeof(SwitchParameter) ? name : name + " <>";
        return parameter.IsMandatory ? whole : $"[{whole}]";
    }

    private static void AssertSentence(string text, int length)
    {
        Assert.True(text.Length >= length, $"'{text}' says too little.");
        Assert.True(text.EndsWith('.') || text.EndsWith('`') || text.EndsWith('?'), $"'{text}' does not end.");
    }

    [GeneratedRegex(@"\b[A-Z][a-z]+-Authress\w*")]
    private static partial Regex CmdletName();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^```.*?^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Fence();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex TypeInSyntax();

    [GeneratedRegex(@"\[\[-\w+\] <>\]|\[-\w+\] <>|\[-\w+ <>\]|\[-\w+\]|-\w+ <>|-\w+")]
    private static partial Regex ParameterInSyntax();
}
