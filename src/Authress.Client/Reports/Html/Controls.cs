namespace Authress.Client.Reports.Html;

/// <summary>What only works with the script, hidden until it runs.</summary>
internal static class Controls
{
    /// <summary>Writes the input that filters a section's rows.</summary>
    /// <param name="html">The writer.</param>
    /// <param name="section">The section's id.</param>
    /// <param name="label">What the input is for.</param>
    /// <param name="shown">How many rows are shown, with places for two numbers.</param>
    public static void WriteFilter(HtmlWriter html, string section, string label, string shown)
    {
        html.Line().Open("div", "controls").Attribute("hidden", string.Empty).Attribute("data-shown", shown);
        html.Open("label").Attribute("for", section + "-filter").Text(label).Close().Text(" ");
        html.Open("input", id: section + "-filter").Attribute("type", "search").Attribute("autocomplete", "off").Attribute("spellcheck", "false").CloseVoid().Text(" ");
        html.Open("output").Attribute("for", section + "-filter").Close();
        html.Close();
    }
}
