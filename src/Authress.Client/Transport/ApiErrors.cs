using System.Globalization;
using System.Text;

namespace Authress.Client.Transport;

/// <summary>Makes the one exception of the API. Texts name the request and what Authress said, and never a secret.</summary>
internal static class ApiErrors
{
    public static AuthressApiException FromStatus<T>(ApiRequest request, ApiAnswer<T> answer)
        where T : class
    {
        int status = (int)answer.Status;
        StringBuilder text = new($"{Name(request)} was answered with {answer.StatusText}");
        if (answer.Error?.Title is { Length: > 0 } title)
            text.Append(": ").Append(PrintableText.Escape(title.TrimEnd('.')));
        text.Append('.');
        if (status is >= 300 and < 400)
            text.Append(" Redirects are not followed, so that the token goes nowhere else; check the API URL.");
        AuthressApiException exception = Describe(new AuthressApiException(text.ToString(), Shown(answer.BodyFailure)), ApiFailure.Status, request, answer);

        // A server or gateway that failed may have acted first; one that refused has not.
        exception.OutcomeUnknown = !request.IsRead && (status >= 500 || status == 408);
        return exception;
    }

    public static AuthressApiException FromBody<T>(ApiRequest request, ApiAnswer<T> answer)
        where T : class
    {
        bool tooLarge = answer.BodyFailure is ResponseTooLargeException;
        string text = $"{Name(request)} succeeded with {answer.StatusText}, but its answer can't be used: "
            + (tooLarge ? answer.BodyFailure!.Message
                : answer.Value is not null ? "something that belongs into it is missing."
                : answer.BodyFailure is null ? "it is empty."
                : "it is not the JSON that was asked for. Does the API URL lead to Authress, and not to a website or a proxy?");
        AuthressApiException exception = Describe(
            new AuthressApiException(text, Shown(answer.BodyFailure)), tooLarge ? ApiFailure.ResponseTooLarge : ApiFailure.InvalidResponse, request, answer);
        exception.OutcomeUnknown = !request.IsRead;
        return exception;
    }

    public static AuthressApiException TimedOut(ApiRequest request, TimeSpan timeout, bool answerBegun, Exception? cause)
    {
        string after = timeout.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);
        string what = answerBegun ? "was answered only in part" : "was not answered";
        return Describe(new AuthressApiException($"{Name(request)} {what} within {after} seconds.", cause), ApiFailure.TimedOut, request, mayHaveActed: !request.IsRead);
    }

    public static AuthressApiException ConnectionFailed(ApiRequest request, bool neverSent, bool answerBegun, Exception? cause)
    {
        string what = neverSent ? "could not be sent" : answerBegun ? "was answered only in part: the connection broke" : "lost its connection before an answer came";
        string why = cause is null ? string.Empty : $" ({cause.GetBaseException().Message.TrimEnd('.')})";
        return Describe(new AuthressApiException($"{Name(request)} {what}{why}.", cause), ApiFailure.ConnectionFailed, request, mayHaveActed: !request.IsRead && !neverSent);
    }

    public static AuthressApiException ReadOnly(ApiRequest request) =>
        Describe(new AuthressApiException($"{Name(request)} was not sent: the connection is read-only."), ApiFailure.ReadOnlyConnection, request, mayHaveActed: false);

    private static AuthressApiException Describe<T>(AuthressApiException exception, ApiFailure failure, ApiRequest request, ApiAnswer<T> answer)
        where T : class
    {
        exception.StatusCode = (int)answer.Status;
        exception.Title = answer.Error?.Title;
        exception.ErrorCode = answer.Error?.ErrorCode;
        exception.ErrorId = answer.Error?.ErrorId;
        exception.RequestId = answer.RequestId;
        exception.RetryAfter = answer.RetryAfter;
        exception.ClockSkew = answer.ClockSkew;
        return Describe(exception, failure, request, mayHaveActed: false);
    }

    private static AuthressApiException Describe(AuthressApiException exception, ApiFailure failure, ApiRequest request, bool mayHaveActed)
    {
        exception.Failure = failure;
        exception.Method = request.Method.Method;
        exception.Path = "/" + request.Path;
        exception.RequiredPermission = request.RequiredPermission;
        exception.OutcomeUnknown = mayHaveActed;
        return exception;
    }

    // A JSON reader's message may quote the body; only its position is kept.
    private static Exception? Shown(Exception? bodyFailure) => bodyFailure is System.Text.Json.JsonException json
        ? new InvalidDataException(FormattableString.Invariant($"The body stops being what was asked for at line {json.LineNumber + 1}, byte {json.BytePositionInLine + 1}."))
        : bodyFailure;

    private static string Name(ApiRequest request) => $"{request.Method.Method} /{request.Path}";
}
