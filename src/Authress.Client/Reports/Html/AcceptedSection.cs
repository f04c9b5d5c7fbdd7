namespace Authress.Client.Reports.Html;

/// <summary>The findings that a file of exceptions accepts, with their reasons, collapsed.</summary>
internal static class AcceptedSection
{
    /// <summary>Writes the section.</summary>
    public static void Write(HtmlWriter html, PageContent content)
    {
        IReadOnlyList<AccessKeyFinding> accepted = content.Document.Accepted;
        html.Line().Open("section", id: "accepted").Attribute("aria-labelledby", "accepted-heading");
        html.Line().Element("h2", Messages.PageAccepted, id: "accepted-heading");
        if (accepted.Count == 0)
            html.Line().Element("p", Messages.PageNoneAccepted);
        else
            WriteTable(html, content, accepted);
        html.Close();
    }

    private static void WriteTable(HtmlWriter html, PageContent content, IReadOnlyList<AccessKeyFinding> accepted)
    {
        html.Line().Open("details");
        html.Line().Element("summary", InvariantText.Format(Messages.PageShowAccepted, PageContent.Number(accepted.Count)));
        html.Line().Open("table", "accepted");
        html.Line().Element("caption", Messages.PageAcceptedCaption);
        ColumnLabels.WriteHeader(html, ColumnLabels.Accepted);
        TableRows.Write(html, accepted, FindingsSection.MaximumListed, finding => WriteFinding(html, content, finding));
        html.Close();
        if (accepted.Count > FindingsSection.MaximumListed)
            html.Line().Element("p", InvariantText.Format(Messages.PageAcceptedNotListed, PageContent.Number(accepted.Count - FindingsSection.MaximumListed)), "more");
        html.Close();
    }

    private static void WriteFinding(HtmlWriter html, PageContent content, AccessKeyFinding finding)
    {
        html.Line().Open("tr");
        FindingsSection.WriteClient(html, content, finding);
        FindingsSection.WriteBadge(html.Open("td").Open("span"), finding.Severity);
        html.Text(" ").Text(finding.Rule).Close().Close();
        FindingsSection.WriteKey(html, finding);
        html.Element("td", finding.Message).Element("td", finding.AcceptedReason).Element("td", finding.AcceptedUntil is { } until ? PageContent.Day(until) : null);
        html.Close();
    }
}
