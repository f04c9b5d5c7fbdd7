namespace Authress.Emulator.Http;

/// <summary>Puts an answer on the wire.</summary>
internal static class AnswerWriter
{
    public static bool MayHaveBody(ApiAnswer answer) =>
        answer.Status is not (StatusCodes.Status204NoContent or StatusCodes.Status304NotModified);

    public static void WriteHead(HttpContext context, ApiAnswer answer)
    {
        context.Response.StatusCode = answer.Status;
        if (answer.ContentType is not null)
            context.Response.ContentType = answer.ContentType;
        foreach ((string name, string value) in answer.Headers)
            context.Response.Headers[name] = value;
    }

    public static async Task WriteAsync(HttpContext context, ApiAnswer answer, CancellationToken cancellationToken)
    {
        WriteHead(context, answer);
        if (!MayHaveBody(answer))
            return;
        context.Response.ContentLength = answer.Body.Length;
        await context.Response.Body.WriteAsync(answer.Body, cancellationToken);
    }
}
