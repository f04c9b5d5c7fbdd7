namespace Authress.PowerShell.Tests.Faults;

/// <summary>What is right, derived from api.md's rules on retries and from nothing that the module does.</summary>
internal static class Rules
{
    private const int AllTries = FaultCases.RetryCount + 1;

    /// <summary>Why there is no such cell; null where there is one.</summary>
    public static string? LeftOut(MatrixOperation operation, FaultCase fault, bool always) =>
        fault.Only is var (operations, reason) && !operations.Contains(operation.Name) ? reason
        : always ? fault.NeverAlways
        : fault.NeverOnce;

    /// <summary>What must come of it.</summary>
    /// <param name="operation">What the user does.</param>
    /// <param name="fault">What goes wrong.</param>
    /// <param name="always">Whether it goes wrong every time, and not just once.</param>
    public static Outcome For(MatrixOperation operation, FaultCase fault, bool always) => SightOf(operation, fault) switch
    {
        // Nothing that a caller could notice.
        Sight.Fine => Success(operation, 1),

        // What was refused was not done, and would be refused again.
        Sight.Refusal => Error(fault, 1),

        // The token may be at fault: it is signed anew once.
        Sight.Unauthorized => always ? Error(fault, 2) : Success(operation, 2),

        // Nothing was done, so that even what creates is sent again; but not later than the connection allows.
        Sight.TooMany => fault.AsksTooMuch ? Error(fault, 1) : always ? Error(fault, AllTries) : Success(operation, 2),
        Sight.Doubt => InDoubt(operation, fault, always),

        // It succeeded, so it is not sent again; but nobody knows what it made.
        Sight.BadBody => Unknown(operation, fault, 1),
        Sight.Page => Unknown(operation, fault, 1),

        // It never left, so that even what creates is tried again.
        Sight.NotConnected => Error(fault, operation.Nature == Nature.Replaces ? 0 : AllTries),
        Sight.NotTrusted => Error(fault, operation.Nature == Nature.Replaces ? 0 : 1),
        Sight.Broken => operation.Nature switch
        {
            // An update begins with a read, and that fails already.
            Nature.Replaces => Error(fault, 0),
            Nature.Creates => Unknown(operation, fault, 1) with { Candidates = Candidates.NotSeen },
            _ => Unknown(operation, fault, AllTries),
        },
        Sight.Endless => Error(fault, 1),
        _ => throw new ArgumentOutOfRangeException(nameof(fault), fault.Sight, "No rule is about that."),
    };

    private static Outcome InDoubt(MatrixOperation operation, FaultCase fault, bool always) => operation.Nature switch
    {
        // Never sent again once it may have been carried out.
        Nature.Creates => Unknown(operation, fault, 1),

        // Before it is written again it is looked whether it was, and that ends it.
        Nature.Replaces when fault.Acting == Acting.AtOnce && !fault.AsksTooMuch => Success(operation, 1),
        _ when fault.AsksTooMuch => Unknown(operation, fault, 1),

        // The 404 of the second attempt says that the first attempt deleted it, however little of its body arrives.
        Nature.Deletes when fault.StatusArrives => Success(operation, 2),
        _ when always => Unknown(operation, fault, AllTries),

        // A delete that was carried out is answered with 404 now, and that is believed.
        _ => Success(operation, 2),
    };

    private static Sight SightOf(MatrixOperation operation, FaultCase fault) =>
        operation.Nature == Nature.Deletes && (fault.NeedsBody || fault.Sight == Sight.BadBody) ? Sight.Fine : fault.Sight;

    private static Outcome Success(MatrixOperation operation, int tries) =>
        new(null, false, Candidates.NotSought, operation.Nature != Nature.Reads, tries);

    private static Outcome Error(FaultCase fault, int tries) => new(fault.ErrorId, false, Candidates.NotSought, false, tries);

    private static Outcome Unknown(MatrixOperation operation, FaultCase fault, int tries)
    {
        bool changes = operation.Nature != Nature.Reads;
        return new(
            fault.ErrorId,
            changes,
            operation.Nature != Nature.Creates ? Candidates.NotSought : IsSeen(operation, fault) ? Candidates.Named : Candidates.None,
            changes && fault.Acting != Acting.Never,
            tries);
    }

    // A client's keys are looked at three times within two seconds; the list of clients once.
    private static bool IsSeen(MatrixOperation operation, FaultCase fault) =>
        fault.Acting == Acting.AtOnce || (fault.Acting == Acting.Soon && operation.Name == "create key");
}
