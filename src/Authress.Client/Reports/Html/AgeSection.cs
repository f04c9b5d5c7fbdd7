using System.Globalization;

namespace Authress.Client.Reports.Html;

/// <summary>How many keys are how old, as bars. Each bar has its label and number as text, and the chart a sentence.</summary>
internal static class AgeSection
{
    private const int RowHeight = 40;
    private const int BarHeight = 12;
    private const int LabelHeight = 18;

    /// <summary>Writes the section.</summary>
    public static void Write(HtmlWriter html, PageContent content)
    {
        InventoryKey[] keys = [.. content.Document.Clients.SelectMany(client => client.Keys ?? [])];
        AgeClass[] classes = Classify(keys, content);
        html.Line().Open("section", id: "ages").Attribute("aria-labelledby", "ages-heading");
        html.Line().Element("h2", Messages.PageAges, id: "ages-heading");
        html.Line().Open("svg").Attribute("role", "img").Attribute("aria-labelledby", "ages-heading").Attribute("aria-describedby", "ages-text");
        html.Attribute("width", "100%").Attribute("height", Text(RowHeight * classes.Length));
        html.Line().Element("desc", string.Join("; ", classes.Select(age => $"{age.Label}: {Share(age, keys.Length)}")) + ".", id: "ages-text");
        int highest = Math.Max(1, classes.Max(age => age.Count));
        for (int i = 0; i < classes.Length; i++)
            WriteBar(html, classes[i], keys.Length, 100.0 * classes[i].Count / highest, i * RowHeight);
        html.Close();
        html.Line().Element("p", InvariantText.Format(Messages.PageAgesMeaning, PageContent.Moment(content.Document.Time)), "hint");
        html.Close();
    }

    private static AgeClass[] Classify(InventoryKey[] keys, PageContent content)
    {
        double?[] days = [.. keys.Select(key => content.AgeOf(key)?.TotalDays)];
        return
        [
            new AgeClass(Messages.PageAgeUnder30, days.Count(age => age < 30), "bar"),
            new AgeClass(Messages.PageAgeUnder90, days.Count(age => age is >= 30 and < 90), "bar"),
            new AgeClass(Messages.PageAgeUnder180, days.Count(age => age is >= 90 and < 180), "bar"),
            new AgeClass(Messages.PageAgeUnder365, days.Count(age => age is >= 180 and < 365), "bar"),
            new AgeClass(Messages.PageAgeOver365, days.Count(age => age >= 365), "bar"),
            new AgeClass(Messages.PageAgeUnknown, days.Count(age => age is null), "unknown"),
        ];
    }

    private static void WriteBar(HtmlWriter html, AgeClass age, int total, double width, int top)
    {
        html.Line().Open("text").Attribute("x", "0").Attribute("y", Text(top + LabelHeight)).Text(age.Label).Close();
        html.Open("text", "number").Attribute("x", "100%").Attribute("y", Text(top + LabelHeight)).Attribute("text-anchor", "end").Text(Share(age, total)).Close();
        WriteRectangle(html, "track", 100, top);
        if (age.Count > 0)
            WriteRectangle(html, age.Kind, width, top);
    }

    private static void WriteRectangle(HtmlWriter html, string kind, double width, int top) =>
        html.Open("rect", kind).Attribute("x", "0").Attribute("y", Text(top + LabelHeight + 6)).Attribute("width", width.ToString("0.##", CultureInfo.InvariantCulture) + "%").Attribute("height", Text(BarHeight)).Attribute("rx", "3").Close();

    private static string Share(AgeClass age, int total) =>
        InvariantText.Format(Messages.PageShare, PageContent.Number(age.Count), total == 0 ? "0" : (100.0 * age.Count / total).ToString("0.#", CultureInfo.InvariantCulture));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private sealed record AgeClass(string Label, int Count, string Kind);
}
