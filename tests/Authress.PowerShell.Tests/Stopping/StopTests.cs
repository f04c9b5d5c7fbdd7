using System.Management.Automation;
using Authress.Emulator.Faults;
using Authress.PowerShell.Tests.Hosting;
using Engine = System.Management.Automation.PowerShell;

namespace Authress.PowerShell.Tests.Stopping;

/// <summary>Ctrl+C during a request: nothing is left behind unreported.</summary>
public sealed class StopTests : IAsyncLifetime
{
    // Only a hang takes that long.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly Account _account = new();
    private string _client = string.Empty;

    public async ValueTask InitializeAsync()
    {
        await _account.InitializeAsync();
        _client = _account.Seed("""{ "name": "before" }""");
        _account.Run("$ConfirmPreference = 'None'").Ok();
    }

    public ValueTask DisposeAsync() => _account.DisposeAsync();

    [Theory]
    [InlineData("Get-AuthressServiceClient")]
    [InlineData("Get-AuthressServiceClient {0}")]
    [InlineData("Get-AuthressAccessKey {0}")]
    [InlineData("Test-AuthressConnection")]
    [InlineData("Invoke-AuthressRequest /v1/clients")]
    [InlineData("Set-AuthressServiceClient {0} -Name other")]
    public async Task Cancels_a_read_at_once(string script)
    {
        // Less than the bound for a change, so that waiting for the response would be noticed.
        _account.Server.AddFault("GET", "*", new DelayFault(3_000), times: -1);
        string host = await StopDuringAsync(script.Replace("{0}", _client, StringComparison.Ordinal), "GET");
        Assert.Null(Assert.Single(_account.Server.Requests).RespondedAt);
        Assert.DoesNotContain("WARNING", host, StringComparison.Ordinal);
        Assert.Empty(_account.Changes);
    }

    [Fact]
    public async Task Leaves_no_key_without_an_owner()
    {
        _account.Server.AddFault("POST", "*", new DelayFault(2_500) { AfterActing = true });
        string host = await StopDuringAsync($"New-AuthressAccessKey {_client}", "POST");
        Assert.Empty(_account.Server.FindClient(_client)!.Keys);
        string keyId = _account.Server.Requests.Single(request => request.Method == "DELETE").Target.Split('/')[^1];
        Assert.Contains(keyId, host, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_the_key_that_could_not_be_rolled_back()
    {
        _account.Server.AddFault("POST", "*", new DelayFault(2_500) { AfterActing = true });
        _account.Server.AddFault("DELETE", "*", new StatusFault(403), times: -1);
        string host = await StopDuringAsync($"New-AuthressAccessKey {_client}", "POST");
        string keyId = Assert.Single(_account.Server.FindClient(_client)!.Keys).KeyId;
        Assert.Contains($"Remove-AuthressAccessKey -ClientId {_client} -KeyId {keyId}", host, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reports_an_unknown_outcome_after_the_bound()
    {
        _account.Server.AddFault("POST", "*", new DelayFault(60_000), times: -1);
        string host = await StopDuringAsync($"New-AuthressAccessKey {_client}", "POST");
        Assert.Contains($"New-AuthressAccessKey '{_client}'", host, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_the_public_key_of_a_request_that_outlasts_the_stop()
    {
        _account.Server.AddFault("POST", "*", new DelayFault(20_000));
        string host = await StopDuringAsync($"New-AuthressAccessKey {_client} -GenerateLocally", "POST");
        Assert.Contains($"Get-AuthressAccessKey -ClientId {_client} -PublicKey ", host, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reports_an_unknown_outcome_when_stopped_during_the_search_for_the_key()
    {
        _account.Server.AddFault("POST", "*", new ActThenDropFault());
        _account.Server.AddFault("GET", "*", new StaleReadFault(), times: -1);

        // The second search comes long after the lost request was recorded, when no stop had been requested.
        string host = await StopDuringAsync($"New-AuthressAccessKey {_client}", "GET", requests: 2);
        Assert.Single(_account.Server.FindClient(_client)!.Keys);
        Assert.Contains($"New-AuthressAccessKey '{_client}'", host, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Remove-AuthressServiceClient {0} -ThrottleLimit 1", "DELETE")]
    [InlineData("Set-AuthressServiceClient {0} -Name other -ThrottleLimit 1", "PUT")]
    public async Task Reports_an_unknown_outcome_when_stopped_before_a_retry(string script, string method)
    {
        _account.Server.AddFault(method, "*", new StatusFault(503) { RetryAfter = "30", Act = true }, times: -1);
        script = script.Replace("{0}", _client, StringComparison.Ordinal);
        string host = await StopDuringAsync(script, method);
        Assert.Contains($"{script.Split(' ')[0]} '{_client}'", host, StringComparison.Ordinal);
        Assert.Contains("may have been done", host, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Finishes_and_names_a_deletion_and_starts_no_other()
    {
        string next = _account.Seed();
        _account.Server.AddFault("DELETE", "*", new DelayFault(2_500) { AfterActing = true });
        string host = await StopDuringAsync($"'{_client}', '{next}' | Remove-AuthressServiceClient -ThrottleLimit 1", "DELETE");
        Assert.Contains($"Remove-AuthressServiceClient '{_client}'", host, StringComparison.Ordinal);
        Assert.Null(_account.Server.FindClient(_client));
        Assert.NotNull(_account.Server.FindClient(next));
    }

    [Theory]
    [InlineData("'a', 'b', 'c' | ForEach-Object { [pscustomobject]@{ Name = $_ } } | New-AuthressServiceClient -ThrottleLimit 8", true)]
    [InlineData("'a', 'b', 'c' | ForEach-Object { [pscustomobject]@{ Name = $_ } } | New-AuthressServiceClient -ThrottleLimit 8", false)]
    public async Task Names_outcomes_that_could_no_longer_be_written(string script, bool isUnknown)
    {
        if (isUnknown)
            _account.Server.AddFault("POST", "*", new ActThenDropFault(), times: 3);
        _account.Run("1 > $null");
        using Engine engine = Engine.Create(_account.Shell.Runspace);
        engine.AddScript(script);
        PSDataCollection<PSObject> output = [];
        int told = 0;

        // The stop comes with the first output or error: by then the other outcomes are known but not yet written.
        void Stop(object? sender, DataAddedEventArgs added)
        {
            if (Interlocked.Increment(ref told) > 1)
                return;
            engine.BeginStop(null, null);
            SpinWait.SpinUntil(() => engine.InvocationStateInfo.State == PSInvocationState.Stopping, Limit);
        }

        output.DataAdded += Stop;
        engine.Streams.Error.DataAdded += Stop;
        IAsyncResult running = engine.BeginInvoke<PSObject, PSObject>(null, output);
        await Assert.ThrowsAsync<PipelineStoppedException>(() => Task.Factory.FromAsync(running, engine.EndInvoke).WaitAsync(Limit));
        string host = _account.Shell.TakeHostText();
        Assert.Equal(3, _account.Server.Clients.Count(client => client.Name is "a" or "b" or "c"));
        foreach (string name in new[] { "b", "c" })
        {
            bool said = output.Any(one => (string)one.Properties["Name"].Value == name)
                || engine.Streams.Error.Any(error => ((PSObject)error.TargetObject).Properties["Name"].Value.Equals(name))
                || host.Contains($"New-AuthressServiceClient '{name}{(isUnknown ? "'" : " (sc_")}", StringComparison.Ordinal);
            Assert.True(said, $"Nothing was said of '{name}': {host}");
        }
    }

    // Runs a script, stops it once that many such requests have arrived, and returns what the host was shown.
    private async Task<string> StopDuringAsync(string script, string method, int requests = 1)
    {
        _account.Server.ClearRequests();
        _account.Run("1 > $null");
        using Engine engine = Engine.Create(_account.Shell.Runspace);
        engine.AddScript(script);
        IAsyncResult running = engine.BeginInvoke();
        using CancellationTokenSource limit = new(Limit);
        while (_account.Server.Requests.Count(request => request.Method == method) < requests)
            await Task.Delay(10, limit.Token);
        await Task.Factory.FromAsync(engine.BeginStop(null, null), engine.EndStop).WaitAsync(Limit);
        Assert.Equal(PSInvocationState.Stopped, engine.InvocationStateInfo.State);
        Assert.True(running.IsCompleted);
        return _account.Shell.TakeHostText();
    }
}
