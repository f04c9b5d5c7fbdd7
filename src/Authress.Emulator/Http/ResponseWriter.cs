namespace Authress.Emulator.Http;

/// <summary>Sends a response.</summary>
internal static class ResponseWriter
{
    public static bool MayHaveBody(ApiResponse response) =>
        response.Status is not (StatusCodes.Status204NoContent or StatusCodes.Status304NotModified);

    public static void WriteHead(HttpContext context, ApiResponse response)
    {
        context.Response.StatusCode = response.Status;
        if (response.ContentType is not null)
            context.Response.ContentType = response.ContentType;
        foreach ((string name, string value) in response.Headers)
            context.Response.Headers[name] = value;
    }

    public static async Task WriteAsync(HttpContext context, ApiResponse response, CancellationToken cancellationToken)
    {
        WriteHead(context, response);
        if (!MayHaveBody(response))
            return;
        context.Response.ContentLength = response.Body.Length;
        await context.Response.Body.WriteAsync(response.Body, cancellationToken);
    }
}
