using System.Globalization;
using System.Text;

namespace Authress.PowerShell.Tests.Faults;

/// <summary>Writes what the matrix has observed as a document for people.</summary>
internal static class FaultDocument
{
    public static string Write(IReadOnlyDictionary<MatrixRun, Observation> observed, string rewrite)
    {
        StringBuilder text = new();
        int all = FaultCases.All.Count * MatrixOperation.All.Count * 2;
        text.Append(CultureInfo.InvariantCulture, $"""
            # When something goes wrong

            What comes of every operation under every fault, as the user's cmdlet and as the account see it. This page is
            written by the tests from what they observed, and a test fails where it says something else.

            {observed.Count} runs were made, of {all} that there could be; the others are left out for the reasons given below.
            The connection allows {FaultCases.RetryCount} further attempts, {FaultCases.RetryWaitSec} seconds of waiting between them, and {FaultCases.TimeoutSec} seconds for a try.

            ## How to read it

            - *succeeds*: the right objects are returned, and the account holds what was asked for, once.
            - *succeeds at the 2nd try*: the same, after one more request of the operation. What was looked at in between is not counted.
            - *error X*: one error with this id. Without a number of attempts the request was sent once.
            - *outcome unknown*: the error says that it may have been done all the same.
            - *candidate named*: the error names what the operation made, and nothing else, with the command that removes it.
            - *no candidate found*: the error says that nothing new was found which could have come of it, and that it may still come.
            - *nothing changed*, *done*: what the account held in the end, after everything that came late.
            - A number of retries: what creates is sent again only after 429, after a 401 with a token signed anew, or where no connection was made.
            - –: left out, see below.


            """);
        AppendTable(text, observed, always: false, "The fault befalls one request");
        AppendTable(text, observed, always: true, "The fault befalls every request of the operation");
        AppendLeftOut(text);
        text.Append(CultureInfo.InvariantCulture, $"""
            ## How this page is made

            `{rewrite}=1 dotnet test tests/Authress.PowerShell.Tests --filter FullyQualifiedName~FaultMatrixTests` runs the runs and writes it anew.

            """);
        return text.ToString();
    }

    private static void AppendTable(StringBuilder text, IReadOnlyDictionary<MatrixRun, Observation> observed, bool always, string title)
    {
        text.Append("## ").Append(title).Append("\n\n| fault |");
        foreach (MatrixOperation operation in MatrixOperation.All)
            text.Append(CultureInfo.InvariantCulture, $" {operation} |");
        text.Append("\n| --- |").Insert(text.Length, " --- |", MatrixOperation.All.Count).Append('\n');
        foreach (FaultCase fault in FaultCases.All)
        {
            string[] columns = [.. MatrixOperation.All.Select(operation => observed.TryGetValue(new MatrixRun(operation, fault, always), out Observation? seen) ? seen.Outcome.Describe(operation) : "–")];
            if (columns.Any(column => column != "–"))
                text.Append(CultureInfo.InvariantCulture, $"| {fault} | {string.Join(" | ", columns)} |\n");
        }

        text.Append('\n');
    }

    private static void AppendLeftOut(StringBuilder text)
    {
        text.Append("## What is left out\n\n");
        foreach (FaultCase fault in FaultCases.All)
        {
            foreach (IGrouping<string, MatrixOperation> group in MatrixOperation.All.Where(operation => fault.Only is var (only, _) && !only.Contains(operation.Name)).GroupBy(_ => fault.Only!.Value.Reason))
                text.Append(CultureInfo.InvariantCulture, $"- {fault}, for {string.Join(", ", group)}: {group.Key}.\n");
            if (fault.NeverOnce is not null)
                text.Append(CultureInfo.InvariantCulture, $"- {fault}, once: {fault.NeverOnce}.\n");
            if (fault.NeverAlways is not null)
                text.Append(CultureInfo.InvariantCulture, $"- {fault}, every time: {fault.NeverAlways}.\n");
        }

        text.Append('\n');
    }
}
