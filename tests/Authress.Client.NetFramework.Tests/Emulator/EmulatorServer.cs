using System.Text.Json;
using System.Text.Json.Nodes;
using Authress.Client.Tests.Emulator;
using Authress.Emulator.Faults;
using Authress.Emulator.Requests;
using Authress.Emulator.ServiceClients;

namespace Authress.Emulator;

/// <summary>
/// The emulator with the members that the tests use. It needs .NET and runs in a process of its own: each member calls
/// the member of that name there.
/// </summary>
internal sealed class EmulatorServer : IAsyncDisposable
{
    private readonly EmulatorHost _host;
    private readonly int _number;

    private EmulatorServer(EmulatorHost host, JsonObject started)
    {
        _host = host;
        _number = started["server"]!.GetValue<int>();
        ApiUrl = new Uri(started["apiUrl"]!.GetValue<string>());
        AccountId = started["accountId"]!.GetValue<string>();
        AccessKey = started["accessKey"]!.GetValue<string>();
        AdminClientId = started["adminClientId"]!.GetValue<string>();
        AdminKeyId = started["adminKeyId"]!.GetValue<string>();
    }

    public Uri ApiUrl { get; }

    public string AccountId { get; }

    public string AccessKey { get; }

    public string AdminClientId { get; }

    public string AdminKeyId { get; }

    public IReadOnlyList<RequestRecord> Requests => Ask<RequestRecord[]>("Requests");

    public IReadOnlyList<ServiceClientSnapshot> Clients => Ask<ServiceClientSnapshot[]>("Clients");

    public static async Task<EmulatorServer> StartAsync(EmulatorOptions? options = null)
    {
        options ??= new EmulatorOptions();
        EmulatorHost host = EmulatorHost.Running;
        JsonNode? started = await Task.Run(() => host.Ask(0, "Start", options.ListOmitsKeys, options.Paging.ToString()));
        EmulatorServer server = new(host, started!.AsObject());
        if (options.Clock is SettableClock clock)
        {
            server.Ask<JsonNode?>("SetClock", clock.Now);
            clock.Moved += now => server.Ask<JsonNode?>("SetClock", now);
        }

        return server;
    }

    public ServiceClientSnapshot? FindClient(string clientId) => Ask<ServiceClientSnapshot?>("FindClient", clientId);

    public string SeedClient(string json = "{}", string? clientId = null) => Ask<string>("SeedClient", json, clientId);

    public IReadOnlyList<string> SeedClients(int count) => Ask<string[]>("SeedClients", count);

    public string IssueAccessKey(string clientId) => Ask<string>("IssueAccessKey", clientId);

    public string AddLegacyRsaKey(string clientId) => Ask<string>("AddLegacyRsaKey", clientId);

    public void ClearRequests() => Ask<JsonNode?>("ClearRequests");

    public void AddFault(string method, string path, Fault fault, int times = 1, int skip = 0) =>
        Ask<JsonNode?>("AddFault", new JsonObject { ["method"] = method, ["path"] = path, ["fault"] = fault.ToJson(), ["times"] = times, ["skip"] = skip });

    public async ValueTask DisposeAsync() => await Task.Run(() => _host.Ask(_number, "Dispose"));

    private T Ask<T>(string member, params object?[] arguments) => _host.Ask(_number, member, arguments).Deserialize<T>(EmulatorHost.Json)!;
}
