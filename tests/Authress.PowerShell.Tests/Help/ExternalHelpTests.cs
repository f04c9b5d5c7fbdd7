using System.Management.Automation;
using Authress.PowerShell.Tests.Contract;
using Authress.PowerShell.Tests.Hosting;

namespace Authress.PowerShell.Tests.Help;

/// <summary>
/// The help file that ships has the content of the pages. A page that was edited without generating the file again, with
/// <c>./build.ps1 -Task Docs</c>, is found here.
/// </summary>
public sealed class ExternalHelpTests
{
    public static TheoryData<string> Cmdlets => ExportedCommands.All;

    [Fact]
    public void Has_every_cmdlet_once_and_no_other() =>
        Assert.Equal(ExportedCommands.Cmdlets.Order(StringComparer.Ordinal), ExternalHelp.Commands.Order(StringComparer.Ordinal));

    [Fact]
    public void Is_the_same_on_every_machine()
    {
        byte[] content = File.ReadAllBytes(ExternalHelp.FilePath);
        Assert.DoesNotContain((byte)'\r', content);
        Assert.Equal((byte)'<', content[0]);
        Assert.Equal((byte)'\n', content[^1]);
    }

    [Fact]
    public void Has_nothing_left_of_Markdown_and_nothing_to_be_filled_in()
    {
        string text = File.ReadAllText(ExternalHelp.FilePath);
        Assert.DoesNotContain("```", text, StringComparison.Ordinal);
        Assert.DoesNotContain("{{", text, StringComparison.Ordinal);
        Assert.DoesNotContain(text, c => char.IsControl(c) && c is not ('\n' or '\r'));
    }

    [Fact]
    public void Ships_as_it_is_committed() =>
        Assert.Equal(File.ReadAllText(ExternalHelp.FilePath), File.ReadAllText(Path.Combine(Shell.ModuleFolder, "en-US", Path.GetFileName(ExternalHelp.FilePath))));

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Has_the_texts_of_the_page(string name)
    {
        HelpPage page = HelpPage.Read(name);
        ExternalHelp help = ExternalHelp.Of(name);
        Assert.Equal(HelpPage.Plain(page.Synopsis), help.Synopsis);
        Assert.Equal(HelpPage.Plain(page.Description), help.Description);
        Assert.Equal(HelpPage.Plain(page.Notes), help.Notes);
        Assert.Equal(page.Inputs.Select(PlainType), help.Inputs);
        Assert.Equal(page.Outputs.Select(PlainType), help.Outputs);
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Has_the_examples_of_the_page(string name) => Assert.Equal(
        HelpPage.Read(name).Examples.Select(example => example with { Introduction = HelpPage.Plain(example.Introduction) }),
        ExternalHelp.Of(name).Examples);

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Has_the_parameters_of_the_page(string name)
    {
        HelpPage page = HelpPage.Read(name);
        Dictionary<string, ExternalParameter> told = ExternalHelp.Of(name).Parameters.ToDictionary(parameter => parameter.Name);
        Assert.Equal(page.Parameters.Select(parameter => parameter.Name).Order(StringComparer.Ordinal), told.Keys.Order(StringComparer.Ordinal));
        foreach (PageParameter parameter in page.Parameters)
        {
            ExternalParameter help = told[parameter.Name];
            Assert.Equal((parameter.Name, HelpPage.Plain(parameter.Description)), (help.Name, help.Description));
            Assert.Equal((parameter.Name, parameter.Type), (help.Name, help.Type));
            Assert.Equal((parameter.Name, parameter.DefaultValue.Length == 0 ? "None" : parameter.DefaultValue), (help.Name, help.DefaultValue));
            Assert.Equal((parameter.Name, PipelineInput(parameter)), (help.Name, help.PipelineInput));
            Assert.Equal((parameter.Name, parameter.SupportsWildcards), (help.Name, help.SupportsWildcards));
            Assert.Equal((parameter.Name, parameter.Aliases.Length == 0 ? "none" : string.Join(", ", parameter.Aliases)), (help.Name, help.Aliases));
            Assert.Contains(parameter.ParameterSets, set => set.IsRequired == help.IsRequired && set.Position == help.Position);
        }
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Shows_every_parameter_set(string name)
    {
        CmdletInfo cmdlet = ExportedCommands.Info(name);
        IEnumerable<string> expected = cmdlet.ParameterSets.Select(set => string.Join(
            ' ', CommandMetadata.Described(set, cmdlet).Select(parameter => Describe(parameter.Name, parameter.IsMandatory, CommandMetadata.Position(parameter.Position))).Order(StringComparer.Ordinal)));
        IEnumerable<string> actual = ExternalHelp.Of(name).Syntax.Select(way => string.Join(
            ' ', way.Select(parameter => Describe(parameter.Name, parameter.IsRequired, parameter.Position)).Order(StringComparer.Ordinal)));
        Assert.Equal(expected.Order(StringComparer.Ordinal), actual.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Has_the_online_page_as_its_first_link_and_no_broken_link(string name)
    {
        IReadOnlyList<(string Text, string Uri)> links = ExternalHelp.Of(name).Links;
        Assert.Equal(HelpPage.Read(name).FrontMatter["HelpUri"], links[0].Uri);
        Assert.All(links, link => Assert.True(link.Uri.StartsWith("https://", StringComparison.Ordinal) || (link.Uri.Length == 0 && ExportedCommands.Cmdlets.Contains(link.Text)), link.Text));
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Is_the_text_that_Get_Help_shows(string name)
    {
        using Shell shell = new(width: 400);
        PSObject help = shell.Run($"Get-Help {name} -Full").Ok().Single;
        HelpPage page = HelpPage.Read(name);
        Assert.Equal(HelpPage.Plain(page.Synopsis), help.Properties["Synopsis"].Value.ToString()!.Trim());
        string shown = shell.Show($"Get-Help {name} -Full");
        Assert.All(page.Parameters, parameter => Assert.Contains("-" + parameter.Name, shown, StringComparison.Ordinal));
        Assert.All(page.Examples, example => Assert.Contains(example.Title, shown, StringComparison.Ordinal));
        Assert.All(page.Examples, example => Assert.Contains(example.Code.Split('\n')[0], shown, StringComparison.Ordinal));
    }

    private static (string Title, string Text) PlainType((string Title, string Text) type) => (type.Title, HelpPage.Plain(type.Text));

    private static string Describe(string name, bool isRequired, string position) => $"{name}/{(isRequired ? "required" : "optional")}/{position.ToUpperInvariant()}";

    private static string PipelineInput(PageParameter parameter)
    {
        List<string> sources = [];
        if (parameter.ParameterSets.Any(set => set.ValueFromPipeline))
            sources.Add("ByValue");
        if (parameter.ParameterSets.Any(set => set.ValueFromPipelineByPropertyName))
            sources.Add("ByPropertyName");
        return sources.Count == 0 ? "False" : $"True ({string.Join(", ", sources)})";
    }
}
