using System.Management.Automation;
using Authress.Emulator.Faults;
using Authress.PowerShell.Tests.Hosting;
using Engine = System.Management.Automation.PowerShell;

namespace Authress.PowerShell.Tests.BadInput;

/// <summary>Ctrl+C in the middle: nothing is left that nobody knows of.</summary>
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
    public async Task Ends_what_only_reads_at_once(string script)
    {
        // Within the time that a change is given, so that waiting for the answer would see it.
        _account.Server.AddFault("GET", "*", new DelayFault(3_000), times: -1);
        string host = await StopDuringAsync(script.Replace("{0}", _client, StringComparison.Ordinal), "GET");
        Assert.Null(Assert.Single(_account.Server.Requests).AnsweredAt);
        Assert.DoesNotContain("WARNING", host, StringComparison.Ordinal);
        Assert.Empty(_account.Changes);
    }

    [Fact]
    public async Task Leaves_no_key_that_nobody_holds()
    {
        _account.Server.AddFault("POST", "*", new DelayFault(2_500) { AfterActing = true });
        string host = await StopDuringAsync($"New-AuthressAccessKey {_client}", "POST");
        Assert.Empty(_account.Server.FindClient(_client)!.Keys);
        string keyId = _account.Server.Requests.Single(request => request.Method == "DELETE").Target.Split('/')[^1];
        Assert.Contains(keyId, host, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_which_key_is_left_where_it_can_not_be_deleted_again()
    {
        _account.Server.AddFault("POST", "*", new DelayFault(2_500) { AfterActing = true });
        _account.Server.AddFault("DELETE", "*", new StatusFault(403), times: -1);
        string host = await StopDuringAsync($"New-AuthressAccessKey {_client}", "POST");
        string keyId = Assert.Single(_account.Server.FindClient(_client)!.Keys).KeyId;
        Assert.Contains($"Remove-AuthressAccessKey -ClientId {_client} -KeyId {keyId}", host, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_that_an_outcome_is_unknown_when_the_time_is_over()
    {
        _account.Server.AddFault("POST", "*", new DelayFault(60_000), times: -1);
        string host = await StopDuringAsync($"New-AuthressAccessKey {_client}", "POST");
        Assert.Contains($"POST /v1/clients/{_client}/access-keys", host, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Finishes_a_deletion_says_so_and_begins_no_other()
    {
        string next = _account.Seed();
        _account.Server.AddFault("DELETE", "*", new DelayFault(2_500) { AfterActing = true });
        string host = await StopDuringAsync($"'{_client}', '{next}' | Remove-AuthressServiceClient -ThrottleLimit 1", "DELETE");
        Assert.Contains($"DELETE /v1/clients/{_client}", host, StringComparison.Ordinal);
        Assert.Null(_account.Server.FindClient(_client));
        Assert.NotNull(_account.Server.FindClient(next));
    }

    // Runs a script, stops it as soon as such a request has arrived, and gives what the host was told.
    private async Task<string> StopDuringAsync(string script, string method)
    {
        _account.Server.ClearRequests();
        _account.Run("1 > $null");
        using Engine engine = Engine.Create(_account.Shell.Runspace);
        engine.AddScript(script);
        IAsyncResult running = engine.BeginInvoke();
        using CancellationTokenSource limit = new(Limit);
        while (_account.Server.Requests.All(request => request.Method != method))
            await Task.Delay(10, limit.Token);
        await Task.Factory.FromAsync(engine.BeginStop(null, null), engine.EndStop).WaitAsync(Limit);
        Assert.Equal(PSInvocationState.Stopped, engine.InvocationStateInfo.State);
        Assert.True(running.IsCompleted);
        return _account.Shell.TakeHostText();
    }
}
