using System.Globalization;
using System.Management.Automation;
using Authress.Emulator;

namespace Authress.Chaos;

/// <summary>
/// One caller with its own session and its own clients. It runs random operations and, only from their reports,
/// tracks what the account must hold.
/// </summary>
internal sealed class Worker(int number, Session session, EmulatorServer server, Random random, Action<string> finding)
{
    // One request at a time is a separate code path, so it is chosen more often.
    private static readonly int[] Throttles = [1, 1, 2, 5, 16];

    private readonly string _prefix = FormattableString.Invariant($"w{number}-");
    private int _names;
    private int _marks;
    private int _operations;
    private string _script = string.Empty;

    public Holdings Holdings { get; } = new();

    /// <summary>The prefix of the names of this worker's clients, and of no others.</summary>
    public string Prefix => _prefix;

    /// <summary>The number of its cmdlets' inputs.</summary>
    public int Inputs { get; private set; }

    /// <summary>Runs one operation.</summary>
    public void Step()
    {
        _operations++;
        int choice = random.Next(100);
        if (choice < 26 || Holdings.Certain.Count == 0)
            Create();
        else if (choice < 54)
            CreateKeys();
        else if (choice < 70)
            Update();
        else if (choice < 80)
            RemoveKeys();
        else if (choice < 88)
            Remove();
        else if (choice < 93)
            Get();
        else
            List();
    }

    public void Differs(string what) =>
        finding(string.Create(CultureInfo.InvariantCulture, $"worker {number}, operation {_operations}: {_script}: {what}"));

    private void Create()
    {
        string[] names = [.. Enumerable.Range(0, random.Next(1, 13)).Select(_ => string.Create(CultureInfo.InvariantCulture, $"{_prefix}{_names++}"))];
        Outcomes outcomes = Run(
            "New-AuthressServiceClient",
            [.. names.Select(name => Row(("Name", name), ("Tag", "mark=0")))],
            new Invocation(names, row => Reported.Text(row, "Name"), name => name, _ => null, HasOutput: true, EndsEarly: false),
            out ScriptResult result);
        int unnamed = result.Lines.Count(line => line.Contains("POST /v1/clients was ", StringComparison.Ordinal));
        for (int i = 0; i < names.Length; i++)
        {
            string name = names[i];
            Outcome outcome = outcomes.Of(i);
            if (outcome == Outcome.NotBegun && outcomes.IsWhole)
                Differs($"nothing was reported for '{name}'");

            // Stopped between request and object: the report names the request, which belongs to the first input without an object.
            if (outcome == Outcome.NotBegun && unnamed-- > 0)
                outcome = Outcome.Unknown;
            Holdings.Names[name] = outcome;
            Holdings.Reports[name] = $"{_script}: {string.Join(" / ", result.Lines)} {string.Join(" / ", result.Errors)}";
            if (outcomes.Output(name) is { } client)
                Learn(Reported.Text(client, "ClientId"), name);
            if (outcomes.Error(name) is not { } error)
                continue;
            foreach (PSObject candidate in Reported.Candidates(error))
            {
                if (!error.ToString().Contains($"-ClientId {Reported.Text(candidate, "ClientId")}", StringComparison.Ordinal))
                    Differs($"the error of '{name}' does not name its candidate: {error}");
                Learn(Reported.Text(candidate, "ClientId"), name);
            }

            if (Reported.IsSearched(error) && Reported.Candidates(error).Count == 0)
                Holdings.WithoutCandidate.Add(name);
        }
    }

    private void Learn(string id, string name)
    {
        if (!Holdings.Clients.TryAdd(id, new OwnedClient(id, name) { Presence = Presence.Exists }))
            Differs($"the client {id} was reported twice");
    }

    private void CreateKeys()
    {
        // A public key is registered for one client.
        bool isRegistered = random.Next(4) == 0;
        OwnedClient[] clients = isRegistered ? Some(1) : Some(8);
        Outcomes outcomes = Run(
            isRegistered ? $"New-AuthressAccessKey -PublicKey {Secrets.NewPublicKey()}" : random.Next(3) == 0 ? "New-AuthressAccessKey -GenerateLocally" : "New-AuthressAccessKey",
            [.. clients.Select(client => (object)client.Id)],
            new Invocation([.. clients.Select(client => client.Id)], key => Reported.Text(key, "ClientId"), id => id, id => $"POST /v1/clients/{id}/access-keys", HasOutput: true, EndsEarly: false),
            out ScriptResult result);
        for (int i = 0; i < clients.Length; i++)
        {
            OwnedClient client = clients[i];
            client.KeysRequested++;
            client.LastReport = $"{_script}: {string.Join(" / ", result.Lines)} {string.Join(" / ", result.Errors)}";
            ReadStopReport(client, result);
            if (outcomes.Output(client.Id) is { } key)
            {
                client.Keys[Reported.Text(key, "KeyId")] = Presence.Exists;
                if (Secrets.Problem(key, server.FindClient(client.Id), isRegistered) is { } problem)
                    Differs($"a secret for '{client.Id}': {problem}");
            }
            else if (outcomes.Error(client.Id) is { } error && Reported.IsUnknown(error))
            {
                foreach (PSObject candidate in Reported.Candidates(error))
                {
                    if (!client.Keys.TryAdd(Reported.Text(candidate, "KeyId"), Presence.Exists))
                        Differs($"the key '{Reported.Text(candidate, "KeyId")}' of '{client.Id}' was reported before, and is a candidate of a later request");
                }

                client.UnnamedKeys += Reported.Candidates(error).Count == 0 ? 1 : 0;
            }
            else if (outcomes.Of(i) is Outcome.Unknown or Outcome.Done)
            {
                client.UnnamedKeys++;
            }
            else if (outcomes.Of(i) == Outcome.NotBegun && outcomes.IsWhole)
            {
                Differs($"nothing was reported for '{client.Id}'");
            }
        }
    }

    // The host reports keys whose secrets could not be returned.
    private static void ReadStopReport(OwnedClient client, ScriptResult result)
    {
        foreach (string line in result.Lines.Where(line => line.Contains($"of '{client.Id}' was created as the pipeline was stopped", StringComparison.Ordinal)))
            client.Keys[line.Split('\'')[1]] = line.EndsWith("deleted again.", StringComparison.Ordinal) ? Presence.Deleted : Presence.Unknown;
        foreach (string line in result.Lines.Where(line => line.Contains($"of {client.Id} was created, and then the pipeline was stopped", StringComparison.Ordinal)))
            client.Keys[line.Split("access key ")[1].Split(' ')[0]] = Presence.Exists;
    }

    private void Update()
    {
        OwnedClient[] clients = Some(10);
        string[] marks = [.. clients.Select(_ => string.Create(CultureInfo.InvariantCulture, $"{++_marks}"))];
        Outcomes outcomes = Run(
            "Set-AuthressServiceClient -PassThru",
            [.. clients.Select((client, i) => Row(("ClientId", client.Id), ("Tag", $"mark={marks[i]}")))],
            new Invocation([.. clients.Select(client => client.Id)], row => Reported.Text(row, "ClientId"), id => id, id => $"PUT /v1/clients/{id}", HasOutput: true, EndsEarly: false),
            out ScriptResult result);
        for (int i = 0; i < clients.Length; i++)
        {
            OwnedClient client = clients[i];
            Outcome outcome = outcomes.Of(i);
            if (outcome == Outcome.NotBegun && outcomes.IsWhole)
                Differs($"nothing was reported for '{client.Id}'");
            if (outcome == Outcome.Done)
                client.Marks.Clear();
            if (outcome is Outcome.Done or Outcome.Unknown || (outcome == Outcome.NotBegun && result.IsStopped))
                client.Marks.Add(marks[i]);
            if (outcomes.Output(client.Id) is { } updated && Reported.Text(updated, "Tag") != $"mark={marks[i]}")
                Differs($"'{client.Id}' was returned with {Reported.Text(updated, "Tag")} instead of mark={marks[i]}");
        }
    }

    private void RemoveKeys()
    {
        (OwnedClient Client, string KeyId)[] keys = [.. Some(8)
            .SelectMany(client => client.Keys.Where(key => key.Value == Presence.Exists).Select(key => (client, key.Key)))
            .DistinctBy(key => key.Key)
            .Take(10)];
        if (keys.Length == 0)
            return;
        Outcomes outcomes = Run(
            "Remove-AuthressAccessKey",
            [.. keys.Select(key => Row(("ClientId", key.Client.Id), ("KeyId", key.KeyId)))],
            new Invocation(
                [.. keys.Select(key => key.KeyId)],
                row => Reported.Text(row, "KeyId"),
                id => $"{id}' of '{keys.First(key => key.KeyId == id).Client.Id}",
                id => $"DELETE /v1/clients/{keys.First(key => key.KeyId == id).Client.Id}/access-keys/{id}",
                HasOutput: false,
                EndsEarly: false),
            out _);
        for (int i = 0; i < keys.Length; i++)
            keys[i].Client.Keys[keys[i].KeyId] = Left(outcomes.Of(i));
    }

    private void Remove()
    {
        OwnedClient[] clients = Some(6);
        Outcomes outcomes = Run(
            "Remove-AuthressServiceClient",
            [.. clients.Select(client => (object)client.Id)],
            new Invocation([.. clients.Select(client => client.Id)], row => Reported.Text(row, "ClientId"), id => id, id => $"DELETE /v1/clients/{id}", HasOutput: false, EndsEarly: false),
            out _);
        for (int i = 0; i < clients.Length; i++)
            clients[i].Presence = Left(outcomes.Of(i));
    }

    private static Presence Left(Outcome outcome) => outcome switch
    {
        Outcome.Done => Presence.Deleted,
        Outcome.Refused or Outcome.NotBegun => Presence.Exists,
        _ => Presence.Unknown,
    };

    private void Get()
    {
        OwnedClient[] clients = Some(20);
        Outcomes outcomes = Run(
            "Get-AuthressServiceClient",
            [.. clients.Select(client => (object)client.Id)],
            new Invocation([.. clients.Select(client => client.Id)], row => Reported.Text(row, "ClientId"), id => id, _ => null, HasOutput: true, EndsEarly: false),
            out _);
        for (int i = 0; i < clients.Length; i++)
        {
            if (outcomes.Of(i) == Outcome.NotBegun && outcomes.IsWhole)
                Differs($"nothing was reported for '{clients[i].Id}'");
        }
    }

    private void List()
    {
        _script = string.Create(CultureInfo.InvariantCulture, $"Get-AuthressServiceClient -Name '{_prefix}*' -PageSize {random.Next(1, 21)}");
        ScriptResult result = session.Run(_script, StopTime(8));
        string[] listed = [.. result.Output.Select(client => Reported.Text(client, "ClientId"))];
        if (listed.Distinct().Count() < listed.Length)
            Differs("a client is listed twice");
        foreach (string id in listed.Where(id => Holdings.Clients.GetValueOrDefault(id)?.Presence == Presence.Deleted))
            Differs($"'{id}' is listed, but was deleted");
        if (result.Errors.Count == 0 && !result.IsStopped)
        {
            foreach (OwnedClient missing in Holdings.Certain.Where(client => !listed.Contains(client.Id)))
                Differs($"'{missing.Id}' is not in the list");
        }
    }

    private Outcomes Run(string command, object[] inputs, Invocation invocation, out ScriptResult result)
    {
        Inputs += inputs.Length;
        int throttle = Throttles[random.Next(Throttles.Length)];
        string pipeline = string.Create(CultureInfo.InvariantCulture, $"$in | {command} -ThrottleLimit {throttle}");
        TimeSpan? stop = StopTime(6);
        int way = random.Next(8);
        if (way == 0)
        {
            pipeline += " -ErrorAction Stop";
        }
        else if (way == 1 && invocation.HasOutput && stop is null)
        {
            int enough = random.Next(1, inputs.Length + 1);
            pipeline = string.Create(CultureInfo.InvariantCulture, $"$n = 0; do {{ {pipeline} | ForEach-Object {{ $_; if (++$n -ge {enough}) {{ break }} }} }} while ($false)");
            invocation = invocation with { EndsEarly = true };
        }

        _script = string.Create(CultureInfo.InvariantCulture, $"{pipeline} [{inputs.Length} inputs{(stop is { } span ? $", stopped after {span.TotalMilliseconds:0} ms" : string.Empty)}]");
        session.Set("in", inputs);
        result = session.Run(pipeline, stop);
        return new Outcomes(invocation, result, Differs);
    }

    private TimeSpan? StopTime(int oneIn) => random.Next(oneIn) == 0 ? TimeSpan.FromMilliseconds(random.Next(1, random.Next(2) == 0 ? 40 : 900)) : null;

    // Some of the clients that must exist, in any order.
    private OwnedClient[] Some(int atMost)
    {
        OwnedClient[] all = [.. Holdings.Certain];
        random.Shuffle(all);
        return all[..Math.Min(all.Length, random.Next(1, atMost + 1))];
    }

    private static PSObject Row(params (string Name, string Value)[] properties)
    {
        PSObject row = new();
        foreach ((string name, string value) in properties)
            row.Properties.Add(new PSNoteProperty(name, value));
        return row;
    }
}
