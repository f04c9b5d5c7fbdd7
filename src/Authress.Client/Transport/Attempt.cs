using System.Net;

namespace Authress.Client.Transport;

/// <summary>One attempt to send a request, and its result.</summary>
/// <param name="request">The request that was sent.</param>
/// <param name="outcome">How far it got.</param>
internal sealed class Attempt(ApiRequest request, AttemptOutcome outcome)
{
    public ApiRequest Request => request;

    public AttemptOutcome Outcome => outcome;

    /// <summary>The complete response; null unless <see cref="Outcome"/> is <see cref="AttemptOutcome.Responded"/>.</summary>
    public ApiResponse? Response { get; init; }

    /// <summary>The response whose headers arrived and whose body did not.</summary>
    public ApiResponse? PartialResponse { get; init; }

    /// <summary>Why there is no complete response.</summary>
    public Exception? Cause { get; init; }

    /// <summary>The time-out that the attempt had; set unless a complete response arrived.</summary>
    public TimeSpan Timeout { get; init; }

    /// <summary>The status of the complete response.</summary>
    public HttpStatusCode? Status => Response?.Status;

    /// <summary>Whether the response is a success with a readable body.</summary>
    public bool IsUsable => Response is { IsSuccess: true, BodyFailure: null } && (!request.HasResponseBody || Response.HasValue);

    /// <summary>The failure in a short phrase.</summary>
    public string Reason => outcome switch
    {
        AttemptOutcome.Responded => Response!.StatusText,
        AttemptOutcome.TimedOut => InvariantText.Format(PartialResponse is null ? Messages.ReasonTimedOut : Messages.ReasonTimedOutPartially, Timeout.TotalSeconds),
        AttemptOutcome.ConnectionLost when PartialResponse is not null => Messages.ReasonCutShort,
        AttemptOutcome.ConnectionLost => Messages.ReasonConnectionBroke,
        _ => ConnectionFailure.Describe(Cause),
    };
}
