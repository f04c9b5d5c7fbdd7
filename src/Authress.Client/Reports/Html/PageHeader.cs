using System.Globalization;

namespace Authress.Client.Reports.Html;

/// <summary>What the report is about, what it counts, and what it can't say.</summary>
internal static class PageHeader
{
    /// <summary>Writes the header's content.</summary>
    public static void Write(HtmlWriter html, PageContent content)
    {
        ReportDocument document = content.Document;
        html.Line().Element("h1", Messages.PageHeading);
        html.Line().Open("ul", "accounts");
        foreach (ReportAccount account in document.Accounts)
            WriteAccount(html, account);
        html.Close();
        html.Line().Open("p", "time").Text(Messages.PageTime).Text(" ");
        html.Open("time").Attribute("datetime", document.Time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss'Z'", CultureInfo.InvariantCulture)).Text(PageContent.Moment(document.Time)).Close().Close();
        WriteVerdict(html, content);
        WriteCounts(html, document);
        html.Line().Element("p", Messages.PageLastUse, "hint");
        html.Line().Open("nav").Attribute("aria-label", Messages.PageSections);
        WriteLink(html, "ages", Messages.PageAges);
        WriteLink(html, "findings", Messages.PageFindings);
        WriteLink(html, "accepted", Messages.PageAccepted);
        WriteLink(html, "inventory", Messages.PageInventory);
        html.Close();
    }

    private static void WriteAccount(HtmlWriter html, ReportAccount account)
    {
        html.Line().Open("li");
        if (account.AccountId is not null)
            html.Element("code", account.AccountId).Text(" ");
        html.Element("span", account.ApiUrl.OriginalString, "url");
        if (!account.IsComplete)
            html.Text(" ").Open("span", "badge").Attribute("data-severity", "error").Text(Messages.PageIncompleteMark).Close();
        html.Close();
    }

    // A report that lacks something is never clean, whatever it counts.
    private static void WriteVerdict(HtmlWriter html, PageContent content)
    {
        if (!content.IsComplete)
        {
            html.Line().Open("p", "verdict").Attribute("data-severity", "error").Element("strong", Messages.PageIncomplete).Text(" ").Text(Messages.PageIncompleteMeaning);
            if (content.ClientsWithoutKeys > 0)
                html.Text(" ").Text(InvariantText.Format(Messages.PageKeysNotRead, PageContent.Number(content.ClientsWithoutKeys)));
            html.Close();
        }
        else if (content.Document.Findings.Count == 0)
        {
            html.Line().Open("p", "verdict").Attribute("data-severity", "clean").Text(Messages.PageClean).Close();
        }
    }

    private static void WriteCounts(HtmlWriter html, ReportDocument document)
    {
        html.Line().Open("dl", "counts");
        foreach (FindingSeverity severity in new[] { FindingSeverity.Error, FindingSeverity.Warning, FindingSeverity.Note })
        {
            int count = document.Findings.Count(finding => finding.Severity == severity);
            string label = severity switch
            {
                FindingSeverity.Error => Messages.PageErrors,
                FindingSeverity.Warning => Messages.PageWarnings,
                FindingSeverity.Note or _ => Messages.PageNotes,
            };
            WriteCount(html, label, count, count == 0 ? null : PageContent.ClassOf(severity));
        }

        WriteCount(html, Messages.PageAcceptedCount, document.Accepted.Count);
        WriteCount(html, Messages.PageClients, document.Clients.Count);
        WriteCount(html, Messages.PageKeys, document.Clients.Sum(client => client.Keys?.Count ?? 0));
        html.Close();
    }

    private static void WriteCount(HtmlWriter html, string label, int count, string? severity = null)
    {
        html.Line().Open("div");
        if (severity is not null)
            html.Attribute("data-severity", severity);
        html.Element("dt", label).Element("dd", PageContent.Number(count)).Close();
    }

    private static void WriteLink(HtmlWriter html, string section, string text) => html.Open("a").Attribute("href", "#" + section).Text(text).Close().Text(" ");
}
