using System.Globalization;

namespace Authress.Client.Reports.Html;

/// <summary>All clients with their keys. A row is as short as it can be: there may be ten thousand.</summary>
internal static class InventorySection
{
    // Looked up once, and not for each row.
    private static readonly string Unknown = Messages.PageUnknown;
    private static readonly string NoTags = Messages.PageNoTags;
    private static readonly string NoGrants = Messages.PageNoGrants;
    private static readonly string NoRateLimit = Messages.PageNoRateLimit;

    /// <summary>Writes the section.</summary>
    public static void Write(HtmlWriter html, PageContent content)
    {
        html.Line().Open("section", id: "inventory").Attribute("aria-labelledby", "inventory-heading");
        html.Line().Element("h2", Messages.PageInventory, id: "inventory-heading");
        if (content.Document.Clients.Count == 0)
        {
            html.Line().Element("p", Messages.PageNoClients).Close();
            return;
        }

        PageScript.WriteFilter(html, "inventory", Messages.PageFilterClients, Messages.PageClientsShown);
        html.Line().Open("table", "inventory");
        html.Line().Element("caption", InvariantText.Format(Messages.PageInventoryCaption, PageContent.Moment(content.Document.Time)));
        ColumnLabels.WriteHeader(html, ColumnLabels.Inventory);
        TableRows.Write(html, content.Document.Clients, int.MaxValue, client => WriteClient(html, content, client));
        html.Close().Close();
    }

    private static void WriteClient(HtmlWriter html, PageContent content, InventoryClient client)
    {
        html.Line().Open("tr", id: content.RowOf(client));
        html.Open("th").Attribute("scope", "row");
        FindingsSection.WriteName(html, client.Name);
        html.Element("code", client.ClientId);
        if (content.HasSeveralAccounts)
            html.Element("small", PageContent.NameOf(client.Account.AccountId, client.Account.ApiUrl));
        html.Close();
        WriteTags(html, client.Tags);
        WriteGrants(html, client);
        WriteOptional(html, client.CreatedTime is { } created ? PageContent.Day(created) : null, Unknown);
        WriteKeys(html, content, client);
        WriteOldest(html, content, client);
        WriteFindings(html, content.FindingsOf(client));
        html.Close();
    }

    private static void WriteTags(HtmlWriter html, string? tags)
    {
        if (string.IsNullOrEmpty(tags))
        {
            WriteOptional(html, null, NoTags);
            return;
        }

        // A line may end after a tag.
        html.Open("td");
        for (int start = 0, end; start < tags!.Length; start = end)
        {
            end = tags.IndexOf(';', start) + 1;
            if (end == 0)
                end = tags.Length;
            if (start > 0)
                html.Open("wbr").CloseVoid();
            html.Text(tags.Substring(start, end - start));
        }

        html.Close();
    }

    private static void WriteOptional(HtmlWriter html, string? text, string without)
    {
        if (string.IsNullOrEmpty(text))
            html.Element("td", without, "none");
        else
            html.Element("td", text);
    }

    private static void WriteGrants(HtmlWriter html, InventoryClient client)
    {
        html.Open("td").Open("ul");
        if (client.CreatesTokens)
            html.Element("li", Messages.PageCreatesTokens);
        if (client.ActsForUsers)
            html.Element("li", Messages.PageActsForUsers);
        if (!client.CreatesTokens && !client.ActsForUsers)
            html.Element("li", NoGrants, "none");
        if (client.RateLimit is null)
            html.Element("li", NoRateLimit, "none");
        else
            html.Element("li", InvariantText.Format(Messages.PageRateLimit, client.RateLimit));
        html.Close().Close();
    }

    private static void WriteKeys(HtmlWriter html, PageContent content, InventoryClient client)
    {
        if (client.Keys is not { Count: > 0 } keys)
        {
            html.Element("td", client.Keys is null ? Messages.PageNotRead : Messages.PageNoKeys, client.Keys is null ? "unread" : "none");
            return;
        }

        html.Open("td").Attribute("data-value", keys.Count.ToString(CultureInfo.InvariantCulture)).Open("ul");
        foreach (InventoryKey key in keys)
        {
            html.Open("li").Element("code", key.KeyId).Text(" ");
            if (key.GenerationDate is { } made)
                html.Text(PageContent.Day(made)).Text(", ").Text(PageContent.Days(content.AgeOf(key)!.Value));
            else
                html.Text(Messages.PageKeyAgeUnknown);
            if (key.KeptUntil is { } until)
                html.Text(" ").Element("b", InvariantText.Format(Messages.PageKeptUntil, PageContent.Moment(until)));
            html.Close();
        }

        html.Close().Close();
    }

    private static void WriteOldest(HtmlWriter html, PageContent content, InventoryClient client)
    {
        // Without a known age there is no oldest key to compare.
        if (client.Keys?.Max(content.AgeOf) is { } age)
            html.Open("td").Attribute("data-value", ((int)age.TotalDays).ToString(CultureInfo.InvariantCulture)).Text(PageContent.Days(age)).Close();
        else
            html.Element("td", client.Keys is { Count: 0 } ? Messages.PageNoKeys : Unknown, "none");
    }

    private static void WriteFindings(HtmlWriter html, IReadOnlyList<AccessKeyFinding> findings)
    {
        if (findings.Count == 0)
        {
            html.Element("td", Messages.None, "none");
            return;
        }

        // Sorted by the worst first, then by how many there are.
        html.Open("td").Attribute("data-value", (((int)findings[0].Severity * 1000) + findings.Count).ToString(CultureInfo.InvariantCulture)).Open("ul");
        for (int start = 0, end; start < findings.Count; start = end)
        {
            FindingSeverity severity = findings[start].Severity;
            html.Open("li", PageContent.ClassOf(severity)).Text(PageContent.Word(severity)).Text(": ");
            for (end = start; end < findings.Count && findings[end].Severity == severity;)
            {
                if (end > start)
                    html.Text(", ");
                end = WriteRule(html, findings, end);
            }

            html.Close();
        }

        html.Close().Close();
    }

    // Writes a rule with the number of its findings, and returns where those of the next one begin.
    private static int WriteRule(HtmlWriter html, IReadOnlyList<AccessKeyFinding> findings, int start)
    {
        int end = start + 1;
        while (end < findings.Count && findings[end].Rule == findings[start].Rule)
            end++;
        html.Text(end - start > 1 ? $"{findings[start].Rule} ×{PageContent.Number(end - start)}" : findings[start].Rule);
        return end;
    }
}
