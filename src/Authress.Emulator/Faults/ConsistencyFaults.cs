using System.Text.Json.Nodes;
using Authress.Emulator.Http;

namespace Authress.Emulator.Faults;

/// <summary>A read returns the state before the client's last change: 404 if that was its creation.</summary>
public sealed record StaleReadFault : Fault
{
    internal override Task BeforeAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        request.ReadsStale = true;
        return Task.CompletedTask;
    }
}

/// <summary>
/// The key that the request creates does not work at first: its tokens get 401 until a number of requests has been refused
/// and a time has passed.
/// </summary>
public sealed record KeyNotYetUsableFault : Fault
{
    /// <summary>The number of seconds by the emulator's clock.</summary>
    public double? Seconds { get; init; }

    /// <summary>The number of requests; 1 if neither is given.</summary>
    public int? Requests { get; init; }

    internal override ApiResponse? Shape(ApiResponse? carriedOut, FaultContext context)
    {
        if (carriedOut is not { Status: StatusCodes.Status201Created }
            || JsonNode.Parse(carriedOut.Body.Span) is not JsonObject key
            || key["keyId"] is not { } keyId
            || key["clientId"] is not { } clientId)
        {
            return carriedOut;
        }

        int requests = Requests ?? (Seconds is null ? 1 : 0);
        TimeSpan? time = Seconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
        context.Activation.Postpone(clientId.GetValue<string>(), keyId.GetValue<string>(), time, requests);
        return carriedOut;
    }
}
