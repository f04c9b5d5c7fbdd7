using System.Net.Http.Json;
using System.Text.Json;
using Authress.Emulator;

namespace Authress.EmulatorHost;

/// <summary>The emulators that were started, by number.</summary>
internal sealed class Emulators : IAsyncDisposable
{
    private readonly Dictionary<int, (EmulatorServer Server, SettableClock Clock)> _running = [];
    private readonly HttpClient _http = new();
    private int _last;

    /// <summary>Calls a member of <see cref="EmulatorServer"/> and returns its result.</summary>
    public async Task<object?> CallAsync(MemberCall call)
    {
        if (call.Member == "Start")
            return await StartAsync(call.Arguments[0].GetBoolean(), Enum.Parse<PagingStyle>(call.Text(1)!));
        (EmulatorServer server, SettableClock clock) = _running[call.Server];
        switch (call.Member)
        {
            case "Requests":
                return server.Requests;
            case "Clients":
                return server.Clients;
            case "FindClient":
                return server.FindClient(call.Text(0)!);
            case "SeedClient":
                return server.SeedClient(call.Text(0)!, call.Text(1));
            case "SeedClients":
                return server.SeedClients(call.Arguments[0].GetInt32());
            case "IssueAccessKey":
                return server.IssueAccessKey(call.Text(0)!);
            case "AddLegacyRsaKey":
                return server.AddLegacyRsaKey(call.Text(0)!);
            case "ClearRequests":
                server.ClearRequests();
                return null;
            case "SetClock":
                clock.Now = call.Arguments[0].GetDateTimeOffset();
                return null;
            case "AddFault":
                using (HttpResponseMessage added = await _http.PostAsJsonAsync(new Uri(server.ApiUrl, "_emulator/faults"), call.Arguments[0]))
                    return added.IsSuccessStatusCode ? null : throw new InvalidOperationException(await added.Content.ReadAsStringAsync());
            case "Dispose":
                _running.Remove(call.Server);
                await server.DisposeAsync();
                return null;
            default:
                throw new InvalidOperationException($"There is no member '{call.Member}'.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        foreach ((EmulatorServer server, _) in _running.Values)
            await server.DisposeAsync();
    }

    private async Task<object> StartAsync(bool listOmitsKeys, PagingStyle paging)
    {
        SettableClock clock = new();
        EmulatorServer server = await EmulatorServer.StartAsync(new EmulatorOptions { ListOmitsKeys = listOmitsKeys, Paging = paging, Clock = clock });
        _running.Add(++_last, (server, clock));
        return new { Server = _last, server.ApiUrl, server.AccountId, server.AccessKey, server.AdminClientId, server.AdminKeyId };
    }

    /// <summary>The current time until it is set.</summary>
    private sealed class SettableClock : TimeProvider
    {
        public DateTimeOffset? Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now ?? System.GetUtcNow();
    }
}

/// <summary>A call of one emulator's member.</summary>
internal sealed record MemberCall(int Server, string Member, IReadOnlyList<JsonElement> Arguments)
{
    public string? Text(int argument) => Arguments[argument].GetString();
}
