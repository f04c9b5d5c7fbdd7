using System.Text;

namespace Authress.Bench.Reports;

/// <summary>A table that is readable as text and as Markdown.</summary>
/// <param name="headings">The columns. The first is text; the others are numbers and right-aligned.</param>
internal sealed class MarkdownTable(params IReadOnlyList<string> headings)
{
    private readonly List<IReadOnlyList<string>> _rows = [];

    public void Add(params IReadOnlyList<string> cells) => _rows.Add(cells);

    public override string ToString()
    {
        int[] widths = [.. headings.Select((heading, column) => _rows.Select(row => row[column].Length).Append(heading.Length).Append(3).Max())];
        StringBuilder text = new();
        AppendRow(text, headings, widths);
        text.Append('|').AppendJoin('|', widths.Select((width, column) => column == 0 ? $" {new string('-', width)} " : $" {new string('-', width - 1)}: ")).AppendLine("|");
        foreach (IReadOnlyList<string> row in _rows)
            AppendRow(text, row, widths);
        return text.ToString();
    }

    private static void AppendRow(StringBuilder text, IReadOnlyList<string> cells, int[] widths) =>
        text.Append('|').AppendJoin('|', cells.Select((cell, column) => $" {(column == 0 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]))} ")).AppendLine("|");
}
