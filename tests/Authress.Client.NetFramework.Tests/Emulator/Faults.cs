using System.Text.Json;
using System.Text.Json.Nodes;

namespace Authress.Emulator.Faults;

/// <summary>What goes wrong with a request: the emulator's faults that the tests ask for, as it reads them from JSON.</summary>
internal abstract record Fault
{
    public JsonObject ToJson()
    {
        JsonObject json = JsonSerializer.SerializeToNode(this, GetType(), EmulatorHost.Json)!.AsObject();
        json["kind"] = JsonNamingPolicy.CamelCase.ConvertName(GetType().Name[..^nameof(Fault).Length]);
        return json;
    }
}

internal sealed record StatusFault(int Status) : Fault
{
    public string? RetryAfter { get; init; }

    public bool Act { get; init; }
}

internal sealed record DropFault : Fault;

internal sealed record EmptyFault : Fault;

internal sealed record MalformedFault : Fault;

internal sealed record StaleReadFault : Fault;

internal sealed record ActThenDropFault : Fault;

internal sealed record DelayFault(int Milliseconds) : Fault
{
    public bool AfterActing { get; init; }
}

internal sealed record NotModifiedFault : Fault;

internal sealed record OversizedFault : Fault
{
    public int Megabytes { get; init; } = 64;

    public int? Status { get; init; }
}

internal sealed record RedirectFault(string Location) : Fault
{
    public int Status { get; init; } = 302;
}

internal sealed record RepeatCursorFault : Fault;

internal sealed record PublicKeyFormFault(PublicKeyForm Form) : Fault;

public enum PublicKeyForm
{
    Pem,
    DerUrl,
    Raw,
    RawUrl,
    Hex,
    Jwk,
    OpenSsh,
    Omitted,
}

internal sealed record TruncateFault : Fault
{
    public bool Complete { get; init; }
}
