namespace Authress.Client.Transport;

/// <summary>How far one attempt to send a request got.</summary>
internal enum AttemptOutcome
{
    /// <summary>A complete response arrived, whatever its status.</summary>
    Responded,

    /// <summary>No complete response arrived in time.</summary>
    TimedOut,

    /// <summary>The connection broke after the request may have been sent.</summary>
    ConnectionLost,

    /// <summary>No connection was made, so the server never received the request.</summary>
    NotSent,

    /// <summary>No connection can be made, for a permanent reason: the host doesn't exist, or its certificate isn't trusted.</summary>
    Unreachable,
}
