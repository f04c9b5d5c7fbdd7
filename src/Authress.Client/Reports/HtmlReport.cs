using Authress.Client.Reports.Html;

namespace Authress.Client.Reports;

/// <summary>
/// The report as one page, which loads nothing from elsewhere and can be read without its script. Its content security policy
/// allows its own style and script by their hashes, and nothing else.
/// </summary>
public static class HtmlReport
{
    /// <summary>Writes the page. The encoding of the writer must be UTF-8.</summary>
    /// <param name="document">What it shows.</param>
    /// <param name="writer">Where it goes. It stays open.</param>
    public static void Write(ReportDocument document, TextWriter writer)
    {
        using HtmlWriter html = new(writer);
        PageContent content = new(document);
        html.DocumentType();
        html.Open("html").Attribute("lang", "en");
        PageHead.Write(html, content);
        PageScript.WriteBody(html);
        html.Line().Open("header");
        PageHeader.Write(html, content);
        html.Close();
        html.Line().Open("main", id: "main");
        AgeSection.Write(html, content);
        FindingsSection.Write(html, content);
        AcceptedSection.Write(html, content);
        InventorySection.Write(html, content);
        html.Close();
        html.Line().Asset("script", PageScript.Asset);
        html.Close();
        html.Close();
    }
}
