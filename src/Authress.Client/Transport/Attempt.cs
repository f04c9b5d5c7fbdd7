using System.Globalization;
using System.Net;

namespace Authress.Client.Transport;

/// <summary>How far one try of a request got.</summary>
internal enum AttemptOutcome
{
    /// <summary>A whole answer came, whatever it says.</summary>
    Responded,

    /// <summary>No whole answer came in time.</summary>
    TimedOut,

    /// <summary>The connection broke when the request may have been on it.</summary>
    ConnectionLost,

    /// <summary>No connection could be made, so that the server never had the request.</summary>
    NotSent,

    /// <summary>The same, for a reason that does not pass: a host that does not exist, a certificate that nobody vouches for.</summary>
    Unreachable,
}

/// <summary>One try of a request and what came of it.</summary>
/// <param name="call">The request from its first try to its last.</param>
/// <param name="request">What was sent; not always the call's own request, for a change in doubt is looked at first.</param>
/// <param name="delivery">How far it got.</param>
internal sealed class Attempt(Call call, ApiRequest request, AttemptOutcome delivery)
{
    public Call Call => call;

    public ApiRequest Request => request;

    public AttemptOutcome AttemptOutcome => delivery;

    /// <summary>The answer; null unless a whole one came.</summary>
    public ApiResponse? Answer { get; init; }

    /// <summary>Whether an answer had begun when it was given up.</summary>
    public bool AnswerBegun { get; init; }

    /// <summary>Why there is no whole answer.</summary>
    public Exception? Cause { get; init; }

    /// <summary>How long is waited before the next try; known once one is decided on.</summary>
    public TimeSpan Wait { get; set; }

    public HttpStatusCode? Status => Answer?.Status;

    /// <summary>Whether the answer is a success whose body could be read.</summary>
    public bool IsUsable => Answer is { IsSuccess: true, BodyFailure: null } && (!request.HasResponseBody || Answer.HasValue);

    /// <summary>Whether something may have changed although this is no success.</summary>
    public bool MayHaveActed => !request.IsRead && !IsUsable && delivery switch
    {
        AttemptOutcome.TimedOut or AttemptOutcome.ConnectionLost => true,

        // A server or gateway that failed may have acted first; one that refused has not. A success that can't be read has.
        AttemptOutcome.Responded => Answer!.IsSuccess || (int)Answer.Status >= 500 || Answer.Status == HttpStatusCode.RequestTimeout,
        _ => false,
    };

    /// <summary>What went wrong, in a few words.</summary>
    public string Reason => delivery switch
    {
        AttemptOutcome.Responded => Answer!.StatusText,
        AttemptOutcome.TimedOut => string.Format(CultureInfo.InvariantCulture, "no {0}answer within {1:0.###} seconds", AnswerBegun ? "complete " : string.Empty, call.Timeout.TotalSeconds),
        AttemptOutcome.ConnectionLost when AnswerBegun => "the answer was cut short",
        AttemptOutcome.ConnectionLost => "the connection broke before an answer came",
        _ => ConnectionFailure.Describe(Cause),
    };
}
