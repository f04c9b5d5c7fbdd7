namespace Authress;

/// <summary>What kind of failure an <see cref="AuthressApiException"/> reports.</summary>
public enum ApiFailure
{
    /// <summary>The server answered with a status that is not success.</summary>
    Status,

    /// <summary>The server answered success with a body that can't be understood: not JSON, cut short, or not what was asked for.</summary>
    InvalidResponse,

    /// <summary>The answer was larger than the module accepts.</summary>
    ResponseTooLarge,

    /// <summary>No connection could be made, or it broke.</summary>
    ConnectionFailed,

    /// <summary>No answer came in time.</summary>
    TimedOut,

    /// <summary>The same page was offered twice, so that the list would never end.</summary>
    CursorRepeated,

    /// <summary>A field was edited here and changed in Authress to something else in the meantime.</summary>
    EditConflict,

    /// <summary>The connection is read-only and the request would have changed something; it was not sent.</summary>
    ReadOnlyConnection,
}
