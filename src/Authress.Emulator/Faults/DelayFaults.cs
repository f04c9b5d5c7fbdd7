using System.Text.Json.Serialization;
using Authress.Emulator.Http;

namespace Authress.Emulator.Faults;

/// <summary>
/// Waits before acting, or with <see cref="AfterActing"/> between acting and responding. It acts even if the client has
/// disconnected in the meantime, as a server with the whole request does.
/// </summary>
/// <param name="Milliseconds">The wait.</param>
public sealed record DelayFault([property: JsonRequired] int Milliseconds) : Fault
{
    /// <summary>Whether the wait comes after the operation.</summary>
    public bool AfterActing { get; init; }

    internal override Task BeforeAsync(ApiRequest request, CancellationToken cancellationToken) =>
        AfterActing ? Task.CompletedTask : Task.Delay(Milliseconds, cancellationToken);

    internal override Task AfterAsync(CancellationToken cancellationToken) =>
        AfterActing ? Task.Delay(Milliseconds, cancellationToken) : Task.CompletedTask;
}

/// <summary>Acts, sends the headers and half of the body, and the rest only after a pause.</summary>
/// <param name="Milliseconds">The pause.</param>
public sealed record StallFault([property: JsonRequired] int Milliseconds) : Fault
{
    internal override async Task SendAsync(HttpContext context, ApiResponse response, CancellationToken cancellationToken)
    {
        ResponseWriter.WriteHead(context, response);
        context.Response.ContentLength = ResponseWriter.MayHaveBody(response) ? response.Body.Length : null;
        int half = response.Body.Length / 2;
        await context.Response.Body.WriteAsync(response.Body[..half], cancellationToken);
        await context.Response.Body.FlushAsync(cancellationToken);
        await Task.Delay(Milliseconds, cancellationToken);
        await context.Response.Body.WriteAsync(response.Body[half..], cancellationToken);
    }
}
