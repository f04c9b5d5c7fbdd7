using System.Diagnostics;
using System.Text.Json;
using Authress.Bench.Server;
using Authress.PinnedShell;

namespace Authress.Bench.Subjects;

/// <summary>A subject of the benchmarks: a measured client in a separate process.</summary>
internal sealed class BenchmarkSubject : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static int _jobs;

    private readonly ChildProcess _process;

    private BenchmarkSubject(SubjectKind kind, ChildProcess process, string version)
    {
        Kind = kind;
        _process = process;
        Version = version;
    }

    public SubjectKind Kind { get; }

    public string Version { get; }

    /// <summary>The peak memory of its process in bytes.</summary>
    public long PeakMemory => _process.PeakMemory;

    /// <summary>Starts a subject.</summary>
    /// <returns>Null if this machine lacks a requirement.</returns>
    public static async Task<BenchmarkSubject?> StartAsync(SubjectKind kind, Uri server, CancellationToken cancellationToken)
    {
        Dictionary<string, string> environment = new()
        {
            ["AUTHRESS_API_URL"] = server.AbsoluteUri,
            ["AUTHRESS_KEY"] = ThrowAwayKey.Create(),
        };
        ChildProcess process;
        switch (kind)
        {
            case SubjectKind.JavaScript:
                if (!InstalledPrograms.HasJavaScriptClient || InstalledPrograms.Node is null)
                    return null;
                process = ChildProcess.Start(new ProcessStartInfo(InstalledPrograms.Node, [Script("subject.js")]), environment);
                break;
            case SubjectKind.InvokeRestMethod:
                process = ChildProcess.Start(Pwsh.Start("-NoProfile", "-NonInteractive", "-File", Script("subject.ps1")), environment);
                break;
            default:
                process = ChildProcess.StartSelf(["subject", kind.ToString()], environment);
                break;
        }

        Introduction introduction = JsonSerializer.Deserialize(await process.ReadLineAsync(cancellationToken), ProtocolJson.Default.Introduction)!;
        return new BenchmarkSubject(kind, process, introduction.Version);
    }

    /// <summary>Runs one measurement.</summary>
    public async Task<Outcome> RunAsync(Operation operation, int inFlight, int count, CancellationToken cancellationToken)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        BenchmarkJob job = new(operation, inFlight, count, ++_jobs);
        await _process.WriteLineAsync(JsonSerializer.Serialize(job, ProtocolJson.Default.BenchmarkJob), patience.Token);
        Outcome outcome = JsonSerializer.Deserialize(await _process.ReadLineAsync(patience.Token), ProtocolJson.Default.Outcome)!;
        return outcome.Done + outcome.Failed == count
            ? outcome
            : throw new InvalidOperationException($"{Kind.Name()} was to {operation} {count} and did {outcome.Done}, {outcome.Failed} of which failed: {outcome.FirstError}");
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static string Script(string name) => Path.Combine(AppContext.BaseDirectory, "Subjects", name);
}
