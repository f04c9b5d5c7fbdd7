using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using Authress.PinnedShell;

namespace Authress.Acceptance.Tests;

/// <summary>Runs the Pester files, each in a shell of its own, as many at once as there are processors: files share nothing.</summary>
internal static class PesterSuite
{
    /// <summary>Far more than any file needs; only a hang takes it all.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    private static readonly string Folder =
        typeof(PesterSuite).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "SuiteFolder").Value!;

    /// <summary>Runs all files.</summary>
    /// <exception cref="FileNotFoundException">The pinned shell was not restored.</exception>
    public static async Task<IEnumerable<PesterTest>> RunAsync(CancellationToken cancellationToken)
    {
        using SemaphoreSlim processors = new(Environment.ProcessorCount);
        // The longest first, so that none is left to run alone at the end.
        FileInfo[] files = [.. new DirectoryInfo(Folder).GetFiles("*.Tests.ps1").OrderByDescending(file => file.Length)];
        PesterTest[][] results = await Task.WhenAll(files.Select(async file =>
        {
            await processors.WaitAsync(cancellationToken);
            try
            {
                return await RunAsync(file, cancellationToken);
            }
            finally
            {
                processors.Release();
            }
        }));
        return results.SelectMany(tests => tests);
    }

    private static async Task<PesterTest[]> RunAsync(FileInfo file, CancellationToken cancellationToken)
    {
        string resultFile = Path.Combine(Path.GetTempPath(), $"{file.Name}.{Guid.NewGuid():n}.json");
        ProcessStartInfo start = Pwsh.Start("-NoProfile", "-NonInteractive", "-File", Path.Combine(Folder, "Run.ps1"), "-Path", file.FullName, "-ResultPath", resultFile);
        start.Environment["NO_COLOR"] = "1";
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        Task<string> output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        Task<string> error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            string end = await EndAsync(process, limit.Token);
            cancellationToken.ThrowIfCancellationRequested();
            PesterTest[] tests = File.Exists(resultFile) ? JsonSerializer.Deserialize<PesterTest[]>(await File.ReadAllTextAsync(resultFile, cancellationToken))! : [];
            // A file that can't be read, a failed setup, a crash or a hang must not pass as a suite of fewer tests.
            return (process.ExitCode == 0 && tests.Length > 0) || tests.Any(test => test.Failure is not null)
                ? tests
                : [.. tests, new PesterTest($"{file.Name}: the file as a whole", $"{end}\n{await output}\n{await error}", SkipReason: null)];
        }
        finally
        {
            File.Delete(resultFile);
        }
    }

    private static async Task<string> EndAsync(Process process, CancellationToken limit)
    {
        try
        {
            await process.WaitForExitAsync(limit);
            return $"Exit code {process.ExitCode}.";
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            return $"Stopped after {Limit.TotalMinutes} minutes.";
        }
    }
}
