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
        string text = response.Error?.Title is { Length: > 0 } title
            ? InvariantText.Format(Messages.RequestFailedTitled, Name(request), response.StatusText, PrintableText.ForMessage(title.TrimEnd('.')))
            : InvariantText.Format(Messages.RequestFailed, Name(request), response.StatusText);
        if (status is >= 300 and < 400)
            text += " " + Messages.RedirectNotFollowed;
        return Describe(new AuthressApiException(text, Shown(response.BodyFailure)), ApiFailure.Status, request, response);
    }

    /// <summary>The error of a success whose body can't be used.</summary>
    public static AuthressApiException FromBody(ApiRequest request, ApiResponse response)
    {
        bool tooLarge = response.BodyFailure is ResponseTooLargeException;
        string why = tooLarge ? response.BodyFailure!.Message
            : response.HasValue ? Messages.BodyIncomplete
            : response.BodyFailure is null ? Messages.BodyEmpty
            : Messages.BodyUnexpected;
        string text = InvariantText.Format(Messages.BodyUnusable, Name(request), response.StatusText, why);
        AuthressApiException exception = Describe(
            new AuthressApiException(text, Shown(response.BodyFailure)), tooLarge ? ApiFailure.ResponseTooLarge : ApiFailure.InvalidResponse, request, response);
        exception.OutcomeUnknown = !request.IsRead;
        return exception;
    }

    /// <summary>The error of a key that was created, and whose id can't be part of an access key.</summary>
    public static AuthressApiException UnusableKeyId(ApiRequest request, string clientId, string publicKey, ArgumentException cause)
    {
        AuthressApiException exception = Describe(new AuthressApiException(InvariantText.Format(Messages.KeyIdUnusable, Name(request), cause.Message)), ApiFailure.InvalidResponse, request);
        (exception.OutcomeUnknown, exception.PublicKey, exception.ClientId, exception.Attempts) = (true, publicKey, clientId, 1);
        return exception;
    }

    /// <summary>The error of a public key whose registration was cancelled while it was under way.</summary>
    public static AuthressApiException Cancelled(ApiRequest request, string clientId, string publicKey, OperationCanceledException cause)
    {
        AuthressApiException exception = Describe(new AuthressApiException(InvariantText.Format(Messages.RequestWithoutResponse, Name(request), string.Empty), cause), ApiFailure.ConnectionFailed, request);
        (exception.OutcomeUnknown, exception.PublicKey, exception.ClientId, exception.Attempts) = (true, publicKey, clientId, 1);
        return exception;
    }

    public static AuthressApiException ReadOnly(ApiRequest request) =>
        Describe(new AuthressApiException(InvariantText.Format(Messages.RequestReadOnly, Name(request))), ApiFailure.ReadOnlyConnection, request);

    private static AuthressApiException TimedOut(Attempt last)
    {
        string text = last.PartialResponse is null ? Messages.RequestTimedOut : Messages.RequestTimedOutPartially;
        return Describe(new AuthressApiException(InvariantText.Format(text, Name(last.Request), last.Timeout.TotalSeconds), Shown(last.Cause)), ApiFailure.TimedOut, last.Request);
    }

    private static AuthressApiException ConnectionFailed(Attempt last)
    {
        string text = last.Outcome != AttemptOutcome.ConnectionLost ? Messages.RequestNotSent
            : last.PartialResponse is null ? Messages.RequestWithoutResponse
            : Messages.RequestWithPartialResponse;
        string why = last.Cause is null ? string.Empty : $" ({last.Cause.GetBaseException().Message.TrimEnd('.')})";
        return Describe(new AuthressApiException(InvariantText.Format(text, Name(last.Request), why), Shown(last.Cause)), ApiFailure.ConnectionFailed, last.Request);
    }

    private static AuthressApiException Describe(AuthressApiException exception, ApiFailure failure, ApiRequest request, ApiResponse response)
    {
        exception.StatusCode = (int)response.Status;
        exception.Title = Hide(response.Error?.Title);
        exception.ErrorCode = Hide(response.Error?.ErrorCode);
        exception.ErrorId = Hide(response.Error?.ErrorId);
        exception.RequestId = Hide(response.RequestId);
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
        exception.Path = Hide("/" + request.Path);
        exception.RequiredPermission = Hide(request.RequiredPermission);
        return exception;
    }

    // The JSON reader's message may quote the body, so only the position is kept. Another library's may quote a credential,
    // such as that of a proxy's URL; then only its text is kept, without that.
    private static Exception? Shown(Exception? cause) => cause switch
    {
        null => null,
        System.Text.Json.JsonException json => new InvalidDataException(InvariantText.Format(Messages.BodyPosition, json.LineNumber + 1, json.BytePositionInLine + 1)),
        _ when cause.ToString() is var text && Redaction.Hide(text) != text => new HttpRequestException(Redaction.Hide(cause.GetBaseException().Message)),
        _ => cause,
    };

    // A path may hold what the user took for an id, and a response may repeat what was sent.
    private static string? Hide(string? text) => text is null ? null : Redaction.Hide(text);

    private static string Name(ApiRequest request) => $"{request.Method.Method} /{request.Path}";
}
