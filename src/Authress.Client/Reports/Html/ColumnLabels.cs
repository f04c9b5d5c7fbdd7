using System.Text;

namespace Authress.Client.Reports.Html;

/// <summary>The columns of the tables. On a phone, where a row becomes a block, the style puts each label before its cell.</summary>
internal static class ColumnLabels
{
    /// <summary>The inventory's columns.</summary>
    public static readonly Column[] Inventory =
    [
        new(Messages.PageClient, "text"),
        new(Messages.PageTags, "text"),
        new(Messages.PageGrants, "text"),
        new(Messages.PageCreated, "text"),
        new(Messages.PageKeys, "number"),
        new(Messages.PageOldestKey, "number"),
        new(Messages.PageFindings, "number"),
    ];

    /// <summary>The columns of findings.</summary>
    public static readonly Column[] Findings = [new(Messages.PageClient), new(Messages.PageKey), new(Messages.PageMessage), new(Messages.PageFix)];

    /// <summary>The columns of accepted findings.</summary>
    public static readonly Column[] Accepted = [new(Messages.PageClient), new(Messages.PageRule), new(Messages.PageKey), new(Messages.PageMessage), new(Messages.PageReason), new(Messages.PageUntil)];

    /// <summary>Writes a table's header.</summary>
    public static void WriteHeader(HtmlWriter html, Column[] columns)
    {
        html.Line().Open("thead").Open("tr");
        foreach (Column column in columns)
        {
            html.Open("th").Attribute("scope", "col");
            if (column.Order is not null)
                html.Attribute("data-order", column.Order);
            html.Text(column.Label).Close();
        }

        html.Close().Close();
    }

    /// <summary>The labels as properties of their cells, for the style.</summary>
    public static string Style()
    {
        StringBuilder style = new();
        Append("inventory", Inventory);
        Append("findings", Findings);
        Append("accepted", Accepted);
        return style.ToString();

        void Append(string table, Column[] columns)
        {
            for (int i = 1; i < columns.Length; i++)
                style.Append(FormattableString.Invariant($".{table}>tbody>tr>:nth-child({i + 1}){{--label:\"{columns[i].Label}\"}}\n"));
        }
    }
}

/// <summary>A column.</summary>
/// <param name="Label">Its label.</param>
/// <param name="Order">How the script sorts by it, as <c>text</c> or as <c>number</c>; null if it doesn't.</param>
internal sealed record Column(string Label, string? Order = null);
