using System.Text.Json.Serialization;
using Authress.Emulator.Http;

namespace Authress.Emulator.Faults;

/// <summary>Cuts the connection before acting: the request changes nothing.</summary>
public sealed record DropFault : Fault
{
    internal override bool CarriesOut => false;

    internal override ApiAnswer? Shape(ApiAnswer? carriedOut, FaultContext context) => null;
}

/// <summary>Acts, and cuts the connection instead of answering.</summary>
public sealed record ActThenDropFault : Fault
{
    internal override ApiAnswer? Shape(ApiAnswer? carriedOut, FaultContext context) => null;
}

/// <summary>Cuts the connection, and acts later: the request lands when its sender has long been told that it failed.</summary>
/// <param name="Milliseconds">How much later.</param>
public sealed record DropThenActFault([property: JsonRequired] int Milliseconds) : Fault
{
    internal override bool CarriesOut => false;

    internal override TimeSpan? CarriesOutAfter => TimeSpan.FromMilliseconds(Milliseconds);

    internal override ApiAnswer? Shape(ApiAnswer? carriedOut, FaultContext context) => null;
}

/// <summary>
/// Waits before acting, or with <see cref="AfterActing"/> between acting and answering. It acts even if the caller has
/// hung up in the meantime, as a server does that has the whole request.
/// </summary>
/// <param name="Milliseconds">How long.</param>
public sealed record DelayFault([property: JsonRequired] int Milliseconds) : Fault
{
    /// <summary>Whether the wait comes after the operation.</summary>
    public bool AfterActing { get; init; }

    internal override Task BeforeAsync(ApiRequest request, CancellationToken cancellationToken) =>
        AfterActing ? Task.CompletedTask : Task.Delay(Milliseconds, cancellationToken);

    internal override Task AfterAsync(CancellationToken cancellationToken) =>
        AfterActing ? Task.Delay(Milliseconds, cancellationToken) : Task.CompletedTask;
}

/// <summary>Acts, sends the head and half of the body, and goes on only after a silence.</summary>
/// <param name="Milliseconds">How long the silence is.</param>
public sealed record StallFault([property: JsonRequired] int Milliseconds) : Fault
{
    internal override async Task SendAsync(HttpContext context, ApiAnswer answer, CancellationToken cancellationToken)
    {
        AnswerWriter.WriteHead(context, answer);
        context.Response.ContentLength = AnswerWriter.MayHaveBody(answer) ? answer.Body.Length : null;
        int half = answer.Body.Length / 2;
        await context.Response.Body.WriteAsync(answer.Body[..half], cancellationToken);
        await context.Response.Body.FlushAsync(cancellationToken);
        await Task.Delay(Milliseconds, cancellationToken);
        await context.Response.Body.WriteAsync(answer.Body[half..], cancellationToken);
    }
}

/// <summary>
/// Acts, and sends half of the body: by default under a <c>Content-Length</c> that promises all of it, with the
/// connection cut; with <see cref="Complete"/> as an answer that HTTP finds nothing wrong with.
/// </summary>
public sealed record TruncateFault : Fault
{
    /// <summary>Whether the half is sent as if it were all.</summary>
    public bool Complete { get; init; }

    internal override ApiAnswer? Shape(ApiAnswer? carriedOut, FaultContext context) =>
        Complete && carriedOut is not null ? carriedOut with { Body = carriedOut.Body[..(carriedOut.Body.Length / 2)] } : carriedOut;

    internal override async Task SendAsync(HttpContext context, ApiAnswer answer, CancellationToken cancellationToken)
    {
        if (Complete)
        {
            await base.SendAsync(context, answer, cancellationToken);
            return;
        }

        if (answer.Body.Length == 0)
        {
            context.Abort();
            return;
        }

        // Kestrel sends what there is and closes the connection, because it is less than promised. Abort could discard it unsent.
        AnswerWriter.WriteHead(context, answer);
        context.Response.ContentLength = answer.Body.Length;
        await context.Response.Body.WriteAsync(answer.Body[..(answer.Body.Length / 2)], cancellationToken);
    }
}
