using System.Text.Json.Nodes;
using Authress.Emulator;
using Authress.Emulator.Requests;
using Authress.Emulator.ServiceClients;

namespace Authress.Chaos;

/// <summary>Compares what the workers were told with what the emulator holds and what arrived at it.</summary>
internal static class Verdict
{
    /// <summary>All that differs now.</summary>
    public static IReadOnlyList<string> On(EmulatorServer server, IReadOnlyList<Worker> workers)
    {
        IReadOnlyList<ServiceClientSnapshot> clients = server.Clients;
        IReadOnlyList<RequestRecord> requests = server.Requests;
        List<string> differences = [];
        foreach (Worker worker in workers)
        {
            string who = $"the owner of {worker.Prefix}*";
            Dictionary<string, ServiceClientSnapshot> own = clients
                .Where(client => client.Name?.StartsWith(worker.Prefix, StringComparison.Ordinal) == true)
                .ToDictionary(client => client.ClientId);
            foreach (IGrouping<string?, ServiceClientSnapshot> twins in own.Values.GroupBy(client => client.Name).Where(group => group.Count() > 1))
                differences.Add($"'{twins.Key}' was created {twins.Count()} times");
            foreach (ServiceClientSnapshot client in own.Values.Where(client => !worker.Holdings.Clients.ContainsKey(client.ClientId)))
                differences.AddRange(JudgeUnnamed(client, worker, requests).Select(difference => $"{who}: {difference}"));
            foreach (OwnedClient known in worker.Holdings.Clients.Values)
                differences.AddRange(Judge(known, own.GetValueOrDefault(known.Id), requests).Select(difference => $"{who}: {difference}"));
        }

        differences.AddRange(SentTwice(requests, workers));
        return differences;
    }

    // A client whose id its owner was never told.
    private static IEnumerable<string> JudgeUnnamed(ServiceClientSnapshot client, Worker worker, IReadOnlyList<RequestRecord> requests)
    {
        Fate fate = worker.Holdings.Names.GetValueOrDefault(client.Name!, Fate.NotBegun);
        if (fate is not (Fate.Unknown or Fate.Done))
            yield return $"there is a client '{client.Name}' ({client.ClientId}), told: {fate} by {worker.Holdings.Told.GetValueOrDefault(client.Name!)}. Its requests: {Trail(requests, client.Name!)}";
        else if (worker.Holdings.SearchedInVain.Contains(client.Name!) && !CreationsOf(client.Name!, requests).Any(request => RandomFaults.ActsLate(request.Fault)))
            yield return $"it was said that nothing came of '{client.Name}', and {client.ClientId} did";
    }

    private static IEnumerable<string> Judge(OwnedClient known, ServiceClientSnapshot? there, IReadOnlyList<RequestRecord> requests)
    {
        string what = $"client '{known.Name}' ({known.Id})";
        if (known.Presence == Presence.There && there is null)
            yield return $"{what} is missing. Its requests: {Trail(requests, known.Id)}";
        if (known.Presence == Presence.Gone && there is not null)
            yield return $"{what} was deleted, and is there. Its requests: {Trail(requests, known.Id)}";
        if (there is null || known.Presence != Presence.There)
            yield break;

        string mark = there.Tags.GetValueOrDefault("mark", string.Empty);
        if (!known.Marks.Contains(mark) && !LateMarks(known.Id, requests).Contains(mark))
            yield return $"{what} carries the mark {mark}, not {string.Join(" or ", known.Marks)}. Its requests: {Trail(requests, known.Id)}";
        string[] keys = [.. there.Keys.Select(key => key.KeyId)];
        foreach ((string keyId, Presence presence) in known.Keys)
        {
            if (presence == Presence.There && !keys.Contains(keyId))
                yield return $"key '{keyId}' of {what} is missing. Its requests: {Trail(requests, known.Id)}";
            if (presence == Presence.Gone && keys.Contains(keyId))
                yield return $"key '{keyId}' of {what} was deleted, and is there. Its requests: {Trail(requests, known.Id)}";
        }

        string[] untold = [.. keys.Where(key => !known.Keys.ContainsKey(key))];
        if (untold.Length > known.UnnamedKeys)
            yield return $"{what} has {untold.Length} keys that nobody was told of, not {known.UnnamedKeys} at most: {string.Join(", ", untold)}. The last script for one said: {known.Told}. Its requests: {Trail(requests, known.Id)}";
        RequestRecord[] creations = [.. requests.Where(request => request.Method == "POST" && request.Target == $"/v1/clients/{known.Id}/access-keys" && !IsRefused(request))];
        if (creations.Length > known.KeysAskedFor)
            yield return $"{known.KeysAskedFor} keys were asked for of {what}, and {creations.Length} requests sent that may have made one";
    }

    // A POST that may have been carried out is not sent again.
    private static IEnumerable<string> SentTwice(IReadOnlyList<RequestRecord> requests, IReadOnlyList<Worker> workers)
    {
        foreach (IGrouping<string, RequestRecord> creation in requests.Where(IsCreation).GroupBy(NameIn))
        {
            RequestRecord[] sent = [.. creation];
            if (!sent[..^1].All(IsRefused))
                yield return $"the creation of '{creation.Key}' was sent again after it may have been carried out: {Trail(sent)}";
            if (sent.Length > RandomFaults.MaximumRetryCount + 2)
                yield return $"the creation of '{creation.Key}' was sent {sent.Length} times";
            if (!workers.Any(worker => worker.Holdings.Names.ContainsKey(creation.Key)))
                yield return $"nobody asked for '{creation.Key}'";
        }
    }

    // Of all answers only these prove, by the API's rules, that nothing was done and that it is worth sending again.
    private static bool IsRefused(RequestRecord request) => request.Status is 429 or 401;

    private static bool IsCreation(RequestRecord request) => request is { Method: "POST", Target: "/v1/clients" };

    private static IEnumerable<RequestRecord> CreationsOf(string name, IReadOnlyList<RequestRecord> requests) =>
        requests.Where(request => IsCreation(request) && NameIn(request) == name);

    private static string NameIn(RequestRecord request) => JsonNode.Parse(request.Body)?["name"]?.GetValue<string>() ?? string.Empty;

    // What an update wrote that may have been carried out after a later one, which nobody but the server can prevent.
    private static IEnumerable<string> LateMarks(string id, IReadOnlyList<RequestRecord> requests) => requests
        .Where(request => request.Method == "PUT" && request.Target == $"/v1/clients/{id}" && RandomFaults.ActsLate(request.Fault))
        .Select(request => JsonNode.Parse(request.Body)?["tags"]?["mark"]?.GetValue<string>() ?? string.Empty);

    private static string Trail(IReadOnlyList<RequestRecord> requests, string about) => Trail(requests.Where(request =>
        request.Target.Contains(about, StringComparison.Ordinal) || (IsCreation(request) && NameIn(request) == about)));

    private static string Trail(IEnumerable<RequestRecord> requests) => string.Join("; ", requests.Select(request =>
        FormattableString.Invariant($"{request.ReceivedAt:ss.fff} {request.Method} {request.Target.Split('/')[^1]} {request.Fault} -> {request.Status?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "nothing"}")));
}
