namespace Authress;

/// <summary>What kind of failure an <see cref="AuthressApiException"/> reports.</summary>
public enum ApiFailure
{
    /// <summary>The response's status is not a success.</summary>
    Status,

    /// <summary>The response is a success whose body can't be used: not JSON, truncated, or another object.</summary>
    InvalidResponse,

    /// <summary>The response was larger than the module accepts.</summary>
    ResponseTooLarge,

    /// <summary>No connection was made, or it broke.</summary>
    ConnectionFailed,

    /// <summary>No complete response arrived in time.</summary>
    TimedOut,

    /// <summary>The list repeats a page and would never end.</summary>
    CursorRepeated,

    /// <summary>A field was edited here, and changed to another value in Authress in the meantime.</summary>
    EditConflict,

    /// <summary>The connection is read-only, so a request that changes something was not sent.</summary>
    ReadOnlyConnection,
}
