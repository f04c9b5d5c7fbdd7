namespace Authress.Client.Reports.Html;

/// <summary>The findings, the worst first, in a table for each rule.</summary>
internal static class FindingsSection
{
    /// <summary>The most findings of a rule that the page lists, so that a page about a large account stays small enough to open.</summary>
    public const int MaximumListed = 500;

    // More would not fit into the narrowest page.
    private const int LongParameter = 26;

    /// <summary>Writes the section.</summary>
    public static void Write(HtmlWriter html, PageContent content)
    {
        html.Line().Open("section", id: "findings").Attribute("aria-labelledby", "findings-heading");
        html.Line().Element("h2", Messages.PageFindings, id: "findings-heading");
        if (content.Groups.Count == 0)
            html.Line().Element("p", content.IsComplete ? Messages.PageClean : Messages.PageNoFindings);
        else
            WriteGroups(html, content);
        html.Close();
    }

    /// <summary>Writes the cell of a finding's client.</summary>
    public static void WriteClient(HtmlWriter html, PageContent content, AccessKeyFinding finding)
    {
        html.Open("th").Attribute("scope", "row");
        if (finding.ClientId is null)
        {
            html.Element("span", Messages.PageWholeAccount, "none");
        }
        else if (content.RowOf(finding) is { } row)
        {
            html.Open("a").Attribute("href", "#" + row);
            WriteName(html, finding.ClientName);
            html.Close().Element("code", finding.ClientId);
        }
        else
        {
            WriteName(html, finding.ClientName);
            html.Element("code", finding.ClientId);
        }

        if (content.HasSeveralAccounts)
            html.Element("small", PageContent.NameOf(finding.AccountId, finding.ApiUrl));
        html.Close();
    }

    /// <summary>Writes a client's name, or that it has none.</summary>
    public static void WriteName(HtmlWriter html, string? name)
    {
        if (string.IsNullOrWhiteSpace(name))
            html.Element("span", Messages.PageNoName, "none");
        else
            html.Element("bdi", name);
    }

    /// <summary>Writes the cell of a finding's key.</summary>
    public static void WriteKey(HtmlWriter html, AccessKeyFinding finding)
    {
        html.Open("td");
        if (finding.KeyId is null)
            html.Element("span", Messages.PageNoKey, "none");
        else
            html.Element("code", finding.KeyId);
        html.Close();
    }

    /// <summary>Writes a severity as a word, which the style also colours.</summary>
    public static void WriteBadge(HtmlWriter html, FindingSeverity severity) =>
        html.Open("span", "badge").Attribute("data-severity", PageContent.ClassOf(severity)).Text(PageContent.Word(severity)).Close();

    private static void WriteGroups(HtmlWriter html, PageContent content)
    {
        html.Line().Open("ul", "rules");
        foreach (FindingGroup group in content.Groups)
        {
            WriteBadge(html.Line().Open("li"), group.Severity);
            html.Text(" ").Open("a").Attribute("href", "#" + group.Anchor).Text(group.Rule).Close().Text(" ").Element("span", PageContent.Number(group.Findings.Count), "number").Close();
        }

        html.Close();
        PageScript.WriteFilter(html, "findings", Messages.PageFilterFindings, Messages.PageFindingsShown);
        foreach (FindingGroup group in content.Groups)
            WriteGroup(html, content, group);
    }

    private static void WriteGroup(HtmlWriter html, PageContent content, FindingGroup group)
    {
        html.Line().Open("section", "group").Attribute("aria-labelledby", group.Anchor);
        WriteBadge(html.Line().Open("h3", id: group.Anchor), group.Severity);
        html.Text(" ").Text(group.Rule).Text(" ").Element("span", PageContent.Number(group.Findings.Count), "number").Close();
        if (ReportRule.Find(group.Rule)?.Description is { } description)
            html.Line().Element("p", description, "hint");
        html.Line().Open("table", "findings");
        html.Line().Element("caption", InvariantText.Format(Messages.PageFindingsCaption, group.Rule), "unseen");
        ColumnLabels.WriteHeader(html, ColumnLabels.Findings);
        TableRows.Write(html, group.Findings, MaximumListed, finding => WriteFinding(html, content, finding));
        html.Close();
        if (group.Findings.Count > MaximumListed)
            html.Line().Element("p", InvariantText.Format(Messages.PageNotListed, PageContent.Number(group.Findings.Count - MaximumListed)), "more");
        html.Close();
    }

    private static void WriteFinding(HtmlWriter html, PageContent content, AccessKeyFinding finding)
    {
        html.Line().Open("tr");
        WriteClient(html, content, finding);
        WriteKey(html, finding);
        html.Element("td", finding.Message);
        html.Open("td");
        if (finding.Fix is null)
            html.Element("span", Messages.PageNoFix, "none");
        else
            WriteFix(html, finding.Fix);
        html.Close();
        html.Close();
    }

    // A parameter's name is kept together: a line must not end after its hyphen.
    private static void WriteFix(HtmlWriter html, string command)
    {
        html.Open("code", "fix");
        string[] parts = command.Split(' ');
        for (int i = 0; i < parts.Length; i++)
        {
            if (i > 0)
                html.Text(" ");
            if (parts[i].Length is > 1 and < LongParameter && parts[i][0] == '-')
                html.Element("span", parts[i]);
            else
                html.Text(parts[i]);
        }

        html.Close();
    }
}
