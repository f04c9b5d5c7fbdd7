using System.Globalization;

namespace Authress.Client.Reports;

/// <summary>The findings as comma-separated values (RFC 4180).</summary>
public static class CsvReport
{
    // A spreadsheet would take such a cell for a formula, and run it.
    private const string FormulaStarts = "=+-@\t\r";

    /// <summary>Writes the findings.</summary>
    public static void Write(ReportDocument document, TextWriter writer)
    {
        Line(writer, nameof(AccessKeyFinding.Severity), nameof(AccessKeyFinding.Rule), nameof(AccessKeyFinding.ClientId), nameof(AccessKeyFinding.ClientName), nameof(AccessKeyFinding.KeyId), nameof(AccessKeyFinding.Message), nameof(AccessKeyFinding.Fix), nameof(AccessKeyFinding.AccountId), nameof(AccessKeyFinding.ApiUrl), nameof(AccessKeyFinding.AcceptedReason), nameof(AccessKeyFinding.AcceptedUntil));
        foreach (AccessKeyFinding finding in document.Findings.Concat(document.Accepted))
            Line(writer, finding.Severity.ToString(), finding.Rule, finding.ClientId, finding.ClientName, finding.KeyId, finding.Message, finding.Fix, finding.AccountId, Convert.ToString(finding.ApiUrl, CultureInfo.InvariantCulture), finding.AcceptedReason, finding.AcceptedUntil?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
    }

    private static void Line(TextWriter writer, params string?[] cells) => writer.Write(string.Join(",", cells.Select(Cell)) + "\r\n");

    private static string Cell(string? text)
    {
        string safe = PrintableText.Escape(text ?? string.Empty);
        return $"\"{(safe.Length > 0 && FormulaStarts.Contains(safe[0]) ? "'" : string.Empty)}{safe.Replace("\"", "\"\"")}\"";
    }
}
