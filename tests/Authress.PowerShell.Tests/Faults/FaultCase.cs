using Authress.Emulator.Faults;

namespace Authress.PowerShell.Tests.Faults;

/// <summary>When the server executes an operation whose request gets a fault.</summary>
internal enum Execution
{
    Never,
    Immediate,

    /// <summary>After the client saw its request fail, but before the last search for a new key.</summary>
    Soon,

    /// <summary>After the last search.</summary>
    Late,
}

/// <summary>How the module must classify a fault. With the kind of operation it decides the expected outcome.</summary>
internal enum FaultClass
{
    /// <summary>A success like any other.</summary>
    Unnoticed,

    /// <summary>A status that proves that nothing was done, and that a retry would get again.</summary>
    Refusal,

    /// <summary>401: the token may be the cause.</summary>
    Unauthorized,

    /// <summary>429: nothing was done, and a retry may succeed.</summary>
    Throttled,

    /// <summary>A transient failure, as a status or without a response, after which the request may have been executed.</summary>
    OutcomeUnknown,

    /// <summary>A success status with an invalid body. Where no body is expected, a success.</summary>
    BadBody,

    /// <summary>A success status with an HTML page, which is no success even where no body is expected.</summary>
    HtmlPage,

    /// <summary>No connection could be made; a retry may succeed.</summary>
    NotConnected,

    /// <summary>No connection can be made, now or later.</summary>
    NotTrusted,

    /// <summary>The connection is reset at every request, including those that search for candidates.</summary>
    ConnectionReset,

    /// <summary>A listing that never ends.</summary>
    EndlessListing,
}

/// <summary>One fault of the matrix: a row of the table.</summary>
/// <param name="Name">Its name in the table.</param>
/// <param name="Class">How the module must classify it.</param>
/// <param name="Fault">The emulator's fault; null where the request reaches no emulator.</param>
internal sealed record FaultCase(string Name, FaultClass Class, Fault? Fault)
{
    /// <summary>When the operation is executed.</summary>
    public Execution Execution { get; init; }

    /// <summary>Whether the status of a response with a body arrives, although the body does not.</summary>
    public bool StatusArrives { get; init; }

    /// <summary>The id of the error, where the operation fails.</summary>
    public string? ErrorId { get; init; }

    /// <summary>Whether its Retry-After is longer than the connection allows.</summary>
    public bool WaitTooLong { get; init; }

    /// <summary>The shortest wait before the second attempt, in seconds; one second less for a date, which has no fractions.</summary>
    public double Wait { get; init; }

    /// <summary>Whether it corrupts a body. A delete has no response body, so it does not notice.</summary>
    public bool NeedsBody { get; init; }

    /// <summary>The operations that it applies to, where not all, and the reason.</summary>
    public (IReadOnlyList<string> Operations, string Reason)? Only { get; init; }

    /// <summary>The method of the request that gets it, where that is not the operation's own request.</summary>
    public string? Method { get; init; }

    /// <summary>Whether the first search returns stale data as well.</summary>
    public bool IsReadStale { get; init; }

    /// <summary>The time-out of one attempt. Longer where the response takes long to read on a busy machine, and the time-out is not the point.</summary>
    public int TimeoutSec { get; init; } = FaultCases.TimeoutSec;

    /// <summary>Why there is no run with one faulty request; null where there is one.</summary>
    public string? NeverOnce { get; init; }

    /// <summary>Why there is no run in which every request gets the fault; null where there is one.</summary>
    public string? NeverAlways { get; init; }

    public override string ToString() => Name;
}
