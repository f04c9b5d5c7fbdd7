using System.Text.Json.Nodes;
using Authress.Emulator;
using Authress.Emulator.Requests;
using Authress.Emulator.ServiceClients;

namespace Authress.Chaos;

/// <summary>Compares what the cmdlets reported with the emulator's state and the requests that it received.</summary>
internal static class Verdict
{
    /// <summary>All current differences.</summary>
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

    // A client whose id no report named.
    private static IEnumerable<string> JudgeUnnamed(ServiceClientSnapshot client, Worker worker, IReadOnlyList<RequestRecord> requests)
    {
        Outcome outcome = worker.Holdings.Names.GetValueOrDefault(client.Name!, Outcome.NotBegun);
        if (outcome is not (Outcome.Unknown or Outcome.Done))
            yield return $"there is a client '{client.Name}' ({client.ClientId}), reported: {outcome} by {worker.Holdings.Reports.GetValueOrDefault(client.Name!)}. Its requests: {Trail(requests, client.Name!)}";
        else if (worker.Holdings.WithoutCandidate.Contains(client.Name!) && !CreationsOf(client.Name!, requests).Any(request => RandomFaults.ActsLate(request.Fault)))
            yield return $"no candidate was reported for '{client.Name}', but {client.ClientId} exists";
    }

    private static IEnumerable<string> Judge(OwnedClient known, ServiceClientSnapshot? there, IReadOnlyList<RequestRecord> requests)
    {
        string what = $"client '{known.Name}' ({known.Id})";
        if (known.Presence == Presence.Exists && there is null)
            yield return $"{what} is missing. Its requests: {Trail(requests, known.Id)}";
        if (known.Presence == Presence.Deleted && there is not null)
            yield return $"{what} was deleted, but exists. Its requests: {Trail(requests, known.Id)}";
        if (there is null || known.Presence != Presence.Exists)
            yield break;

        string mark = there.Tags.GetValueOrDefault("mark", string.Empty);
        if (!known.Marks.Contains(mark) && !LateMarks(known.Id, requests).Contains(mark))
            yield return $"{what} carries the mark {mark}, not {string.Join(" or ", known.Marks)}. Its requests: {Trail(requests, known.Id)}";
        string[] keys = [.. there.Keys.Select(key => key.KeyId)];
        foreach ((string keyId, Presence presence) in known.Keys)
        {
            if (presence == Presence.Exists && !keys.Contains(keyId))
                yield return $"key '{keyId}' of {what} is missing. Its requests: {Trail(requests, known.Id)}";
            if (presence == Presence.Deleted && keys.Contains(keyId))
                yield return $"key '{keyId}' of {what} was deleted, but exists. Its requests: {Trail(requests, known.Id)}";
        }

        string[] unreported = [.. keys.Where(key => !known.Keys.ContainsKey(key))];
        if (unreported.Length > known.UnnamedKeys)
            yield return $"{what} has {unreported.Length} keys that no report named, not {known.UnnamedKeys} at most: {string.Join(", ", unreported)}. The last script that created one reported: {known.LastReport}. Its requests: {Trail(requests, known.Id)}";
        RequestRecord[] creations = [.. requests.Where(request => request.Method == "POST" && request.Target == $"/v1/clients/{known.Id}/access-keys" && !IsRefused(request))];
        if (creations.Length > known.KeysRequested)
            yield return $"{known.KeysRequested} keys were requested for {what}, but {creations.Length} requests were sent that may have created one";
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
                yield return $"no script requested '{creation.Key}'";
        }
    }

    // By the API's rules, only these responses prove that nothing was done and that a retry is worthwhile.
    private static bool IsRefused(RequestRecord request) => request.Status is 429 or 401;

    private static bool IsCreation(RequestRecord request) => request is { Method: "POST", Target: "/v1/clients" };

    private static IEnumerable<RequestRecord> CreationsOf(string name, IReadOnlyList<RequestRecord> requests) =>
        requests.Where(request => IsCreation(request) && NameIn(request) == name);

    private static string NameIn(RequestRecord request) => JsonNode.Parse(request.Body)?["name"]?.GetValue<string>() ?? string.Empty;

    // An update may be carried out after a later one; no client can prevent that.
    private static IEnumerable<string> LateMarks(string id, IReadOnlyList<RequestRecord> requests) => requests
        .Where(request => request.Method == "PUT" && request.Target == $"/v1/clients/{id}" && RandomFaults.ActsLate(request.Fault))
        .Select(request => JsonNode.Parse(request.Body)?["tags"]?["mark"]?.GetValue<string>() ?? string.Empty);

    private static string Trail(IReadOnlyList<RequestRecord> requests, string about) => Trail(requests.Where(request =>
        request.Target.Contains(about, StringComparison.Ordinal) || (IsCreation(request) && NameIn(request) == about)));

    private static string Trail(IEnumerable<RequestRecord> requests) => string.Join("; ", requests.Select(request =>
        FormattableString.Invariant($"{request.ReceivedAt:ss.fff} {request.Method} {request.Target.Split('/')[^1]} {request.Fault} -> {request.Status?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "nothing"}")));
}
