using System.Globalization;
using System.Text;

namespace Authress.Client.Transport;

/// <summary>Makes the one exception of the API. Texts name the request and what Authress said, and never a secret.</summary>
internal static class ApiErrors
{
    /// <summary>The error that a request ends with.</summary>
    /// <param name="last">Its last try, no success.</param>
    public static AuthressApiException From(Attempt last)
    {
        AuthressApiException exception = last switch
        {
            { Answer: { IsSuccess: true } answer } => FromBody(last.Request, answer),
            { Answer: { } answer } => FromStatus(last.Request, answer),
            { AttemptOutcome: AttemptOutcome.TimedOut } => TimedOut(last),
            _ => ConnectionFailed(last),
        };
        exception.Attempts = last.Call.Sent;

        // Once a try may have acted, no later failure takes that back.
        exception.OutcomeUnknown = last.MayHaveActed || last.Call.InDoubt;
        return exception;
    }

    private static AuthressApiException FromStatus(ApiRequest request, ApiResponse answer)
    {
        int status = (int)answer.Status;
        StringBuilder text = new($"{Name(request)} was answered with {answer.StatusText}");
        if (answer.Error?.Title is { Length: > 0 } title)
            text.Append(": ").Append(PrintableText.Escape(title.TrimEnd('.')));
        text.Append('.');
        if (status is >= 300 and < 400)
            text.Append(" Redirects are not followed, so that the token goes nowhere else; check the API URL.");
        return Describe(new AuthressApiException(text.ToString(), Shown(answer.BodyFailure)), ApiFailure.Status, request, answer);
    }

    /// <summary>A success whose body is not what was asked for.</summary>
    public static AuthressApiException FromBody(ApiRequest request, ApiResponse answer)
    {
        bool tooLarge = answer.BodyFailure is ResponseTooLargeException;
        string text = $"{Name(request)} succeeded with {answer.StatusText}, but its answer can't be used: "
            + (tooLarge ? answer.BodyFailure!.Message
                : answer.HasValue ? "something that belongs into it is missing."
                : answer.BodyFailure is null ? "it is empty."
                : "it is not the JSON that was asked for. Does the API URL lead to Authress, and not to a website or a proxy?");
        AuthressApiException exception = Describe(
            new AuthressApiException(text, Shown(answer.BodyFailure)), tooLarge ? ApiFailure.ResponseTooLarge : ApiFailure.InvalidResponse, request, answer);
        exception.OutcomeUnknown = !request.IsRead;
        return exception;
    }

    public static AuthressApiException ReadOnly(ApiRequest request) =>
        Describe(new AuthressApiException($"{Name(request)} was not sent: the connection is read-only."), ApiFailure.ReadOnlyConnection, request);

    private static AuthressApiException TimedOut(Attempt last)
    {
        string after = last.Call.Timeout.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);
        string what = last.AnswerBegun ? "was answered only in part" : "was not answered";
        return Describe(new AuthressApiException($"{Name(last.Request)} {what} within {after} seconds.", last.Cause), ApiFailure.TimedOut, last.Request);
    }

    private static AuthressApiException ConnectionFailed(Attempt last)
    {
        string what = last.AttemptOutcome != AttemptOutcome.ConnectionLost ? "could not be sent" : last.AnswerBegun ? "was answered only in part: the connection broke" : "lost its connection before an answer came";
        string why = last.Cause is null ? string.Empty : $" ({last.Cause.GetBaseException().Message.TrimEnd('.')})";
        return Describe(new AuthressApiException($"{Name(last.Request)} {what}{why}.", last.Cause), ApiFailure.ConnectionFailed, last.Request);
    }

    private static AuthressApiException Describe(AuthressApiException exception, ApiFailure failure, ApiRequest request, ApiResponse answer)
    {
        exception.StatusCode = (int)answer.Status;
        exception.Title = answer.Error?.Title;
        exception.ErrorCode = answer.Error?.ErrorCode;
        exception.ErrorId = answer.Error?.ErrorId;
        exception.RequestId = answer.RequestId;
        exception.RetryAfter = answer.RetryAfter;
        exception.ClockSkew = answer.ClockSkew;
        exception.Attempts = answer.Attempts;
        exception.ResponseHeaders = answer.Headers;
        return Describe(exception, failure, request);
    }

    private static AuthressApiException Describe(AuthressApiException exception, ApiFailure failure, ApiRequest request)
    {
        exception.Failure = failure;
        exception.Method = request.Method.Method;
        exception.Path = "/" + request.Path;
        exception.RequiredPermission = request.RequiredPermission;
        return exception;
    }

    // A JSON reader's message may quote the body; only its position is kept.
    private static Exception? Shown(Exception? bodyFailure) => bodyFailure is System.Text.Json.JsonException json
        ? new InvalidDataException(FormattableString.Invariant($"The body stops being what was asked for at line {json.LineNumber + 1}, byte {json.BytePositionInLine + 1}."))
        : bodyFailure;

    private static string Name(ApiRequest request) => $"{request.Method.Method} /{request.Path}";
}
