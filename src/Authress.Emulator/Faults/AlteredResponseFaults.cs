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
