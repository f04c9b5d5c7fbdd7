using System.Text.RegularExpressions;
using Authress.PowerShell.Tests.Hosting;
using YamlDotNet.Serialization;

namespace Authress.PowerShell.Tests.Help;

/// <summary>A cmdlet's page in docs, taken apart.</summary>
internal sealed partial class HelpPage
{
    private static readonly IDeserializer Yaml = new DeserializerBuilder().Build();

    private readonly Dictionary<string, string> _sections;

    private HelpPage(string text)
    {
        Match parts = Regex.Match(text, @"\A---\n(?<yaml>.*?)\n---\n(?<body>.*)\z", RegexOptions.Singleline);
        Assert.True(parts.Success, "The page begins with a block of YAML.");
        FrontMatter = Yaml.Deserialize<Dictionary<string, string>>(parts.Groups["yaml"].Value);
        Body = parts.Groups["body"].Value;
        _sections = Split(Body, "## ").ToDictionary(section => section.Title, section => section.Text);
    }

    public static string Folder { get; } = Path.Combine(Shell.RepositoryRoot, "docs");

    public IReadOnlyDictionary<string, string> FrontMatter { get; }

    public string Body { get; }

    public string Synopsis => _sections["SYNOPSIS"];

    public string Description => _sections["DESCRIPTION"];

    public string Notes => _sections["NOTES"];

    public string Aliases => _sections["ALIASES"];

    /// <summary>Parameter sets by name, each with its line; the default one's name ends in "(Default)".</summary>
    public IReadOnlyList<(string Title, string Text)> Syntax => Split(_sections["SYNTAX"], "### ");

    public IReadOnlyList<(string Title, string Text)> Inputs => Split(_sections["INPUTS"], "### ");

    public IReadOnlyList<(string Title, string Text)> Outputs => Split(_sections["OUTPUTS"], "### ");

    public IReadOnlyList<HelpExample> Examples => [.. Split(_sections["EXAMPLES"], "### ").Select(ReadExample)];

    public IReadOnlyList<PageParameter> Parameters =>
        [.. Split(_sections["PARAMETERS"], "### ").Where(section => section.Title.StartsWith('-')).Select(ReadParameter)];

    public static HelpPage Read(string cmdlet) => new(ReadText(Path.Combine(Folder, cmdlet + ".md")));

    /// <summary>A file's text with plain line ends, however it was checked out.</summary>
    public static string ReadText(string file) => File.ReadAllText(file).Replace("\r\n", "\n", StringComparison.Ordinal);

    /// <summary>A text as a screen shows it: without the marks of code in a sentence.</summary>
    public static string Plain(string markdown) => InlineCode().Replace(markdown, "$1");

    // Headings within a block of code are none.
    private static List<(string Title, string Text)> Split(string text, string heading)
    {
        List<(string Title, string Text)> sections = [];
        List<string> lines = [];
        string? title = null;
        bool isCode = false;
        foreach (string line in text.Split('\n'))
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
                isCode = !isCode;
            if (!isCode && line.StartsWith(heading, StringComparison.Ordinal))
            {
                Close();
                title = line[heading.Length..].Trim();
            }
            else
            {
                lines.Add(line);
            }
        }

        Close();
        return sections;

        void Close()
        {
            if (title is not null)
                sections.Add((title, string.Join('\n', lines).Trim('\n')));
            lines.Clear();
        }
    }

    private static HelpExample ReadExample((string Title, string Text) section)
    {
        Match parts = Example().Match(section.Text);
        Assert.True(parts.Success, $"{section.Title} is a sentence, a block of powershell and, where it has any, one of output.");
        return new HelpExample(section.Title, parts.Groups["intro"].Value.Trim('\n'), parts.Groups["code"].Value, parts.Groups["output"].Value);
    }

    private static PageParameter ReadParameter((string Title, string Text) section)
    {
        Match parts = Parameter().Match(section.Text);
        Assert.True(parts.Success, $"{section.Title} is a description and a block of YAML.");
        PageParameter parameter = Yaml.Deserialize<PageParameter>(parts.Groups["yaml"].Value);
        parameter.Name = section.Title[1..];
        parameter.Description = parts.Groups["description"].Value.Trim('\n');
        return parameter;
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex InlineCode();

    [GeneratedRegex(@"\A(?<intro>.+?)\n+```powershell\n(?<code>.+?)\n```\s*(```output\n(?<output>.+?)\n```\s*)?\z", RegexOptions.Singleline)]
    private static partial Regex Example();

    [GeneratedRegex(@"\A(?<description>.+?)\n+```yaml\n(?<yaml>.+?)\n```\s*\z", RegexOptions.Singleline)]
    private static partial Regex Parameter();
}

/// <summary>An example: what it is about, what is typed, and what is shown.</summary>
internal sealed record HelpExample(string Title, string Introduction, string Code, string Output);

/// <summary>A parameter on its page. The names are those of the page's YAML.</summary>
internal sealed class PageParameter
{
    [YamlIgnore]
    public string Name { get; set; } = string.Empty;

    [YamlIgnore]
    public string Description { get; set; } = string.Empty;

    public string Type { get; set; } = string.Empty;

    public string DefaultValue { get; set; } = string.Empty;

    public bool SupportsWildcards { get; set; }

    public string[] Aliases { get; set; } = [];

    public PageParameterSet[] ParameterSets { get; set; } = [];

    public bool DontShow { get; set; }

    public string[] AcceptedValues { get; set; } = [];

    public string HelpMessage { get; set; } = string.Empty;
}

/// <summary>What a parameter is in one parameter set.</summary>
internal sealed record PageParameterSet
{
    public string Name { get; set; } = string.Empty;

    public string Position { get; set; } = string.Empty;

    public bool IsRequired { get; set; }

    public bool ValueFromPipeline { get; set; }

    public bool ValueFromPipelineByPropertyName { get; set; }

    public bool ValueFromRemainingArguments { get; set; }
}
