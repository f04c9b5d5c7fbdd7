using Authress.Emulator.Faults;

namespace Authress.PowerShell.Tests.Faults;

/// <summary>When an operation that a fault befalls is carried out.</summary>
internal enum Execution
{
    Never,
    Immediate,

    /// <summary>After its sender was result, and while a look for a new key still goes on.</summary>
    Soon,

    /// <summary>After everybody has stopped looking.</summary>
    Late,
}

/// <summary>What the module makes of a fault: the little that its rules depend on.</summary>
internal enum FaultClass
{
    /// <summary>A success like any other.</summary>
    Fine,

    /// <summary>A status that says no and will say it again.</summary>
    Refusal,

    /// <summary>401: the token may be to blame.</summary>
    Unauthorized,

    /// <summary>429: nothing was done, and it is worth another try.</summary>
    TooMany,

    /// <summary>A status, or no answer, from which nobody knows whether it was done, and that may pass.</summary>
    Doubt,

    /// <summary>A success whose body is of no use. Where no body is wanted, a success.</summary>
    BadBody,

    /// <summary>A page of HTML with a success, which is none even where no body is wanted.</summary>
    Page,

    /// <summary>No connection could be made, and it may be possible later.</summary>
    NotConnected,

    /// <summary>No connection can be made, now or later.</summary>
    NotTrusted,

    /// <summary>The connection breaks, whatever is sent on it, looks included.</summary>
    Broken,

    /// <summary>A listing that never ends.</summary>
    Endless,
}

/// <summary>One way in which things go wrong.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Class">What the module makes of it.</param>
/// <param name="Fault">The emulator's fault; null where no emulator is reached.</param>
internal sealed record FaultCase(string Name, FaultClass Class, Fault? Fault)
{
    public Execution Execution { get; init; }

    /// <summary>Whether the status of a response with a body arrives, although the body does not.</summary>
    public bool StatusArrives { get; init; }

    /// <summary>The id of the error that it ends in, where it does.</summary>
    public string? ErrorId { get; init; }

    /// <summary>Whether it asks for a longer wait than the connection allows.</summary>
    public bool WaitTooLong { get; init; }

    /// <summary>How long at least is waited before the second try, in seconds; less the second that a date is cut off by.</summary>
    public double Wait { get; init; }

    /// <summary>Whether it needs a body to spoil. What deletes is answered without one, and notices nothing.</summary>
    public bool NeedsBody { get; init; }

    /// <summary>The operations that it can befall, where not all; and why.</summary>
    public (IReadOnlyList<string> Operations, string Reason)? Only { get; init; }

    /// <summary>The request that it befalls, where not the one that the operation is about.</summary>
    public string? Method { get; init; }

    /// <summary>Whether the first look at the client is stale as well.</summary>
    public bool IsReadStale { get; init; }

    /// <summary>Why it is not tried once and then gone, where that is so.</summary>
    public string? NeverOnce { get; init; }

    /// <summary>Why it is not tried for as long as the operation takes, where that is so.</summary>
    public string? NeverAlways { get; init; }

    public override string ToString() => Name;
}
