using System.Globalization;
using System.Management.Automation;
using Authress.Emulator;

namespace Authress.Chaos;

/// <summary>
/// One caller with its own session and its own clients. It does random things, reads what it is told, and keeps account of
/// what must be there from that alone.
/// </summary>
internal sealed class Worker(int number, Session session, EmulatorServer server, Random random, Action<string> finding)
{
    // One at a time takes another way through the module than several, so it comes more often.
    private static readonly int[] Throttles = [1, 1, 2, 5, 16];

    private readonly string _prefix = FormattableString.Invariant($"w{number}-");
    private int _names;
    private int _marks;
    private int _operations;
    private string _script = string.Empty;

    public Holdings Holdings { get; } = new();

    /// <summary>What clients of this worker are called, all of them and no others.</summary>
    public string Prefix => _prefix;

    /// <summary>How many inputs its cmdlets were given.</summary>
    public int Inputs { get; private set; }

    /// <summary>Does one thing.</summary>
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
        Fates fates = Run(
            "New-AuthressServiceClient",
            [.. names.Select(name => Row(("Name", name), ("Tag", "mark=0")))],
            new Invocation(names, row => Said.Text(row, "Name"), name => name, _ => null, HasOutput: true, EndsEarly: false),
            out Saying saying);
        int unnamed = saying.Lines.Count(line => line.Contains("POST /v1/clients was ", StringComparison.Ordinal));
        for (int i = 0; i < names.Length; i++)
        {
            string name = names[i];
            Fate fate = fates.Of(i);
            if (fate == Fate.NotBegun && fates.IsWhole)
                Differs($"nothing at all was said of '{name}'");

            // Stopped between its request and its object: told by the request, which can only be that of the first that is missing.
            if (fate == Fate.NotBegun && unnamed-- > 0)
                fate = Fate.Unknown;
            Holdings.Names[name] = fate;
            Holdings.Told[name] = $"{_script}: {string.Join(" / ", saying.Lines)} {string.Join(" / ", saying.Errors)}";
            if (fates.Output(name) is { } client)
                Learn(Said.Text(client, "ClientId"), name);
            if (fates.Error(name) is not { } error)
                continue;
            foreach (PSObject candidate in Said.Candidates(error))
            {
                if (!error.ToString().Contains($"-ClientId {Said.Text(candidate, "ClientId")}", StringComparison.Ordinal))
                    Differs($"the error of '{name}' does not name its candidate: {error}");
                Learn(Said.Text(candidate, "ClientId"), name);
            }

            if (Said.IsSearched(error) && Said.Candidates(error).Count == 0)
                Holdings.SearchedInVain.Add(name);
        }
    }

    private void Learn(string id, string name)
    {
        if (!Holdings.Clients.TryAdd(id, new OwnedClient(id, name) { Presence = Presence.There }))
            Differs($"the client {id} was told twice");
    }

    private void CreateKeys()
    {
        OwnedClient[] clients = Some(8);
        Fates fates = Run(
            "New-AuthressAccessKey",
            [.. clients.Select(client => (object)client.Id)],
            new Invocation([.. clients.Select(client => client.Id)], key => Said.Text(key, "ClientId"), id => id, id => $"POST /v1/clients/{id}/access-keys", HasOutput: true, EndsEarly: false),
            out Saying saying);
        for (int i = 0; i < clients.Length; i++)
        {
            OwnedClient client = clients[i];
            client.KeysAskedFor++;
            client.Told = $"{_script}: {string.Join(" / ", saying.Lines)} {string.Join(" / ", saying.Errors)}";
            TellOfStop(client, saying);
            if (fates.Output(client.Id) is { } key)
            {
                client.Keys[Said.Text(key, "KeyId")] = Presence.There;
                if (Secrets.Problem(key, server.FindClient(client.Id)) is { } problem)
                    Differs($"a secret for '{client.Id}': {problem}");
            }
            else if (fates.Error(client.Id) is { } error && Said.IsUnknown(error))
            {
                foreach (PSObject candidate in Said.Candidates(error))
                {
                    if (!client.Keys.TryAdd(Said.Text(candidate, "KeyId"), Presence.There))
                        Differs($"the key '{Said.Text(candidate, "KeyId")}' of '{client.Id}' was told before, and is offered as what came of a later request");
                }

                client.UnnamedKeys += Said.Candidates(error).Count == 0 ? 1 : 0;
            }
            else if (fates.Of(i) is Fate.Unknown or Fate.Done)
            {
                client.UnnamedKeys++;
            }
            else if (fates.Of(i) == Fate.NotBegun && fates.IsWhole)
            {
                Differs($"nothing at all was said of '{client.Id}'");
            }
        }
    }

    // What is said on the host of keys whose secrets could not be given out.
    private static void TellOfStop(OwnedClient client, Saying saying)
    {
        foreach (string line in saying.Lines.Where(line => line.Contains($"of '{client.Id}' was created as the pipeline was stopped", StringComparison.Ordinal)))
            client.Keys[line.Split('\'')[1]] = line.EndsWith("deleted again.", StringComparison.Ordinal) ? Presence.Gone : Presence.Perhaps;
        foreach (string line in saying.Lines.Where(line => line.Contains($"of {client.Id} was created, and then the pipeline was stopped", StringComparison.Ordinal)))
            client.Keys[line.Split("access key ")[1].Split(' ')[0]] = Presence.There;
    }

    private void Update()
    {
        OwnedClient[] clients = Some(10);
        string[] marks = [.. clients.Select(_ => string.Create(CultureInfo.InvariantCulture, $"{++_marks}"))];
        Fates fates = Run(
            "Set-AuthressServiceClient -PassThru",
            [.. clients.Select((client, i) => Row(("ClientId", client.Id), ("Tag", $"mark={marks[i]}")))],
            new Invocation([.. clients.Select(client => client.Id)], row => Said.Text(row, "ClientId"), id => id, id => $"PUT /v1/clients/{id}", HasOutput: true, EndsEarly: false),
            out Saying saying);
        for (int i = 0; i < clients.Length; i++)
        {
            OwnedClient client = clients[i];
            Fate fate = fates.Of(i);
            if (fate == Fate.NotBegun && fates.IsWhole)
                Differs($"nothing at all was said of '{client.Id}'");
            if (fate == Fate.Done)
                client.Marks.Clear();
            if (fate is Fate.Done or Fate.Unknown || (fate == Fate.NotBegun && saying.IsStopped))
                client.Marks.Add(marks[i]);
            if (fates.Output(client.Id) is { } updated && Said.Text(updated, "Tag") != $"mark={marks[i]}")
                Differs($"'{client.Id}' was returned with {Said.Text(updated, "Tag")} instead of mark={marks[i]}");
        }
    }

    private void RemoveKeys()
    {
        (OwnedClient Client, string KeyId)[] keys = [.. Some(8)
            .SelectMany(client => client.Keys.Where(key => key.Value == Presence.There).Select(key => (client, key.Key)))
            .DistinctBy(key => key.Key)
            .Take(10)];
        if (keys.Length == 0)
            return;
        Fates fates = Run(
            "Remove-AuthressAccessKey",
            [.. keys.Select(key => Row(("ClientId", key.Client.Id), ("KeyId", key.KeyId)))],
            new Invocation(
                [.. keys.Select(key => key.KeyId)],
                row => Said.Text(row, "KeyId"),
                id => $"{id}' of '{keys.First(key => key.KeyId == id).Client.Id}",
                id => $"DELETE /v1/clients/{keys.First(key => key.KeyId == id).Client.Id}/access-keys/{id}",
                HasOutput: false,
                EndsEarly: false),
            out _);
        for (int i = 0; i < keys.Length; i++)
            keys[i].Client.Keys[keys[i].KeyId] = Left(fates.Of(i));
    }

    private void Remove()
    {
        OwnedClient[] clients = Some(6);
        Fates fates = Run(
            "Remove-AuthressServiceClient",
            [.. clients.Select(client => (object)client.Id)],
            new Invocation([.. clients.Select(client => client.Id)], row => Said.Text(row, "ClientId"), id => id, id => $"DELETE /v1/clients/{id}", HasOutput: false, EndsEarly: false),
            out _);
        for (int i = 0; i < clients.Length; i++)
            clients[i].Presence = Left(fates.Of(i));
    }

    private static Presence Left(Fate fate) => fate switch
    {
        Fate.Done => Presence.Gone,
        Fate.Refused or Fate.NotBegun => Presence.There,
        _ => Presence.Perhaps,
    };

    private void Get()
    {
        OwnedClient[] clients = Some(20);
        Fates fates = Run(
            "Get-AuthressServiceClient",
            [.. clients.Select(client => (object)client.Id)],
            new Invocation([.. clients.Select(client => client.Id)], row => Said.Text(row, "ClientId"), id => id, _ => null, HasOutput: true, EndsEarly: false),
            out _);
        for (int i = 0; i < clients.Length; i++)
        {
            if (fates.Of(i) == Fate.NotBegun && fates.IsWhole)
                Differs($"nothing at all was said of '{clients[i].Id}'");
        }
    }

    private void List()
    {
        _script = string.Create(CultureInfo.InvariantCulture, $"Get-AuthressServiceClient -Name '{_prefix}*' -PageSize {random.Next(1, 21)}");
        Saying saying = session.Run(_script, StopTime(8));
        string[] listed = [.. saying.Output.Select(client => Said.Text(client, "ClientId"))];
        if (listed.Distinct().Count() < listed.Length)
            Differs("a client is listed twice");
        foreach (string id in listed.Where(id => Holdings.Clients.GetValueOrDefault(id)?.Presence == Presence.Gone))
            Differs($"'{id}' is listed, and was deleted");
        if (saying.Errors.Count == 0 && !saying.IsStopped)
        {
            foreach (OwnedClient missing in Holdings.Certain.Where(client => !listed.Contains(client.Id)))
                Differs($"'{missing.Id}' is not in the list");
        }
    }

    private Fates Run(string command, object[] inputs, Invocation invocation, out Saying saying)
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
        saying = session.Run(pipeline, stop);
        return new Fates(invocation, saying, Differs);
    }

    private TimeSpan? StopTime(int oneIn) => random.Next(oneIn) == 0 ? TimeSpan.FromMilliseconds(random.Next(1, random.Next(2) == 0 ? 40 : 900)) : null;

    // Some of the clients that are there for certain, in any order.
    private OwnedClient[] Some(int atMost)
    {
        OwnedClient[] all = [.. Holdings.Certain];
        random.Shuffle(all);
        return all[..Math.Min(all.Length, random.Next(1, atMost + 1))];
    }

    private static PSObject Row(params (string Name, string Value)[] cells)
    {
        PSObject row = new();
        foreach ((string name, string value) in cells)
            row.Properties.Add(new PSNoteProperty(name, value));
        return row;
    }
}
