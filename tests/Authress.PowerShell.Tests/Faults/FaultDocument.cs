using System.Globalization;
using System.Text;

namespace Authress.PowerShell.Tests.Faults;

/// <summary>Writes the observed outcomes as a page for users.</summary>
internal static class FaultDocument
{
    public static string Write(IReadOnlyDictionary<MatrixRun, Observation> observed, string rewrite)
    {
        StringBuilder text = new();
        int all = FaultCases.All.Count * MatrixOperation.All.Count * 2;
        text.Append(CultureInfo.InvariantCulture, $"""
            # Results under faults

            The result of every operation under every fault: what the cmdlet reports, and the state of the account. The tests
            write this page from their observations, and fail if it is out of date.

            {observed.Count} combinations of operation and fault are tested, of {all} possible ones; the reasons for omitting the others are given below.
            The connection allows {FaultCases.RetryCount} retries, {FaultCases.RetryWaitSec} seconds of waiting between attempts, and {FaultCases.TimeoutSec} seconds for each attempt.

            ## How to read it

            - *succeeds*: the right objects are returned, and the account holds what was requested, once.
            - *succeeds at the 2nd attempt*: the same, after one retry. Reads between the attempts are not counted.
            - *error X*: one error with this id. Without a number of attempts, the request was sent once.
            - *outcome unknown*: the error reports that the operation may have been done.
            - *candidate named*: the error names what the operation created, and nothing else, with the command that removes it.
            - *no candidate found*: the error reports that the search found nothing new that the operation could have created, and that it may still appear.
            - *public key named*: the error names the public key of the key that may exist, with the command that finds it.
            - *nothing changed*, *done*: the state of the account after every delayed execution.
            - *after N attempts*: the request was sent N times. A create is sent again only after a 429, after a 401 with a new token, or if no connection was made.
            - –: omitted, see below.


            """);
        AppendTable(text, observed, always: false, "One request gets the fault");
        AppendTable(text, observed, always: true, "Every request of the operation gets the fault");
        AppendOmitted(text);
        text.Append(CultureInfo.InvariantCulture, $"""
            ## How this page is made

            `{rewrite}=1 dotnet test tests/Authress.PowerShell.Tests --filter FullyQualifiedName~FaultMatrixTests` tests all combinations and rewrites this page.

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

    private static void AppendOmitted(StringBuilder text)
    {
        text.Append("## Omitted combinations\n\n");
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
