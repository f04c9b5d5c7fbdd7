using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Authress.Emulator;
using Authress.Emulator.Faults;
using Authress.Emulator.ServiceClients;
using Authress.PinnedShell;

namespace Authress.Chaos.Rotations;

/// <summary>
/// A rotation in a process that is really killed, and then the next run. At the kill and after it the destination holds a key
/// that works, and every key is held by the destination, in the record, or was there before.
/// </summary>
public sealed class KilledRotation : IAsyncDisposable
{
    private static readonly TimeSpan Hang = TimeSpan.FromMinutes(2);

    private readonly KillOptions _options;
    private readonly EmulatorServer _server;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("authress-kill-");
    private readonly string _clientId;
    private readonly string _bystander;
    private readonly TaskCompletionSource _killed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Process? _process;
    private int _requests;
    private string? _lastStep;

    private KilledRotation(KillOptions options, EmulatorServer server)
    {
        _options = options;
        _server = server;
        _clientId = server.SeedClient("""{"name":"billing"}""");
        _bystander = server.IssueAccessKey(_clientId).Split('.')[1];
        Directory.CreateDirectory(Vault);
    }

    private string Vault => Path.Combine(_folder.FullName, "vault");

    private string Journal => Path.Combine(_folder.FullName, "journal");

    private string KeyFile => Path.Combine(_folder.FullName, "billing.key");

    private string Destination => _options.Destination == "file" ? $"-OutFile '{KeyFile}'" : "-SecretName billing -VaultName ops";

    private string Where => Destination + (_options.WithoutJournal ? " -WithoutJournal" : $" -JournalPath '{Journal}'");

    /// <summary>Runs one.</summary>
    /// <param name="options">The rotation and the kill.</param>
    public static async Task<KillResult> RunAsync(KillOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        EmulatorServer server = await EmulatorServer.StartAsync(new EmulatorOptions());
        await using KilledRotation run = new(options, server);
        return await run.RunAsync();
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        _process?.Dispose();
        await _server.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private async Task<KillResult> RunAsync()
    {
        using Session session = new(_options.Manifest);
        session.Connect(_server.ApiUrl, _server.AccessKey);
        session.Set("StandInVault", Vault);
        Must(session, $"Import-Module '{_options.Vaults}'; $null = New-AuthressAccessKey {_clientId} {Destination}");
        string[] before = Keys;
        bool isKilled = await KillAsync();
        List<string> findings = [];
        Judge(session, "at the kill", before, findings);
        int left = Keys.Length - before.Length;
        _server.FaultSource = null;
        string more = $"{_clientId} {Where} -WaitSec 20 -Confirm:$false -ErrorAction Stop";
        string force = string.Empty;
        if (_options is { WithoutJournal: true, Destination: "vault" } && _lastStep is "Announced" or "Registered" or "Delivering")
        {
            // Nothing shows that the other run is dead, so somebody has to say so.
            ScriptResult refused = session.Run($"Start-AuthressAccessKeyRotation {more}");
            if (refused.Errors is not [{ FullyQualifiedErrorId: { } id }] || !id.StartsWith("RotationMayRun", StringComparison.Ordinal))
                findings.Add("the next run took over a rotation that may have been under way");
            force = " -Force";
        }

        ScriptResult next = session.Run($"Start-AuthressAccessKeyRotation {more} -OverlapPeriod 0{force}; Complete-AuthressAccessKeyRotation {more}");
        if (next.Errors.Count > 0)
            findings.Add($"the next run failed: {next.Errors[0].FullyQualifiedErrorId}: {next.Errors[0]}");
        Judge(session, "after the next run", before, findings);

        // The replaced key is gone, and exactly one new key is there.
        string[] after = Keys;
        if (after.Length != before.Length || after.Intersect(before).Single() != _bystander)
            findings.Add($"after the next run the client has {string.Join(", ", after)}, before it had {string.Join(", ", before)}");
        return new KillResult(_lastStep, isKilled, left, [.. findings.Select(finding => $"{_options.Destination}, {(_options.WithoutJournal ? "no journal" : "journal")}, {_options.Moment} {_options.Number} (step {_lastStep ?? "none"}): {finding}")]);
    }

    private async Task<bool> KillAsync()
    {
        string script = Path.Combine(_folder.FullName, "rotate.ps1");
        string more = $"{_clientId} {Where} -WaitSec 20 -Confirm:$false -WarningAction SilentlyContinue";
        await File.WriteAllTextAsync(script, $"""
            Import-Module '{_options.Manifest}', '{_options.Vaults}'
            Connect-Authress
            $null = Start-AuthressAccessKeyRotation {more} -OverlapPeriod 0
            $null = Complete-AuthressAccessKeyRotation {more}
            """);
        ProcessStartInfo start = Pwsh.Start("-NoProfile", "-NonInteractive", "-File", script);
        start.Environment["AUTHRESS_API_URL"] = _server.ApiUrl.ToString();
        start.Environment["AUTHRESS_KEY"] = _server.AccessKey;
        start.Environment["AUTHRESS_STANDIN_VAULT"] = Vault;
        start.RedirectStandardError = true;
        _server.FaultSource = OnRequest;
        _process = Process.Start(start)!;
        Task<string> errors = _process.StandardError.ReadToEndAsync();
        using CancellationTokenSource ended = new();
        Task watching = _options.Moment == KillMoment.AtStep ? Task.Run(() => KillAtStep(ended.Token)) : Task.CompletedTask;
        using CancellationTokenSource limit = new(Hang);
        await _process.WaitForExitAsync(limit.Token);
        await ended.CancelAsync();
        await watching;
        ReadStep();
        if (!_killed.Task.IsCompleted && (await errors).Length > 0)
            throw new ChaosException(await errors);
        return _killed.Task.IsCompleted;
    }

    // Called for each request of the process, before it is carried out.
    private Fault? OnRequest(string method, string path)
    {
        int number = Interlocked.Increment(ref _requests);
        if (_killed.Task.IsCompleted)
            return null;
        switch (_options.Moment)
        {
            case KillMoment.BeforeRequest when number == _options.Number:
                Kill();
                return new DropFault();
            case KillMoment.AfterRequest when number == _options.Number:
                // What follows the operation waits for long enough that the kill comes first.
                int keys = Keys.Length;
                _ = Task.Run(() => KillOnceActed(method, keys));
                return new DelayFault((int)Hang.TotalMilliseconds) { AfterActing = true };
            case KillMoment.AtRandom when number == 1:
                _ = Task.Run(async () =>
                {
                    await Task.Delay(_options.Number);
                    Kill();
                });
                return null;
            default:
                return null;
        }
    }

    private void KillOnceActed(string method, int keys)
    {
        if (method != "GET")
            SpinWait.SpinUntil(() => Keys.Length != keys, Hang);
        Kill();
    }

    private void KillAtStep(CancellationToken ended)
    {
        SpinWait.SpinUntil(() => ended.IsCancellationRequested || ReadStep() == _options.Number);
        if (!ended.IsCancellationRequested)
            Kill();
    }

    private void Kill()
    {
        try
        {
            _process!.Kill(entireProcessTree: true);
            _killed.TrySetResult();
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
    }

    // The number of the record's step, which is a file in all cases but that of a vault without a journal.
    private int? ReadStep()
    {
        try
        {
            if (Record is not { } text || JsonNode.Parse(text)?["rotation"]?["step"]?.GetValue<string>() is not { } step)
                return null;
            _lastStep = step;
            return Array.IndexOf(Steps, step);
        }
        catch (Exception e) when (e is IOException or System.Text.Json.JsonException)
        {
            // It is being replaced.
            return null;
        }
    }

    private static readonly string[] Steps = ["Planned", "Announced", "Registered", "Delivering", "Delivered", "Retiring", "Completed"];

    private string? Record => _options.WithoutJournal
        ? _options.Destination == "file" && File.Exists(KeyFile + ".rotation") ? File.ReadAllText(KeyFile + ".rotation") : null
        : Directory.Exists(Journal) && Directory.GetFiles(Journal, "*.json") is [{ } file] ? File.ReadAllText(file) : null;

    private string[] Keys => [.. _server.FindClient(_clientId)!.Keys.Select(key => key.KeyId)];

    private void Judge(Session session, string when, string[] before, List<string> findings)
    {
        string read = _options.Destination == "file" ? $"-KeyFile '{KeyFile}'" : "-SecretName billing -VaultName ops";
        ScriptResult held = session.Run($"Test-AuthressAccessKey {read}");
        string? keyId = held.Output.SingleOrDefault()?.Properties["KeyId"].Value as string;
        if (held.Output.SingleOrDefault()?.Properties["Works"].Value is not true)
            findings.Add($"{when} the destination holds no key that works: {(held.Errors.Count > 0 ? held.Errors[0].ToString() : null) ?? held.Output.Single().Properties["Message"].Value}");
        if (!Keys.Contains(_bystander))
            findings.Add($"{when} the bystander's key is gone");
        string record = Record ?? (_options is { WithoutJournal: true, Destination: "vault" } ? Reveal(session) : string.Empty);
        foreach (VerificationKeySnapshot key in _server.FindClient(_clientId)!.Keys.Where(key => !before.Contains(key.KeyId) && key.KeyId != keyId))
        {
            // JSON may escape the plus sign.
            if (!record.Contains(key.KeyId, StringComparison.Ordinal) && !record.Replace("\\u002B", "+", StringComparison.OrdinalIgnoreCase).Contains(key.PublicKey, StringComparison.Ordinal))
                findings.Add($"{when} the key {key.KeyId} is neither delivered nor accounted for");
        }

        if (Keys.Length > before.Length + 1)
            findings.Add(string.Create(CultureInfo.InvariantCulture, $"{when} there are {Keys.Length - before.Length} keys more"));
    }

    private string Reveal(Session session)
    {
        ScriptResult record = session.Run("if (Get-SecretInfo -Name billing-rotation -Vault ops) { Get-Secret -Name billing-rotation -Vault ops -AsPlainText }");
        string text = record.Output.SingleOrDefault()?.ToString() ?? string.Empty;
        _lastStep = text.Length == 0 ? null : JsonNode.Parse(text)?["rotation"]?["step"]?.GetValue<string>();
        return text;
    }

    private static void Must(Session session, string script)
    {
        ScriptResult result = session.Run(script);
        if (result.Errors.Count > 0)
            throw new ChaosException($"{script}: {result.Errors[0]}");
    }
}
