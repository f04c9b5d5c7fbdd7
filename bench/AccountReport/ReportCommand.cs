using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Authress.Emulator;
using Authress.PinnedShell;
using Command = System.CommandLine.Command;

namespace Authress.Bench.AccountReport;

/// <summary>Compares Get-AuthressAccessKeyReport, with its page, with the listing of the same account.</summary>
internal static class ReportCommand
{
    private const int KeysPerClient = 3;
    private const double MaximumRatio = 3;
    private const double MaximumMegabytes = 10;

    // The memory is that which is in use after a collection, since pages that are read leave garbage.
    private const string Script = """
        $ErrorActionPreference = 'Stop'
        Import-Module $env:BENCH_MODULE
        Connect-Authress
        $page = Join-Path $env:BENCH_FOLDER 'report.html'
        $watch = [System.Diagnostics.Stopwatch]::new()
        $lists = @()
        $reports = @()
        $count = 0
        for ($round = 0; $round -le $env:BENCH_ROUNDS; $round++) {
            $watch.Restart()
            $count = (Get-AuthressServiceClient | Measure-Object).Count
            $lists += $watch.Elapsed.TotalSeconds
            $findings = $null
            $before = [gc]::GetTotalMemory($true)
            $watch.Restart()
            $findings = Get-AuthressAccessKeyReport -MaximumAge 0 -OutFile $page
            $reports += $watch.Elapsed.TotalSeconds
            $grown = [gc]::GetTotalMemory($true) - $before
        }
        # The first round compiles, and so do parts of the next two. The median leaves those out.
        @{
            Clients  = $count
            Findings = @($findings).Count
            Lists    = $lists | Select-Object -Skip 1
            Reports  = $reports | Select-Object -Skip 1
            Page     = (Get-Item $page).Length
            Grown    = $grown
            Peak     = [System.Diagnostics.Process]::GetCurrentProcess().PeakWorkingSet64
        } | ConvertTo-Json | Set-Content -LiteralPath (Join-Path $env:BENCH_FOLDER 'result.json')
        """;

    public static Command Create()
    {
        Option<int> clients = new("--clients") { Description = "How many clients the account has, with 3 keys each.", DefaultValueFactory = _ => 10_000 };
        Option<int> rounds = new("--rounds") { Description = "How often to measure each. The figures are the medians.", DefaultValueFactory = _ => 15 };
        Command command = new("report", "Measures Get-AuthressAccessKeyReport with its page, and the listing of the same account alone, one after the other. Exits with 1 if the report takes 3 times as long, or its page 10 MB.")
        {
            clients,
            rounds,
        };
        command.SetAction((arguments, cancellation) => RunAsync(arguments.GetValue(clients), arguments.GetValue(rounds), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(int clients, int rounds, CancellationToken cancellationToken)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("authress-bench-");
        try
        {
            await using EmulatorServer server = await EmulatorServer.StartAsync(new EmulatorOptions(), cancellationToken);
            foreach (string clientId in server.SeedClients(clients))
            {
                for (int i = 0; i < KeysPerClient; i++)
                    server.IssueAccessKey(clientId);
            }

            ProcessStartInfo start = Pwsh.Start("-NoProfile", "-NonInteractive", "-Command", Script);
            start.Environment["AUTHRESS_API_URL"] = server.ApiUrl.ToString();
            start.Environment["AUTHRESS_KEY"] = server.AccessKey;
            start.Environment["BENCH_MODULE"] = Repository.Module;
            start.Environment["BENCH_FOLDER"] = folder.FullName;
            start.Environment["BENCH_ROUNDS"] = rounds.ToString(CultureInfo.InvariantCulture);
            using Process process = Process.Start(start)!;
            await process.WaitForExitAsync(cancellationToken);
            if (process.ExitCode != 0)
                return process.ExitCode;
            Result result = JsonSerializer.Deserialize<Result>(await File.ReadAllTextAsync(Path.Combine(folder.FullName, "result.json"), cancellationToken))!;
            double ratio = Median(result.Reports) / Median(result.Lists);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.Clients:N0} clients, {result.Findings:N0} findings, {Environment.ProcessorCount} processors, shared with the server"));
            Show("Get-AuthressServiceClient", result.Lists);
            Show("Get-AuthressAccessKeyReport", result.Reports);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"The report takes {ratio:0.00} times as long as the listing. Its page has {result.Page / 1e6:0.0} MB."));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"The findings hold {result.Grown / 1e6:0} MB; at its peak, the process had {result.Peak / 1e6:0} MB."));
            return ratio < MaximumRatio && result.Page < MaximumMegabytes * 1e6 ? 0 : 1;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static double Median(IReadOnlyList<double> values) => values.Order().ElementAt(values.Count / 2);

    private static void Show(string command, IReadOnlyList<double> seconds) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{command,-32}{Median(seconds),8:0.00} s   ({string.Join(' ', seconds.Order().Select(value => value.ToString("0.00", CultureInfo.InvariantCulture)))})"));

    private sealed record Result(int Clients, int Findings, IReadOnlyList<double> Lists, IReadOnlyList<double> Reports, long Page, long Grown, long Peak);
}
