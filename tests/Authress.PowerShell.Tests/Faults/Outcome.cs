using System.Globalization;
using System.Text;

namespace Authress.PowerShell.Tests.Faults;

/// <summary>What an error of unknown outcome says of what may have come of it.</summary>
internal enum Candidates
{
    /// <summary>Nobody looks for what replaces or deletes.</summary>
    NotApplicable,

    /// <summary>It could not be looked for.</summary>
    SearchFailed,

    /// <summary>It was looked for, and there is nothing.</summary>
    None,

    /// <summary>What was made is named, and nothing else, with the command that removes it.</summary>
    Named,
}

/// <summary>The outcome of one run: what the user was result, what the account holds, and how many requests that took.</summary>
/// <param name="ErrorId">The error's id; null for a success.</param>
/// <param name="IsUnknown">Whether the error says that it may have been done.</param>
/// <param name="Candidates">What it says of what may have come of it.</param>
/// <param name="IsDone">Whether it was done, in the end.</param>
/// <param name="Attempts">How often the request was sent, or was to be.</param>
internal sealed record Outcome(string? ErrorId, bool IsUnknown, Candidates Candidates, bool IsDone, int Attempts)
{
    /// <summary>The outcome in a few words, for the table.</summary>
    public string Describe(MatrixOperation operation)
    {
        if (ErrorId is null)
            return Attempts == 1 ? "succeeds" : $"succeeds at the {Ordinal(Attempts)} try";
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
