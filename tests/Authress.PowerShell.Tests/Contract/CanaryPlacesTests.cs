using System.Diagnostics;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Text;
using Authress.Emulator;
using Authress.Emulator.Faults;
using Authress.PowerShell.Tests.Hosting;

namespace Authress.PowerShell.Tests.Contract;

/// <summary>
/// A session with every stream on, recorded in several situations, and every place that it writes to. No place may hold a
/// secret. A new place or situation is one row.
/// </summary>
public sealed class CanaryPlacesTests(CanaryPlacesTests.Recordings recordings) : IClassFixture<CanaryPlacesTests.Recordings>
{
    private const string ProxyPassword = "word-that-the-proxy-knows";

    private const string Script = """
        $VerbosePreference = $DebugPreference = $InformationPreference = $WarningPreference = 'Continue'
        $Error.Clear()
        $null = Start-Transcript -LiteralPath $transcript
        Disconnect-Authress; . $connect
        Get-AuthressConnection; Test-AuthressConnection
        $client = New-AuthressServiceClient canary -GrantTokenGeneration $true
        $made = $client | New-AuthressAccessKey
        $made
        if ($made) { $made | Test-AuthressAccessKey -ErrorAction Continue; Test-AuthressAccessKey $made.AccessKey }
        Import-Module $vaults
        $local = $client | New-AuthressAccessKey -GenerateLocally
        $kept = $client | New-AuthressAccessKey -SecretName canary
        $lost = $client | New-AuthressAccessKey -SecretName canary -VaultName fails-after-write -GenerateLocally
        $scripted = $client | New-AuthressAccessKey -SaveScript { $script:place = $_.AccessKey; throw 'boo' } -ReadScript { $script:place }
        $local, $kept, $lost, $scripted | Where-Object { $_ }
        if ($client) {
            $client | New-AuthressAccessKey -PublicKey $own
            $own | New-AuthressAccessKey $client.ClientId
            New-AuthressAccessKey $client.ClientId -SecretName $own
        }
        if ($kept) { Test-AuthressAccessKey -SecretName canary; Test-AuthressAccessKey -SecretName canary -VaultName alters }
        $signed = Get-AuthressAccessToken -Lifetime 00:05:00
        if ($signed) { $signed }
        Get-AuthressAccessToken -Lifetime $own
        Start-AuthressAccessKeyRotation $rotated.ClientId -OutFile $rotated.OutFile -JournalPath $journal -OverlapPeriod 0
        Start-AuthressAccessKeyRotation $rotated.ClientId -OutFile $own -JournalPath $journal; Start-AuthressAccessKeyRotation $rotated.ClientId -SecretName $own -WithoutJournal
        Get-AuthressAccessKeyRotation -JournalPath $journal; $rotated | Get-AuthressAccessKeyRotation -JournalPath $journal -State Delivered, Due
        Get-AuthressAccessKeyReport -OutFile $reports -JournalPath $journal -KnownDestination $keyFile, $rotated.OutFile, @{ SecretName = 'canary' }, @{ OutFile = $own }, @{ SecretName = $own } -RequiredTag owner
        Get-AuthressAccessKeyReport -KnownDestination $own; Get-AuthressAccessKeyReport -OutFile $own; Get-AuthressAccessKeyReport -ExceptionFile $keyFile -RequiredTag $own
        Complete-AuthressAccessKeyRotation $rotated.ClientId -OutFile $own -JournalPath $journal
        Complete-AuthressAccessKeyRotation $rotated.ClientId -OutFile $rotated.OutFile -JournalPath $journal -Confirm:$false
        Get-AuthressServiceClient; Get-AuthressServiceClient nope; Get-AuthressAccessKey $client.ClientId
        $client | Set-AuthressServiceClient -Name other -PassThru
        Invoke-AuthressRequest GET /v1/clients
        Remove-AuthressServiceClient $client.ClientId -WhatIf
        Invoke-AuthressRequest "https://bob:$word@example.com/v1/clients"
        Invoke-AuthressRequest "/v1/clients/$own" DELETE -WhatIf
        Get-AuthressAccessKey $client.ClientId $own
        Get-AuthressServiceClient $own; Remove-AuthressAccessKey $client.ClientId $own -Confirm:$false
        Connect-Authress http://127.0.0.1:1 -KeyFile $own
        foreach ($proxy in "http://bob:$word@proxy.example.com:3128", "bob:$word@proxy.example.com:3128", "http://bob:$word@proxy.example.com:99999") {
            Connect-Authress http://127.0.0.1:1 (ConvertTo-SecureString $own -AsPlainText -Force) -Proxy $proxy
        }
        $own | Find-AuthressAccessKey; "x $own" | Find-AuthressAccessKey | Test-AuthressAccessKey
        $file = [System.IO.Path]::GetTempFileName()
        Set-Content -LiteralPath $file -Value "AUTHRESS_KEY=$own"
        Find-AuthressAccessKey $file
        Find-AuthressAccessKey $file | Test-AuthressAccessKey
        Find-AuthressAccessKey $foundFile, $rotated.OutFile; Find-AuthressAccessKey $foundFile, $rotated.OutFile | Test-AuthressAccessKey
        Find-AuthressAccessKey $own; Find-AuthressAccessKey -LiteralPath $own; Find-AuthressAccessKey $file -Include $own, '[a'
        Remove-Item -LiteralPath $file
        Remove-Variable own, word, proxy
        Connect-Authress http://127.0.0.1:1 -AccessKey 'not a SecureString'
        $null = Stop-Transcript
        """;

    private const string ReadyToken = "a-ready-token-that-is-a-canary";

    private static readonly Dictionary<string, Action<EmulatorServer>> Situations = new()
    {
        ["every request succeeds"] = _ => { },
        ["requests are retried"] = server => server.FaultSource = Every(3, new StatusFault(429) { RetryAfter = "0" }),
        ["the outcome of every change is unknown"] = server => server.FaultSource = (method, _) => method == "GET" ? null : new ActThenDropFault(),
        ["every request is unauthorized"] = server => server.FaultSource = (_, _) => new StatusFault(401),
        ["every connection breaks"] = server => server.FaultSource = (_, _) => new DropFault(),
        ["the connection has a ready token"] = _ => { },
    };

    private static readonly string[] ReportFiles = ["report.html", "report.sarif", "report.csv"];

    // Whose purpose it is to hold a key.
    private static readonly string[] KeyFiles = ["own.key", "rotated.key", "found.txt", "accepted.json"];

    private static readonly Dictionary<string, Func<Recording, string>> Places = new()
    {
        ["verbose"] = r => string.Join('\n', r.Result.Verbose),
        ["debug"] = r => string.Join('\n', r.Result.Debug),
        ["warnings"] = r => string.Join('\n', r.Result.Warnings),
        ["host"] = r => r.Result.HostText,
        ["error texts"] = r => string.Join('\n', r.Result.Errors.Select(error => $"{error} {error.ErrorDetails?.Message} {error.ErrorDetails?.RecommendedAction}")),
        ["error ids, categories and targets"] = r => string.Join('\n', r.Result.Errors.Select(error => $"{error.FullyQualifiedErrorId} {error.CategoryInfo} {error.TargetObject}")),
        ["error positions"] = r => string.Join('\n', r.Result.Errors.Select(error => $"{error.InvocationInfo?.PositionMessage} {error.InvocationInfo?.Line} {error.ScriptStackTrace}")),
        ["exceptions with all inner ones"] = r => string.Join('\n', r.Result.Errors.SelectMany(error => Chain(error.Exception)).Select(e => e.ToString())),
        ["data of all exceptions"] = r => string.Join('\n', r.Result.Errors.SelectMany(error => Chain(error.Exception)).SelectMany(e => e.Data.Keys.Cast<object>().Concat(e.Data.Values.Cast<object>()))),
        ["properties of all exceptions"] = r => string.Join('\n', r.Result.Errors.SelectMany(error => Chain(error.Exception)).SelectMany(e => PSObject.AsPSObject(e).Properties).Select(Text)),
        ["$Error"] = r => r.Show("$Error | ForEach-Object { $_; $_.Exception; $_.TargetObject }"),
        // In the session, whose type data leaves secrets out.
        ["$Error, serialized"] = r => r.Shell.Run("[System.Management.Automation.PSSerializer]::Serialize($Error, 3)").Ok().Single.ToString(),
        ["objects as text"] = r => string.Join('\n', r.Result.Output.Select(o => o.ToString())),
        ["objects' properties"] = r => string.Join('\n', r.Result.Output.SelectMany(o => o.Properties).Select(Text)),
        ["objects, serialized"] = r => string.Join('\n', r.Result.Output.Select(o => PSSerializer.Serialize(o, 6))),
        ["objects, formatted"] = r => string.Join('\n', r.Result.Output.Select(o => { r.Shell.Set("shown", o); return r.Show("$shown"); })),
        ["objects in an object, serialized"] = r => PSSerializer.Serialize(r.Result.Output.ToArray(), 8),
        ["the session's variables"] = r => r.Show("$ExecutionContext.InvokeProvider.ChildItem.Get('variable:*', $false) | ForEach-Object { \"$($_.Name) $($_.Value)\" }"),
        ["the connection, serialized"] = r => PSSerializer.Serialize(r.Shell.Run("Get-AuthressConnection").Output, 10),
        ["the process's environment"] = _ => string.Join('\n', Environment.GetEnvironmentVariables().Values.Cast<object>()),
        ["a child process's environment"] = _ => ChildEnvironment(),
        ["the process's command line"] = _ => Environment.CommandLine + string.Join(' ', Environment.GetCommandLineArgs()),
        ["requests, without the token"] = r => r.Sent,
        ["the transcript"] = r => r.ReadFile("transcript.txt"),
        ["the journal and every other file"] = r => string.Join('\n', Directory.EnumerateFiles(r.Account.Folder, "*", SearchOption.AllDirectories)
            .Where(file => !KeyFiles.Contains(Path.GetFileName(file))).Select(file => file + "\n" + File.ReadAllText(file))),
        ["the report's findings"] = r => string.Join('\n', r.Reported.Output.SelectMany(o => o.Properties.Select(Text).Append(o.ToString()))),
        ["the report's findings, formatted"] = r => string.Join('\n', r.Reported.Output.Select(o => { r.Shell.Set("shown", o); return r.Show("$shown; $shown | Format-List -Property *"); })),
        ["the report's page"] = r => r.ReadFile(ReportFiles[0]),
        ["the report's SARIF"] = r => r.ReadFile(ReportFiles[1]),
        ["the report's table"] = r => r.ReadFile(ReportFiles[2]),
    };

    public static TheoryData<string, string> All
    {
        get
        {
            TheoryData<string, string> all = [];
            foreach (string situation in Situations.Keys)
            {
                foreach (string place in Places.Keys)
                    all.Add(place, situation);
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Holds_no_secret(string place, string situation)
    {
        Recording recording = recordings.Of(situation);
        string text = Places[place](recording);
        Assert.All(recording.Secrets, secret => Secrecy.AssertHidden(secret, text));
        Secrecy.AssertHidden(Secrecy.TokenBeginning, text);
    }

    [Fact]
    public void Every_cmdlet_is_run() => Assert.Empty(ExportedCommands.Cmdlets.Except(
        Parser.ParseInput(Script, out _, out _).FindAll(ast => ast is CommandAst, searchNestedScriptBlocks: true).Cast<CommandAst>().Select(command => command.GetCommandName()),
        StringComparer.OrdinalIgnoreCase));

    [Fact]
    public void Each_situation_occurs()
    {
        Recording successful = recordings.Of("every request succeeds");
        Assert.Equal(14, successful.Secrets.Count);
        Assert.Equal(2, successful.Account.Server.FindClient(successful.RotatedClientId)!.Keys.Count);
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(successful.Account.Folder, "journal"), "*", SearchOption.AllDirectories));
        Assert.Contains("POST /v1/clients", successful.ReadFile("transcript.txt"), StringComparison.Ordinal);
        Assert.Contains(successful.Result.Errors, error => error.FullyQualifiedErrorId.StartsWith("SecretNotSaved", StringComparison.Ordinal));
        Assert.DoesNotContain(successful.Account.Server.Requests, request => request.SecretsLeftOut);
        Assert.Contains("KeyAtNoKnownDestination", successful.ReadFile(ReportFiles[1]), StringComparison.Ordinal);
        Assert.Contains("name ***", successful.ReadFile(ReportFiles[2]), StringComparison.Ordinal);
        Assert.Contains("reason ***", successful.ReadFile(ReportFiles[2]), StringComparison.Ordinal);
        PSObject[] untagged = [.. successful.Reported.Output.Where(finding => (string)finding.Properties["Rule"].Value == "TagMissing")];
        Assert.Contains(untagged, finding => finding.Properties["ClientName"].Value is "name ***");
        Assert.Contains(untagged, finding => finding.Properties["ClientName"].Value is "name https://***@example.com");
        Assert.Contains("name https://***@example.com</bdi>", successful.ReadFile(ReportFiles[0]), StringComparison.Ordinal);
        Assert.Contains(">tag ***=***;<wbr />url=https://***@example.com;<wbr />owner of it=team@example.com<", successful.ReadFile(ReportFiles[0]), StringComparison.Ordinal);
        Assert.Contains(untagged, finding => ((string)finding.Properties["Message"].Value).EndsWith("***.", StringComparison.Ordinal));
        Assert.Contains(successful.Result.Debug, line => line.Contains("GET /v1/clients/nope -> 404", StringComparison.Ordinal));
        Assert.Contains(recordings.Of("requests are retried").Result.Verbose, line => line.Contains("429", StringComparison.Ordinal));
        Assert.Contains(recordings.Of("the outcome of every change is unknown").Result.Errors, error => PSObject.AsPSObject(error.Exception).Properties["OutcomeUnknown"]?.Value is true);
        foreach (string situation in new[] { "every request is unauthorized", "the connection has a ready token" })
            Assert.Contains(recordings.Of(situation).Result.Errors, error => error.FullyQualifiedErrorId.StartsWith("AuthenticationFailed", StringComparison.Ordinal));
        Assert.Contains(recordings.Of("every connection breaks").Result.Errors, error => error.Exception.InnerException is not null);
    }

    [Fact]
    public async Task A_process_with_a_key_file_writes_the_secret_to_no_other_file_and_not_to_its_command_line()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("authress-canary-");
        await using EmulatorServer server = await EmulatorServer.StartAsync(new EmulatorOptions());
        try
        {
            string client = server.SeedClient("{}");
            string keyFile = Path.Combine(folder.FullName, "own.key");
            await File.WriteAllTextAsync(keyFile, server.AccessKey);
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(keyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            string work = folder.CreateSubdirectory("work").FullName;
            string commandLine = string.Empty;
            Process? process = null;
            server.FaultSource = (method, _) =>
            {
                if (method == "POST" && OperatingSystem.IsLinux())
                    commandLine = File.ReadAllText($"/proc/{process!.Id}/cmdline");
                return null;
            };
            string script = Path.Combine(folder.FullName, "script.ps1");
            await File.WriteAllTextAsync(script, $"Import-Module '{Shell.ModuleManifest}'; Connect-Authress {server.ApiUrl} -KeyFile '{keyFile}'; New-AuthressAccessKey {client} -Verbose -Debug; Get-AuthressServiceClient | Out-Null; [System.Environment]::GetEnvironmentVariables().Values");
            ProcessStartInfo start = PinnedShell.Pwsh.Start("-NoProfile", "-NonInteractive", "-File", script);
            start.WorkingDirectory = work;
            foreach (string variable in (string[])["HOME", "TMPDIR", "TMP", "TEMP", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"])
                start.Environment[variable] = work;
            ProcessResult result = await ChildProcess.RunAsync(start, started => process = started);
            Assert.True(result.ExitCode == 0, result.Error);

            string secret = server.AccessKey.Split('.')[3];
            Secrecy.AssertHidden(secret, result.Output, result.Error, commandLine);
            Assert.True(commandLine.Length > 0 || !OperatingSystem.IsLinux());
            foreach (string file in Directory.EnumerateFiles(work, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint }))
            {
                byte[] bytes = await File.ReadAllBytesAsync(file);
                Secrecy.AssertHidden(secret, Encoding.Latin1.GetString(bytes), Encoding.Unicode.GetString(bytes));
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_process_behind_a_proxy_shows_nothing_of_its_password()
    {
        using System.Net.Sockets.TcpListener proxy = new(System.Net.IPAddress.Loopback, 0);
        proxy.Start();
        using CancellationTokenSource end = new();
        Task<string> serving = RefuseAsync(proxy, end.Token);
        ProcessStartInfo start = PinnedShell.Pwsh.Start("-NoProfile", "-NonInteractive", "-Command", $$"""
            Import-Module '{{Shell.ModuleManifest}}'
            $VerbosePreference = $DebugPreference = 'Continue'
            Connect-Authress https://login.example.invalid -MaximumRetryCount 1
            Test-AuthressConnection | Format-List -Property *
            Test-AuthressAccessKey (ConvertTo-SecureString $env:AUTHRESS_KEY -AsPlainText -Force) | Format-List -Property *
            Get-AuthressServiceClient nope
            $Error | Format-List -Property * -Force
            $Error.Exception | ForEach-Object { $_.ToString() }
            Get-Error
            """);
        start.Environment["HTTPS_PROXY"] = $"http://bob:{ProxyPassword}@127.0.0.1:{((System.Net.IPEndPoint)proxy.LocalEndpoint).Port}";
        start.Environment["NO_PROXY"] = "";
        await using EmulatorServer server = await EmulatorServer.StartAsync(new EmulatorOptions());
        start.Environment["AUTHRESS_KEY"] = server.AccessKey;
        ProcessResult result = await ChildProcess.RunAsync(start);
        await end.CancelAsync();
        Assert.Contains("407", result.Output, StringComparison.Ordinal);
        Assert.Contains(Convert.ToBase64String(Encoding.UTF8.GetBytes("bob:" + ProxyPassword)), await serving, StringComparison.Ordinal);
        Secrecy.AssertHidden(ProxyPassword, result.Output, result.Error);
    }

    // A proxy that refuses every request. Returns what it received.
    private static async Task<string> RefuseAsync(System.Net.Sockets.TcpListener proxy, CancellationToken end)
    {
        StringBuilder sent = new();
        try
        {
            while (true)
            {
                using System.Net.Sockets.TcpClient client = await proxy.AcceptTcpClientAsync(end);
                using StreamReader reader = new(client.GetStream(), Encoding.ASCII);
                while (await reader.ReadLineAsync(end) is { Length: > 0 } line)
                    sent.AppendLine(line);
                await client.GetStream().WriteAsync("HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"proxy\"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray(), end);
            }
        }
        catch (OperationCanceledException)
        {
            return sent.ToString();
        }
    }

    private static Func<string, string, Fault?> Every(int count, Fault fault)
    {
        int number = 0;
        return (_, _) => Interlocked.Increment(ref number) % count == 1 ? fault : null;
    }

    private static IEnumerable<Exception> Chain(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
            yield return exception;
    }

    private static string Text(PSPropertyInfo property)
    {
        try
        {
            return $"{property.Name}: {property.Value}";
        }
        catch (GetValueException e)
        {
            return e.ToString();
        }
    }

    private static string ChildEnvironment()
    {
        ProcessStartInfo start = OperatingSystem.IsWindows() ? new("cmd", ["/c", "set"]) : new("env");
        start.RedirectStandardOutput = true;
        using Process process = Process.Start(start)!;
        return process.StandardOutput.ReadToEnd();
    }

    /// <summary>The sessions, each run once.</summary>
    public sealed class Recordings : IAsyncLifetime
    {
        private readonly Dictionary<string, Recording> _all = [];

        public ValueTask InitializeAsync() => default;

        internal Recording Of(string situation)
        {
            lock (_all)
            {
                if (!_all.TryGetValue(situation, out Recording? recording))
                    _all[situation] = recording = Recording.Make(Situations[situation], situation == "the connection has a ready token");
                return recording;
            }
        }

        public async ValueTask DisposeAsync()
        {
            foreach (Recording recording in _all.Values)
                await recording.Account.DisposeAsync();
        }
    }

    internal sealed class Recording
    {
        public required Account Account { get; init; }

        public required ShellResult Result { get; init; }

        /// <summary>A report on a client with a key and the password of a URL in its name and its tags.</summary>
        public required ShellResult Reported { get; init; }

        public required IReadOnlyList<string> Secrets { get; init; }

        public required string RotatedClientId { get; init; }

        public Shell Shell => Account.Shell;

        public string Sent => string.Join('\n', Account.Server.Requests.Select(request => $"{request.Method} {request.Target} {request.Body}"));

        public string ReadFile(string name) => File.ReadAllText(Path.Combine(Account.Folder, name));

        public string Show(string script) => Shell.Show(script);

        public static Recording Make(Action<EmulatorServer> situation, bool byToken)
        {
            Account account = new();
            account.InitializeAsync().AsTask().GetAwaiter().GetResult();
            List<string> secrets = [account.Server.AccessKey.Split('.')[3], ProxyPassword, .. byToken ? [ReadyToken] : Array.Empty<string>()];
            account.Shell.Set("own", account.Server.AccessKey);
            account.Shell.Set("word", ProxyPassword);
            account.Shell.Set("vaults", StandIns.SecretManagement);
            account.Shell.Set("adminKey", Shell.Secret(account.Server.AccessKey));
            account.Shell.Set("token", Shell.Secret(ReadyToken));
            account.Shell.Set("connect", ScriptBlock.Create($"Connect-Authress {account.Server.ApiUrl} {(byToken ? "-AccessToken $token" : "-AccessKey $adminKey")} -MaximumRetryCount 2 -MaximumRetryWaitSec 5"));
            string rotated = account.Seed();
            foreach ((string variable, string name, string key) in (IEnumerable<(string, string, string)>)
                [("keyFile", KeyFiles[0], account.Server.AccessKey), ("rotatedFile", KeyFiles[1], account.Server.IssueAccessKey(rotated)), ("foundFile", KeyFiles[2], account.Server.IssueAccessKey(rotated))])
            {
                string file = Path.Combine(account.Folder, name);
                File.WriteAllText(file, key);
                account.Shell.Set(variable, file);
                secrets.Add(key.Split('.')[3]);
            }

            account.Run($"$rotated = [pscustomobject]@{{ ClientId = '{rotated}'; OutFile = $rotatedFile }}").Ok();
            account.Shell.Set("journal", Path.Combine(account.Folder, "journal"));
            account.Shell.Set("transcript", Path.Combine(account.Folder, "transcript.txt"));
            account.Shell.Set("reports", (string[])[.. ReportFiles.Select(name => Path.Combine(account.Folder, name))]);
            account.Run(". $connect; $reporting = Get-AuthressConnection").Ok();
            situation(account.Server);
            ShellResult result = account.Run(Script);
            foreach (PSObject made in account.Run("$made, $local, $kept, $lost, $scripted | Where-Object { $_ }").Output)
            {
                secrets.Add(Shell.Reveal(made.Properties["AccessKey"].Value).Split('.')[3]);
                if (made.Properties["ClientSecret"].Value is { } clientSecret)
                    secrets.Add(Shell.Reveal(clientSecret));
            }

            if (account.Run("$signed").Output is [{ } token])
                secrets.Add(Shell.Reveal(token.Properties["Token"].Value).Split('.')[2]);

            secrets.Add(File.ReadAllText(Path.Combine(account.Folder, KeyFiles[1])).Split('.')[3]);
            return new Recording { Account = account, Result = result, Reported = Report(account), Secrets = [.. secrets.Distinct()], RotatedClientId = rotated };
        }

        // Last, because such a client is listed with its name.
        private static ShellResult Report(Account account)
        {
            string key = account.Server.AccessKey;
            string url = $"https://bob:{ProxyPassword}@example.com";
            account.Seed($$"""{"name":"name {{key}}","tags":{"tag {{key}}":"{{key}}","url":"{{url}}","owner of it":"team@example.com"},"options":{"grantTokenGeneration":true} }""");
            account.Seed($$"""{"name":"name {{url}}","options":{"grantTokenGeneration":true} }""");
            account.Shell.Set("accepted", Path.Combine(account.Folder, KeyFiles[3]));
            File.WriteAllText(Path.Combine(account.Folder, KeyFiles[3]), $$"""
                [
                  { "rule": "MayCreateTokens", "clientId": "*", "reason": "reason {{key}}", "until": "2999-12-31" },
                  { "rule": "KeyTooOld", "clientId": "{{key}}", "reason": "ended {{key}}", "until": "2020-01-01" }
                ]
                """);
            account.Shell.Set("own", key);
            ShellResult reported = account.Run("Get-AuthressAccessKeyReport -OutFile $reports -KnownDestination $keyFile -JournalPath $journal -ExceptionFile $accepted -RequiredTag owner -Connection $reporting; Get-AuthressAccessKeyReport -RequiredTag $own -Connection $reporting");
            account.Run("Remove-Variable own");
            return reported;
        }
    }
}
