namespace Authress.Client.Reports.Html;

/// <summary>Writes the rows of a table in groups. A browser lays out only the full groups that are in view, and all others.</summary>
internal static class TableRows
{
    /// <summary>The rows of a full group. The style knows how high one is.</summary>
    public const int GroupSize = 50;

    /// <summary>Writes the rows.</summary>
    public static void Write<T>(HtmlWriter html, IReadOnlyList<T> rows, int maximum, Action<T> writeRow)
    {
        int count = Math.Min(rows.Count, maximum);
        for (int start = 0; start < count; start += GroupSize)
        {
            int end = Math.Min(start + GroupSize, count);
            html.Line().Open("tbody", end - start == GroupSize ? "full" : null);
            for (int i = start; i < end; i++)
                writeRow(rows[i]);
            html.Close();
        }
    }
}
