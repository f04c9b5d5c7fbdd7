using System.Net.Http.Json;
using System.Text.Json;
using Authress.Emulator;

namespace Authress.EmulatorHost;

/// <summary>The emulators that were asked for, by number.</summary>
internal sealed class Emulators : IAsyncDisposable
{
    private readonly Dictionary<int, (EmulatorServer Server, SettableClock Clock)> running = [];
    private readonly HttpClient http = new();
    private int last;

    /// <summary>Carries out what a member of <see cref="EmulatorServer"/> does, and returns what it returns.</summary>
    public async Task<object?> AnswerAsync(Question question)
    {
        if (question.Member == "Start")
            return await StartAsync(question.Arguments[0].GetBoolean(), Enum.Parse<PagingStyle>(question.Text(1)!));
        (EmulatorServer server, SettableClock clock) = running[question.Server];
        switch (question.Member)
        {
            case "Requests":
                return server.Requests;
            case "Clients":
                return server.Clients;
            case "FindClient":
                return server.FindClient(question.Text(0)!);
            case "SeedClient":
                return server.SeedClient(question.Text(0)!, question.Text(1));
            case "SeedClients":
                return server.SeedClients(question.Arguments[0].GetInt32());
            case "IssueAccessKey":
                return server.IssueAccessKey(question.Text(0)!);
            case "AddLegacyRsaKey":
                return server.AddLegacyRsaKey(question.Text(0)!);
            case "ClearRequests":
                server.ClearRequests();
                return null;
            case "SetClock":
                clock.Now = question.Arguments[0].GetDateTimeOffset();
                return null;
            case "AddFault":
                using (HttpResponseMessage added = await http.PostAsJsonAsync(new Uri(server.ApiUrl, "_emulator/faults"), question.Arguments[0]))
                    return added.IsSuccessStatusCode ? null : throw new InvalidOperationException(await added.Content.ReadAsStringAsync());
            case "Dispose":
                running.Remove(question.Server);
                await server.DisposeAsync();
                return null;
            default:
                throw new InvalidOperationException($"There is no member '{question.Member}'.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        foreach ((EmulatorServer server, _) in running.Values)
            await server.DisposeAsync();
    }

    private async Task<object> StartAsync(bool listOmitsKeys, PagingStyle paging)
    {
        SettableClock clock = new();
        EmulatorServer server = await EmulatorServer.StartAsync(new EmulatorOptions { ListOmitsKeys = listOmitsKeys, Paging = paging, Clock = clock });
        running.Add(++last, (server, clock));
        return new { Server = last, server.ApiUrl, server.AccountId, server.AccessKey, server.AdminClientId, server.AdminKeyId };
    }

    /// <summary>The time of day until it is set.</summary>
    private sealed class SettableClock : TimeProvider
    {
        public DateTimeOffset? Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now ?? System.GetUtcNow();
    }
}

/// <summary>A call of one emulator's member.</summary>
internal sealed record Question(int Server, string Member, IReadOnlyList<JsonElement> Arguments)
{
    public string? Text(int argument) => Arguments[argument].GetString();
}
