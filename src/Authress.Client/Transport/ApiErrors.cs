using System.Globalization;
using System.Text;

namespace Authress.Client.Transport;

/// <summary>Creates the exceptions. Their messages name the request and Authress's error, and never a secret.</summary>
internal static class ApiErrors
{
    /// <summary>The error of a request whose last attempt failed.</summary>
    public static AuthressApiException From(RetryContext context, Attempt last)
    {
        AuthressApiException exception = last switch
        {
            { Response: { IsSuccess: true } response } => FromBody(last.Request, response),
            { Response: { } response } => FromStatus(last.Request, response),
            { Outcome: AttemptOutcome.TimedOut } => TimedOut(last),
            _ => ConnectionFailed(last),
        };
        exception.Attempts = context.SentCount;
        exception.OutcomeUnknown = context.OutcomeUnknown;
        return exception;
    }

    private static AuthressApiException FromStatus(ApiRequest request, ApiResponse response)
    {
        int status = (int)response.Status;
        StringBuilder text = new($"{Name(request)} failed with {response.StatusText}");
        if (response.Error?.Title is { Length: > 0 } title)
            text.Append(": ").Append(PrintableText.Escape(title.TrimEnd('.')));
        text.Append('.');
        if (status is >= 300 and < 400)
            text.Append(" Redirects are not followed, to keep the token from other hosts; check the API URL.");
        return Describe(new AuthressApiException(text.ToString(), Shown(response.BodyFailure)), ApiFailure.Status, request, response);
    }

    /// <summary>The error of a success whose body can't be used.</summary>
    public static AuthressApiException FromBody(ApiRequest request, ApiResponse response)
    {
        bool tooLarge = response.BodyFailure is ResponseTooLargeException;
        string text = $"{Name(request)} succeeded with {response.StatusText}, but its body can't be used: "
            + (tooLarge ? response.BodyFailure!.Message
                : response.HasValue ? "a required member is missing."
                : response.BodyFailure is null ? "it is empty."
                : "it is not the expected JSON. Check that the API URL is Authress's, and not that of a website or proxy.");
        AuthressApiException exception = Describe(
            new AuthressApiException(text, Shown(response.BodyFailure)), tooLarge ? ApiFailure.ResponseTooLarge : ApiFailure.InvalidResponse, request, response);
        exception.OutcomeUnknown = !request.IsRead;
        return exception;
    }

    public static AuthressApiException ReadOnly(ApiRequest request) =>
        Describe(new AuthressApiException($"{Name(request)} was not sent: the connection is read-only."), ApiFailure.ReadOnlyConnection, request);

    private static AuthressApiException TimedOut(Attempt last)
    {
        string after = last.Timeout.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);
        string what = last.PartialResponse is null ? "got no response" : "got only part of a response";
        return Describe(new AuthressApiException($"{Name(last.Request)} {what} within {after} seconds.", last.Cause), ApiFailure.TimedOut, last.Request);
    }

    private static AuthressApiException ConnectionFailed(Attempt last)
    {
        string what = last.Outcome != AttemptOutcome.ConnectionLost ? "could not be sent" : last.PartialResponse is null ? "lost its connection before a response arrived" : "got only part of a response: the connection broke";
        string why = last.Cause is null ? string.Empty : $" ({last.Cause.GetBaseException().Message.TrimEnd('.')})";
        return Describe(new AuthressApiException($"{Name(last.Request)} {what}{why}.", last.Cause), ApiFailure.ConnectionFailed, last.Request);
    }

    private static AuthressApiException Describe(AuthressApiException exception, ApiFailure failure, ApiRequest request, ApiResponse response)
    {
        exception.StatusCode = (int)response.Status;
        exception.Title = response.Error?.Title;
        exception.ErrorCode = response.Error?.ErrorCode;
        exception.ErrorId = response.Error?.ErrorId;
        exception.RequestId = response.RequestId;
        exception.RetryAfter = response.RetryAfter;
        exception.ClockSkew = response.ClockSkew;
        exception.Attempts = response.Attempts;
        exception.ResponseHeaders = response.Headers;
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

    // The JSON reader's message may quote the body, so only the position is kept.
    private static Exception? Shown(Exception? bodyFailure) => bodyFailure is System.Text.Json.JsonException json
        ? new InvalidDataException(FormattableString.Invariant($"The body stops being the expected JSON at line {json.LineNumber + 1}, byte {json.BytePositionInLine + 1}."))
        : bodyFailure;

    private static string Name(ApiRequest request) => $"{request.Method.Method} /{request.Path}";
}
