using System.Globalization;

namespace Authress.Client.Reports.Html;

/// <summary>The page's script, and what it reads. The page can be read without it.</summary>
internal static class PageScript
{
    /// <summary>The script.</summary>
    public static readonly PageAsset Asset = new(PageAsset.Read("report.js"));

    /// <summary>Begins the body, with the script's texts.</summary>
    public static void WriteBody(HtmlWriter html) => html.Line().Open("body")
        .Attribute("data-copy", Messages.PageCopy)
        .Attribute("data-copy-label", Messages.PageCopyLabel)
        .Attribute("data-copied", Messages.PageCopied)
        .Attribute("data-copy-failed", Messages.PageCopyFailed)
        .Attribute("data-group", TableRows.GroupSize.ToString(CultureInfo.InvariantCulture));

    /// <summary>Writes the input that filters a section's rows, hidden until the script runs.</summary>
    /// <param name="html">The writer.</param>
    /// <param name="section">The section's id.</param>
    /// <param name="label">What the input is for.</param>
    /// <param name="shown">How many rows are shown, with places for two numbers.</param>
    public static void WriteFilter(HtmlWriter html, string section, string label, string shown)
    {
        string input = section + "-filter";
        html.Line().Open("div", "controls").Attribute("hidden", string.Empty).Attribute("data-shown", shown);
        html.Open("label").Attribute("for", input).Text(label).Close().Text(" ");
        html.Open("input", id: input).Attribute("type", "search").Attribute("autocomplete", "off").Attribute("spellcheck", "false").CloseVoid().Text(" ");
        html.Open("output").Attribute("for", input).Close();
        html.Close();
    }
}
