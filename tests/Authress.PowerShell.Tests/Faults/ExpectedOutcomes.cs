namespace Authress.PowerShell.Tests.Faults;

/// <summary>The expected outcomes, derived from the API's rules on retries and not from the module.</summary>
internal static class ExpectedOutcomes
{
    private const int AllAttempts = FaultCases.RetryCount + 1;

    /// <summary>Why a run is left out; null where it is made.</summary>
    public static string? ReasonLeftOut(MatrixOperation operation, FaultCase fault, bool always) =>
        fault.Only is var (operations, reason) && !operations.Contains(operation.Name) ? reason
        : always ? fault.NeverAlways
        : fault.NeverOnce;

    /// <summary>The expected outcome of a run.</summary>
    /// <param name="operation">The operation that the user runs.</param>
    /// <param name="fault">The fault that is injected.</param>
    /// <param name="always">Whether every request gets the fault, not just one.</param>
    public static Outcome For(MatrixOperation operation, FaultCase fault, bool always) => ClassOf(operation, fault) switch
    {
        // The client can't notice it.
        FaultClass.Unnoticed => Success(operation, 1),

        // A refusal proves that nothing was done, and a retry would get it again.
        FaultClass.Refusal => Error(fault, 1),

        // The token may be the cause: one retry with a new one.
        FaultClass.Unauthorized => always ? Error(fault, 2) : Success(operation, 2),

        // Nothing was done, so even a create is retried; but only within the wait that the connection allows.
        FaultClass.Throttled => fault.WaitTooLong ? Error(fault, 1) : always ? Error(fault, AllAttempts) : Success(operation, 2),
        FaultClass.OutcomeUnknown => WhenUnknown(operation, fault, always),

        // It succeeded, so there is no retry; but what it created is unknown.
        FaultClass.BadBody => operation.Kind == OperationKind.Registers ? Success(operation, 1) : Unknown(operation, fault, 1),
        FaultClass.HtmlPage => Unknown(operation, fault, 1),

        // Nothing was sent, so even a create is retried.
        FaultClass.NotConnected => Error(fault, operation.Kind == OperationKind.Replaces ? 0 : AllAttempts),
        FaultClass.NotTrusted => Error(fault, operation.Kind == OperationKind.Replaces ? 0 : 1),
        FaultClass.ConnectionReset => operation.Kind switch
        {
            // An update begins with a read, which already fails.
            OperationKind.Replaces => Error(fault, 0),
            OperationKind.Creates => Unknown(operation, fault, 1) with { Candidates = Candidates.SearchFailed },
            OperationKind.Registers => Unknown(operation, fault, 1),
            _ => Unknown(operation, fault, AllAttempts),
        },
        FaultClass.EndlessListing => Error(fault, 1),
        _ => throw new ArgumentOutOfRangeException(nameof(fault), fault.Class, "No rule covers it."),
    };

    private static Outcome WhenUnknown(MatrixOperation operation, FaultCase fault, bool always) => operation.Kind switch
    {
        // A create is never retried once it may have been executed.
        OperationKind.Creates => Unknown(operation, fault, 1),

        // The same, but what it created is found by its public key and counts as its own.
        OperationKind.Registers => fault.Execution is Execution.Immediate or Execution.Soon ? Success(operation, 1) : Unknown(operation, fault, 1),

        // Before a retry, the client reads the object and finds it updated.
        OperationKind.Replaces when fault.Execution == Execution.Immediate && !fault.WaitTooLong => Success(operation, 1),
        _ when fault.WaitTooLong => Unknown(operation, fault, 1),

        // The 404 of the second attempt proves that the first one deleted it, even where the body is cut.
        OperationKind.Deletes when fault.StatusArrives => Success(operation, 2),
        _ when always => Unknown(operation, fault, AllAttempts),

        // An executed delete gets a 404 at the second attempt, which counts as success.
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
            operation.Kind == OperationKind.Registers ? Candidates.FindableByKey : operation.Kind != OperationKind.Creates ? Candidates.NotApplicable : IsFound(operation, fault) ? Candidates.Named : Candidates.NoneFound,
            changes && fault.Execution != Execution.Never,
            attempts);
    }

    // A client's keys are searched three times within two seconds; the list of clients once.
    private static bool IsFound(MatrixOperation operation, FaultCase fault) =>
        fault.Execution == Execution.Immediate || (fault.Execution == Execution.Soon && operation.Name == "create key");
}
