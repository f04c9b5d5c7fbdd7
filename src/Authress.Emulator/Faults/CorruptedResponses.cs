using System.Text.Json;
using System.Text.Json.Nodes;
using Authress.Emulator.Http;
using Microsoft.Extensions.Primitives;

namespace Authress.Emulator.Faults;

/// <summary>Acts, and responds with the right status and no body.</summary>
public sealed record EmptyFault : Fault
{
    internal override ApiResponse? Shape(ApiResponse? carriedOut, FaultContext context) =>
        carriedOut is null ? null : carriedOut with { Body = default };
}

/// <summary>
/// A listing returns the cursor of its request as the next one, so that it never ends. The first page, requested
/// without a cursor, is correct.
/// </summary>
public sealed record RepeatCursorFault : Fault
{
    internal override ApiResponse? Shape(ApiResponse? carriedOut, FaultContext context)
    {
        if (carriedOut is not { Status: StatusCodes.Status200OK }
            || !context.Request.Query.TryGetValue("cursor", out StringValues cursor)
            || JsonNode.Parse(carriedOut.Body.Span) is not JsonObject listing
            || !listing.ContainsKey("clients"))
        {
            return carriedOut;
        }

        listing["pagination"] = new JsonObject { ["next"] = new JsonObject { ["cursor"] = cursor.ToString() } };
        if (listing["links"] is JsonObject links && links["self"]?["href"] is { } self)
            links["next"] = new JsonObject { ["href"] = self.DeepClone() };
        return carriedOut with { Body = JsonSerializer.SerializeToUtf8Bytes(listing) };
    }
}

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
