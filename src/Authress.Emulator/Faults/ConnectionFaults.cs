using System.Text.Json.Serialization;
using Authress.Emulator.Http;

namespace Authress.Emulator.Faults;

/// <summary>Drops the connection before acting: the request changes nothing.</summary>
public sealed record DropFault : Fault
{
    internal override bool CarriesOut => false;

    internal override ApiResponse? Shape(ApiResponse? carriedOut, FaultContext context) => null;
}

/// <summary>Acts, and drops the connection instead of responding.</summary>
public sealed record ActThenDropFault : Fault
{
    internal override ApiResponse? Shape(ApiResponse? carriedOut, FaultContext context) => null;
}

/// <summary>Drops the connection, and acts later, after the client has seen the request fail.</summary>
/// <param name="Milliseconds">The delay until it acts.</param>
public sealed record DropThenActFault([property: JsonRequired] int Milliseconds) : Fault
{
    internal override bool CarriesOut => false;

    internal override TimeSpan? CarriesOutAfter => TimeSpan.FromMilliseconds(Milliseconds);

    internal override ApiResponse? Shape(ApiResponse? carriedOut, FaultContext context) => null;
}

/// <summary>
/// Acts, and sends half of the body. By default, <c>Content-Length</c> is that of the whole body and the connection is
/// dropped; with <see cref="Complete"/>, the response is valid HTTP.
/// </summary>
public sealed record TruncateFault : Fault
{
    /// <summary>Whether the half is sent as the whole body.</summary>
    public bool Complete { get; init; }

    internal override ApiResponse? Shape(ApiResponse? carriedOut, FaultContext context) =>
        Complete && carriedOut is not null ? carriedOut with { Body = carriedOut.Body[..(carriedOut.Body.Length / 2)] } : carriedOut;

    internal override async Task SendAsync(HttpContext context, ApiResponse response, CancellationToken cancellationToken)
    {
        if (Complete)
        {
            await base.SendAsync(context, response, cancellationToken);
            return;
        }

        if (response.Body.Length == 0)
        {
            context.Abort();
            return;
        }

        // The body is shorter than Content-Length, so Kestrel sends it and closes the connection. Abort could discard it unsent.
        ResponseWriter.WriteHead(context, response);
        context.Response.ContentLength = response.Body.Length;
        await context.Response.Body.WriteAsync(response.Body[..(response.Body.Length / 2)], cancellationToken);
    }
}
