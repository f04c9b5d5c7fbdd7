namespace Authress.PowerShell.Tests.Faults;

/// <summary>What is right, derived from api.md's rules on retries and from nothing that the module does.</summary>
internal static class Rules
{
    private const int AllAttempts = FaultCases.RetryCount + 1;

    /// <summary>Why there is no such run; null where there is one.</summary>
    public static string? ReasonLeftOut(MatrixOperation operation, FaultCase fault, bool always) =>
        fault.Only is var (operations, reason) && !operations.Contains(operation.Name) ? reason
        : always ? fault.NeverAlways
        : fault.NeverOnce;

    /// <summary>What must come of it.</summary>
    /// <param name="operation">What the user does.</param>
    /// <param name="fault">What goes wrong.</param>
    /// <param name="always">Whether it goes wrong every time, and not just once.</param>
    public static Outcome For(MatrixOperation operation, FaultCase fault, bool always) => ClassOf(operation, fault) switch
    {
        // Nothing that a caller could notice.
        FaultClass.Unnoticed => Success(operation, 1),

        // What was refused was not done, and would be refused again.
        FaultClass.Refusal => Error(fault, 1),

        // The token may be at fault: it is signed anew once.
        FaultClass.Unauthorized => always ? Error(fault, 2) : Success(operation, 2),

        // Nothing was done, so that even what creates is sent again; but not later than the connection allows.
        FaultClass.Throttled => fault.WaitTooLong ? Error(fault, 1) : always ? Error(fault, AllAttempts) : Success(operation, 2),
        FaultClass.OutcomeUnknown => WhenUnknown(operation, fault, always),

        // It succeeded, so it is not sent again; but nobody knows what it made.
        FaultClass.BadBody => Unknown(operation, fault, 1),
        FaultClass.HtmlPage => Unknown(operation, fault, 1),

        // It never left, so that even what creates is tried again.
        FaultClass.NotConnected => Error(fault, operation.Kind == OperationKind.Replaces ? 0 : AllAttempts),
        FaultClass.NotTrusted => Error(fault, operation.Kind == OperationKind.Replaces ? 0 : 1),
        FaultClass.ConnectionReset => operation.Kind switch
        {
            // An update begins with a read, and that fails already.
            OperationKind.Replaces => Error(fault, 0),
            OperationKind.Creates => Unknown(operation, fault, 1) with { Candidates = Candidates.SearchFailed },
            _ => Unknown(operation, fault, AllAttempts),
        },
        FaultClass.EndlessListing => Error(fault, 1),
        _ => throw new ArgumentOutOfRangeException(nameof(fault), fault.Class, "No rule is about that."),
    };

    private static Outcome WhenUnknown(MatrixOperation operation, FaultCase fault, bool always) => operation.Kind switch
    {
        // Never sent again once it may have been carried out.
        OperationKind.Creates => Unknown(operation, fault, 1),

        // Before it is written again it is looked whether it was, and that ends it.
        OperationKind.Replaces when fault.Execution == Execution.Immediate && !fault.WaitTooLong => Success(operation, 1),
        _ when fault.WaitTooLong => Unknown(operation, fault, 1),

        // The 404 of the second attempt says that the first attempt deleted it, however little of its body arrives.
        OperationKind.Deletes when fault.StatusArrives => Success(operation, 2),
        _ when always => Unknown(operation, fault, AllAttempts),

        // A delete that was carried out is answered with 404 now, and that is believed.
        _ => Success(operation, 2),
    };

    private static FaultClass ClassOf(MatrixOperation operation, FaultCase fault) =>
        operation.Kind == OperationKind.Deletes && (fault.NeedsBody || fault.Class == FaultClass.BadBody) ? FaultClass.Unnoticed : fault.Class;

    private static Outcome Success(MatrixOperation operation, int attempts) =>
        new(null, false, Candidates.NotApplicable, operation.Kind != OperationKind.Reads, attempts);

    private static Outcome Error(FaultCase fault, int attempts) => new(fault.ErrorId, false, Candidates.NotApplicable, false, attempts);

    private static Outcome Unknown(MatrixOperation operation, FaultCase fault, int attempts)
    {
        bool changes = operation.Kind != OperationKind.Reads;
        return new(
            fault.ErrorId,
            changes,
            operation.Kind != OperationKind.Creates ? Candidates.NotApplicable : IsSeen(operation, fault) ? Candidates.Named : Candidates.NoneFound,
            changes && fault.Execution != Execution.Never,
            attempts);
    }

    // A client's keys are looked at three times within two seconds; the list of clients once.
    private static bool IsSeen(MatrixOperation operation, FaultCase fault) =>
        fault.Execution == Execution.Immediate || (fault.Execution == Execution.Soon && operation.Name == "create key");
}
