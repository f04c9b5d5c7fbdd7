using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using Authress.Emulator;

namespace Authress.Chaos.Rotations;

/// <summary>The options of a rotation of many clients.</summary>
/// <param name="Manifest">The module's manifest.</param>
/// <param name="Clients">How many clients.</param>
/// <param name="Seed">The seed of the faults.</param>
public sealed record BulkOptions(string Manifest, int Clients, int Seed)
{
    /// <summary>The share of requests that get a fault.</summary>
    public double Share { get; init; } = 0.05;
}

/// <summary>What a rotation of many clients came to.</summary>
/// <param name="Runs">How many times the command was run until nothing was left to do.</param>
/// <param name="DoneAtFirst">How many clients the first run delivered.</param>
/// <param name="Errors">The errors of all runs, by id.</param>
/// <param name="Requests">The number of requests.</param>
/// <param name="Faults">The number of faults.</param>
/// <param name="FirstRun">The time of the first run.</param>
/// <param name="Findings">What is wrong.</param>
public sealed record BulkResult(int Runs, int DoneAtFirst, IReadOnlyDictionary<string, int> Errors, int Requests, int Faults, TimeSpan FirstRun, IReadOnlyList<string> Findings);

/// <summary>
/// Many clients are rotated in one pipeline, under faults, public key sets that lag, and a limit on the creation of keys. Each
/// is delivered or cleanly undone after every run, and after a few runs all are completed.
/// </summary>
public sealed class BulkRotation : IAsyncDisposable
{
    private const int MaximumRuns = 12;

    private readonly EmulatorServer _server;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("authress-bulk-");
    private readonly Dictionary<string, string[]> _before = [];

    private BulkRotation(EmulatorServer server) => _server = server;

    /// <summary>Runs it.</summary>
    /// <param name="options">The options.</param>
    public static async Task<BulkResult> RunAsync(BulkOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        await using BulkRotation run = new(await EmulatorServer.StartAsync(new EmulatorOptions { KeySetLag = TimeSpan.FromMilliseconds(300), KeyDelay = TimeSpan.FromMilliseconds(200), KeysPerHour = 2 }));
        return run.Run(options);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private BulkResult Run(BulkOptions options)
    {
        using Session session = new(options.Manifest);
        session.Connect(_server.ApiUrl, _server.AccessKey);
        session.Set("rows", Seed(options.Clients));
        string journal = Path.Combine(_folder.FullName, "journal");
        RandomFaults faults = new(options.Seed, options.Share);
        _server.FaultSource = faults.Next;
        SortedDictionary<string, int> errors = new(StringComparer.Ordinal);
        List<string> findings = [];
        Stopwatch watch = Stopwatch.StartNew();
        TimeSpan first = default;
        int doneAtFirst = 0;
        int run = 1;
        while (true)
        {
            ScriptResult result = session.Run($"$rows | Start-AuthressAccessKeyRotation -JournalPath '{journal}' -OverlapPeriod 0 -ThrottleLimit 16 -WaitSec 20 -Force -WarningAction SilentlyContinue");
            foreach (string id in result.Errors.Select(error => error.FullyQualifiedErrorId.Split(',')[0]))
                errors[id] = errors.GetValueOrDefault(id) + 1;
            int done = result.Output.Count(rotation => rotation.Properties["State"].Value.ToString() == "Due");
            if (run == 1)
                (first, doneAtFirst) = (watch.Elapsed, done);
            if (done + result.Errors.Count != options.Clients)
                findings.Add(string.Create(CultureInfo.InvariantCulture, $"run {run}: {options.Clients} clients, {done} done and {result.Errors.Count} errors"));
            if (done == options.Clients || run == MaximumRuns)
                break;
            run++;

            // The limit on creation would be in the way of the rest of an hour.
            if (run == MaximumRuns / 2)
                _server.FaultSource = null;
        }

        _server.FaultSource = null;
        ScriptResult completed = session.Run($"Get-AuthressAccessKeyRotation -JournalPath '{journal}' | Complete-AuthressAccessKeyRotation -JournalPath '{journal}' -ThrottleLimit 16 -Confirm:$false");
        findings.AddRange(completed.Errors.Select(error => $"not completed: {error}"));
        findings.AddRange(_before.SelectMany(client => Judge(session, client.Key, client.Value)));
        return new BulkResult(run, doneAtFirst, errors, _server.Requests.Count, faults.Counts.Values.Sum(), first, findings);
    }

    private PSObject[] Seed(int count)
    {
        List<PSObject> rows = [];
        for (int i = 0; i < count; i++)
        {
            string id = _server.SeedClient(string.Create(CultureInfo.InvariantCulture, $$"""{"name":"client {{i}}"}"""));
            string file = Path.Combine(_folder.FullName, id + ".key");
            string bystander = _server.IssueAccessKey(id).Split('.')[1];
            string key = _server.IssueAccessKey(id);
            File.WriteAllText(file, key);
            _before[id] = [bystander, key.Split('.')[1]];
            PSObject row = new();
            row.Properties.Add(new PSNoteProperty("ClientId", id));
            row.Properties.Add(new PSNoteProperty("OutFile", file));
            rows.Add(row);
        }

        return [.. rows];
    }

    private IEnumerable<string> Judge(Session session, string id, string[] before)
    {
        string[] keys = [.. _server.FindClient(id)!.Keys.Select(key => key.KeyId)];
        if (keys.Length != 2 || !keys.Contains(before[0]) || keys.Contains(before[1]))
            yield return $"{id} has {string.Join(", ", keys)}, and had {string.Join(", ", before)}";
        ScriptResult held = session.Run($"Test-AuthressAccessKey -KeyFile '{Path.Combine(_folder.FullName, id + ".key")}'");
        if (held.Output.SingleOrDefault()?.Properties["Works"].Value is not true)
            yield return $"{id}: the destination holds no key that works";
    }
}
