using System.Globalization;
using System.Text;

namespace Authress.PowerShell.Tests.Faults;

/// <summary>What an error of unknown outcome reports of objects that the request may have created.</summary>
internal enum Candidates
{
    /// <summary>Only a create has candidates.</summary>
    NotApplicable,

    /// <summary>The search failed.</summary>
    SearchFailed,

    /// <summary>The search found nothing.</summary>
    NoneFound,

    /// <summary>The error names the created object, and nothing else, with the command that removes it.</summary>
    Named,

    /// <summary>The search found nothing; the error names the public key, with the command that finds its key.</summary>
    FindableByKey,
}

/// <summary>The outcome of one run: what the cmdlet reports, what the account holds, and how many requests that took.</summary>
/// <param name="ErrorId">The error's id; null for a success.</param>
/// <param name="IsUnknown">Whether the error reports that the operation may have been done.</param>
/// <param name="Candidates">What it reports of objects that may have been created.</param>
/// <param name="IsDone">Whether the operation was done, in the end.</param>
/// <param name="Attempts">How often the request was sent, or was to be sent.</param>
internal sealed record Outcome(string? ErrorId, bool IsUnknown, Candidates Candidates, bool IsDone, int Attempts)
{
    /// <summary>The outcome in a few words, for the table.</summary>
    public string Describe(MatrixOperation operation)
    {
        if (ErrorId is null)
            return Attempts == 1 ? "succeeds" : $"succeeds at the {Ordinal(Attempts)} attempt";
        StringBuilder text = new($"error {ErrorId}");
        if (Attempts != 1)
            text.Append(CultureInfo.InvariantCulture, $" after {(Attempts == 0 ? "no" : Attempts)} attempts");
        if (operation.Kind == OperationKind.Reads)
            return text.ToString();
        if (IsUnknown)
        {
            text.Append(", outcome unknown").Append(Candidates switch
            {
                Candidates.Named => ", candidate named",
                Candidates.NoneFound => ", no candidate found",
                Candidates.FindableByKey => ", public key named",
                Candidates.SearchFailed => ", can't look for candidates",
                _ => string.Empty,
            });
        }

        return text.Append(IsDone ? "; done" : "; nothing changed").ToString();
    }

    private static string Ordinal(int number) => number switch
    {
        2 => "2nd",
        3 => "3rd",
        _ => $"{number}th",
    };
}
