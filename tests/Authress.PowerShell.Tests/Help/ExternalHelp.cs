using System.Xml.Linq;
using Authress.PowerShell.Tests.Hosting;

namespace Authress.PowerShell.Tests.Help;

/// <summary>A cmdlet's part of the help file that ships, taken apart.</summary>
internal sealed class ExternalHelp
{
    private static readonly XNamespace Maml = "http://schemas.microsoft.com/maml/2004/10";
    private static readonly XNamespace Command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace Dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    private readonly XElement _command;

    private ExternalHelp(XElement command) => _command = command;

    public static string FilePath { get; } = Path.Combine(Shell.RepositoryRoot, "en-US", "Authress.PowerShell.dll-Help.xml");

    private static readonly Lazy<XDocument> Document = new(() => XDocument.Load(FilePath, LoadOptions.PreserveWhitespace));

    public static IReadOnlyList<string> Commands => [.. Document.Value.Descendants(Command + "command").Select(Name)];

    public string Synopsis => Text(_command.Element(Command + "details")!.Element(Maml + "description"));

    public string Description => Text(_command.Element(Maml + "description"));

    public string Notes => string.Join("\n\n", _command.Elements(Maml + "alertSet").Elements(Maml + "alert").Select(Text));

    public IReadOnlyList<(string Title, string Text)> Inputs => Types("inputTypes", "inputType");

    public IReadOnlyList<(string Title, string Text)> Outputs => Types("returnValues", "returnValue");

    public IReadOnlyList<ExternalParameter> Parameters => [.. _command.Elements(Command + "parameters").Elements(Command + "parameter").Select(Read)];

    public IReadOnlyList<IReadOnlyList<ExternalParameter>> Syntax =>
        [.. _command.Elements(Command + "syntax").Elements(Command + "syntaxItem").Select(item => item.Elements(Command + "parameter").Select(Read).ToArray())];

    public IReadOnlyList<HelpExample> Examples =>
    [
        .. _command.Elements(Command + "examples").Elements(Command + "example").Select(example => new HelpExample(
            example.Element(Maml + "title")!.Value.Trim('-', ' '),
            Text(example.Element(Maml + "introduction")),
            example.Element(Dev + "code")!.Value,
            Text(example.Element(Dev + "remarks")))),
    ];

    public IReadOnlyList<(string Text, string Uri)> Links =>
    [
        .. _command.Elements(Command + "relatedLinks").Elements(Maml + "navigationLink").Select(link => (link.Element(Maml + "linkText")!.Value, link.Element(Maml + "uri")!.Value)),
    ];

    public static ExternalHelp Of(string cmdlet) => new(Assert.Single(Document.Value.Descendants(Command + "command"), command => Name(command) == cmdlet));

    private static string Name(XElement command) => command.Element(Command + "details")!.Element(Command + "name")!.Value;

    private static string Text(XElement? element) => string.Join("\n\n", (element?.Elements(Maml + "para") ?? []).Select(paragraph => paragraph.Value)).Trim('\n');

    private (string Title, string Text)[] Types(string list, string item) =>
    [
        .. _command.Elements(Command + list).Elements(Command + item).Select(type => (type.Element(Dev + "type")!.Element(Maml + "name")!.Value, Text(type.Element(Maml + "description")))),
    ];

    private static ExternalParameter Read(XElement parameter) => new(
        parameter.Element(Maml + "name")!.Value,
        Text(parameter.Element(Maml + "description")),
        parameter.Element(Dev + "type")!.Element(Maml + "name")!.Value,
        (bool)parameter.Attribute("required")!,
        parameter.Attribute("position")!.Value,
        parameter.Attribute("pipelineInput")!.Value,
        parameter.Attribute("aliases")!.Value,
        (bool)parameter.Attribute("globbing")!,
        parameter.Element(Dev + "defaultValue")!.Value);
}

/// <summary>A parameter in the help file.</summary>
internal sealed record ExternalParameter(
    string Name, string Description, string Type, bool IsRequired, string Position, string PipelineInput, string Aliases, bool SupportsWildcards, string DefaultValue);
