using System.Diagnostics;
using System.Management.Automation;
using Authress.Emulator.Faults;
using Authress.PowerShell.Tests.Hosting;
using Engine = System.Management.Automation.PowerShell;

namespace Authress.PowerShell.Tests.Stopping;

/// <summary>A pipeline that ends before its input does: requests in flight are finished or rolled back, and named.</summary>
public sealed class EarlyEndTests : IAsyncLifetime
{
    // Only a hang takes that long.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly Account _account = new();
    private string[] _ids = [];

    public async ValueTask InitializeAsync()
    {
        await _account.InitializeAsync();
        _ids = [.. _account.Server.SeedClients(60)];
        _account.Shell.Set("ids", _ids);
        _account.Run("$ConfirmPreference = 'None'").Ok();
        _account.Server.ClearRequests();
    }

    public ValueTask DisposeAsync() => _account.DisposeAsync();

    [Fact]
    public void A_consumer_that_stops_early_leaves_no_key_without_an_owner()
    {
        _account.Server.FaultSource = (method, _) => method == "POST" ? new DelayFault(30) : null;
        ShellResult result = _account.Run("do { $ids | New-AuthressAccessKey -ThrottleLimit 8 | ForEach-Object { $_; break } } while ($false)");
        string keyId = (string)result.Single.Properties["KeyId"].Value;
        Assert.Equal([keyId], Keys());

        // The others in flight were created, and deleted again.
        string[] gone = [.. _account.Server.Requests.Where(request => request.Method == "DELETE").Select(request => request.Target.Split('/')[^1])];
        Assert.NotEmpty(gone);
        Assert.All(gone, id => Assert.Contains(id, result.HostText, StringComparison.Ordinal));
    }

    [Fact]
    public void A_key_that_cannot_be_rolled_back_is_named_with_the_command_that_deletes_it()
    {
        _account.Server.FaultSource = (method, _) => method == "POST" ? new DelayFault(30) : method == "DELETE" ? new StatusFault(403) : null;
        ShellResult result = _account.Run("do { $ids | New-AuthressAccessKey -ThrottleLimit 8 | ForEach-Object { $_; break } } while ($false)");
        string delivered = (string)result.Single.Properties["KeyId"].Value;
        string[] left = [.. Keys().Where(id => id != delivered)];
        Assert.NotEmpty(left);
        Assert.All(left, id => Assert.Contains($"-KeyId {id}", result.HostText, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public void A_key_that_a_failing_consumer_did_not_receive_is_named(int throttle)
    {
        ShellResult result = _account.Run($"try {{ $ids | New-AuthressAccessKey -ThrottleLimit {throttle} | ForEach-Object {{ throw 'the vault is sealed' }} }} catch {{ $_.ToString() }}");
        Assert.Equal("the vault is sealed", result.Single.BaseObject);
        string keyId = Assert.Single(Keys());
        Assert.Contains($"-KeyId {keyId}", result.HostText, StringComparison.Ordinal);
    }

    [Fact]
    public void Changes_in_flight_when_a_consumer_stops_early_are_named()
    {
        _account.Server.FaultSource = (_, _) => new DelayFault(30);
        ShellResult result = _account.Run("do { $ids | Set-AuthressServiceClient -Name other -PassThru -ThrottleLimit 8 | ForEach-Object { break } } while ($false)");
        string[] changed = [.. _account.Server.Clients.Where(client => client.Name == "other").Select(client => client.ClientId)];
        Assert.InRange(changed.Length, 1, 40);

        Assert.Empty(result.Errors);

        // All but the first, which was delivered, are named.
        string[] unnamed = [.. changed.Where(id => !result.HostText.Contains(id, StringComparison.Ordinal))];
        Assert.True(unnamed is [var only] && only == _ids[0], $"{string.Join(' ', unnamed)} of {string.Join(' ', _ids)} in {result.HostText}");
    }

    [Fact]
    public void An_upstream_error_leaves_no_key_without_an_owner()
    {
        _account.Server.FaultSource = (method, _) => method == "POST" ? new DelayFault(50) : null;
        ShellResult result = _account.Run("try { & { $ids[0..5]; throw 'upstream' } | New-AuthressAccessKey -ThrottleLimit 8 } catch { $_.ToString() }");
        string[] delivered = [.. result.Output.Where(one => one.BaseObject is not string).Select(key => (string)key.Properties["KeyId"].Value)];
        Assert.Equal(delivered.Order(), Keys().Order());
    }

    [Fact]
    public void A_terminating_error_comes_after_the_requests_in_flight()
    {
        _account.Server.FaultSource = (_, path) => path.EndsWith(_ids[2], StringComparison.Ordinal) ? new StatusFault(403) : new DelayFault(40);
        ShellResult result = _account.Run("$ids | Remove-AuthressServiceClient -ThrottleLimit 8 -ErrorAction Stop");
        Assert.True(result.Terminated);
        Assert.Equal(_ids[2], Assert.Single(result.Errors).TargetObject);
        string[] deleted = [.. _ids.Where(id => _account.Server.FindClient(id) is null)];
        Assert.InRange(deleted.Length, 2, 32);

        // The first two came before the error in order; all others are named.
        Assert.All(deleted.Except(_ids[..2]), id => Assert.Contains(result.Warnings, warning => warning.Contains(id, StringComparison.Ordinal)));
        Assert.NotEmpty(result.Warnings);
    }

    [Fact]
    public void Keys_in_flight_at_a_terminating_error_reach_the_pipeline()
    {
        _account.Server.FaultSource = (_, path) => path.Contains(_ids[1], StringComparison.Ordinal) ? new StatusFault(403) : new DelayFault(40);
        _account.Shell.Set("keys", new List<object>());
        ShellResult result = _account.Run("try { $ids | New-AuthressAccessKey -ThrottleLimit 4 -ErrorAction Stop | ForEach-Object { $keys.Add($_) } } catch { $_.TargetObject }; $keys");
        Assert.Equal(_ids[1], result.Output[0].BaseObject);
        Assert.Equal(Keys().Order(), result.Output.Skip(1).Select(key => (string)key.Properties["KeyId"].Value).Order());
        Assert.All(result.Output.Skip(1), key => Assert.NotEmpty(Shell.Reveal(key.Properties["AccessKey"].Value)));
    }

    [Fact]
    public void The_terminating_error_of_an_invalid_input_keeps_its_place_in_the_order()
    {
        _account.Server.FaultSource = (_, _) => new DelayFault(50);
        ShellResult result = _account.Run("[pscustomobject]@{ Name = 'first' }, [pscustomobject]@{ Name = 'second' }, [pscustomobject]@{ Name = '' }, [pscustomobject]@{ Name = 'third' } | New-AuthressServiceClient -ThrottleLimit 4 -ErrorAction Stop");
        Assert.True(result.Terminated);
        Assert.Equal(["first", "second"], result.Get("Name"));
        Assert.DoesNotContain(_account.Server.Clients, client => client.Name == "third");
        Assert.Empty(result.HostText);
    }

    [Fact]
    public void A_consumer_that_stops_early_does_not_wait_for_reads()
    {
        _account.Server.FaultSource = (_, path) => new DelayFault(path.EndsWith(_ids[0], StringComparison.Ordinal) ? 200 : 20_000);
        Stopwatch watch = Stopwatch.StartNew();
        ShellResult result = _account.Run("do { $ids | Get-AuthressServiceClient -ThrottleLimit 4 | ForEach-Object { $_; break } } while ($false)");
        Assert.Equal(_ids[0], result.Single.Properties["ClientId"].Value);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 10);
        Assert.Empty(result.HostText);
    }

    [Fact]
    public void A_terminating_error_waits_a_bounded_time_for_reads()
    {
        _account.Server.FaultSource = (_, path) => path.EndsWith(_ids[0], StringComparison.Ordinal) ? new StatusFault(403) : new DelayFault(20_000);
        Stopwatch watch = Stopwatch.StartNew();
        Assert.True(_account.Run("$ids | Get-AuthressServiceClient -ThrottleLimit 4 -ErrorAction Stop").Terminated);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 15);
    }

    [Fact]
    public async Task A_stop_rolls_many_keys_back_within_its_bound()
    {
        // One after the other, the deletions alone would take eleven seconds.
        _account.Server.FaultSource = (method, _) => method == "POST" ? new DelayFault(1_500) { AfterActing = true } : new DelayFault(700);
        string host = await StopDuringAsync("$ids | New-AuthressAccessKey -ThrottleLimit 16", requests: 16);
        Assert.Empty(Keys());
        Assert.DoesNotContain("could not be deleted", host, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stop_during_the_wait_of_a_terminating_error_names_everything_that_was_done()
    {
        _account.Server.FaultSource = (_, path) => path.EndsWith(_ids[0], StringComparison.Ordinal) ? new StatusFault(403) : new DelayFault(1_500) { AfterActing = true };
        string host = await StopDuringAsync("$ids | Remove-AuthressServiceClient -ThrottleLimit 8 -ErrorAction Stop", requests: 8);
        string[] deleted = [.. _ids.Where(id => _account.Server.FindClient(id) is null)];
        Assert.NotEmpty(deleted);
        Assert.All(deleted, id => Assert.Contains(id, host, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_stop_finishes_and_names_the_requests_in_flight_and_starts_no_more()
    {
        _account.Server.FaultSource = (method, _) => method == "DELETE" ? new DelayFault(1_500) { AfterActing = true } : null;
        string host = await StopDuringAsync("$ids | Remove-AuthressServiceClient -ThrottleLimit 4", requests: 4);
        string[] deleted = [.. _ids.Where(id => _account.Server.FindClient(id) is null)];
        Assert.Equal(4, deleted.Length);
        Assert.All(deleted, id => Assert.Contains($"Remove-AuthressServiceClient '{id}'", host, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_stop_names_created_clients_by_their_new_ids()
    {
        _account.Server.FaultSource = (method, _) => method == "POST" ? new DelayFault(1_500) { AfterActing = true } : null;
        string host = await StopDuringAsync("'Name', 'x 1', 'x 2', 'x 3', 'x 4' | ConvertFrom-Csv | New-AuthressServiceClient -ThrottleLimit 4", requests: 4);
        string[] created = [.. _account.Server.Clients.Where(client => client.Name?.StartsWith("x ", StringComparison.Ordinal) == true).Select(client => $"New-AuthressServiceClient '{client.Name} ({client.ClientId})'")];
        Assert.Equal(4, created.Length);
        Assert.All(created, name => Assert.Contains(name, host, StringComparison.Ordinal));
    }

    [Fact]
    public void A_terminating_error_names_created_clients_by_their_new_ids()
    {
        // The second input is refused on this machine; its error waits for the first response.
        _account.Server.FaultSource = (_, _) => new DelayFault(1_000);
        ShellResult result = _account.Run("'x 1', ('x' * 129), 'x 2', 'x 3' | ForEach-Object { [pscustomobject]@{ Name = $_ } } | New-AuthressServiceClient -ThrottleLimit 4 -ErrorAction Stop");
        Assert.True(result.Terminated);
        string[] created = [.. _account.Server.Clients.Where(client => client.Name is "x 2" or "x 3").Select(client => client.ClientId)];
        Assert.Equal(2, created.Length);
        Assert.All(created, id => Assert.Contains(result.Warnings, warning => warning.Contains(id, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_stop_leaves_no_key_without_an_owner()
    {
        _account.Server.FaultSource = (method, _) => method == "POST" ? new DelayFault(1_500) { AfterActing = true } : null;
        string host = await StopDuringAsync("$ids | New-AuthressAccessKey -ThrottleLimit 4", requests: 4);
        Assert.Empty(Keys());
        Assert.Equal(4, _account.Server.Requests.Count(request => request.Method == "DELETE"));
        Assert.All(_account.Server.Requests.Where(request => request.Method == "DELETE"), request => Assert.Contains(request.Target.Split('/')[^1], host, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_stop_cancels_reads_at_once()
    {
        _account.Server.FaultSource = (_, _) => new DelayFault(20_000);
        string host = await StopDuringAsync("$ids | Get-AuthressServiceClient -ThrottleLimit 4", requests: 4);
        Assert.DoesNotContain("WARNING", host, StringComparison.Ordinal);
        Assert.All(_account.Server.Requests, request => Assert.Null(request.RespondedAt));
    }

    [Fact]
    public async Task A_stop_names_requests_with_an_unknown_outcome_and_no_unsent_one()
    {
        _account.Server.FaultSource = (method, _) => method == "DELETE" ? new DelayFault(60_000) : null;
        string host = await StopDuringAsync("$ids | Remove-AuthressServiceClient -ThrottleLimit 4", requests: 4);
        string[] sent = [.. _account.Server.Requests.Where(request => request.Method == "DELETE").Select(request => request.Target.Split('/')[^1])];
        Assert.Equal(4, sent.Length);
        Assert.Equal(sent.Order(), _ids.Where(id => host.Contains(id, StringComparison.Ordinal)).Order());
    }

    [Fact]
    public async Task A_stop_while_a_key_is_delivered_keeps_the_key_and_names_it()
    {
        _account.Server.AddFault("GET", "/v1/clients", new DelayFault(60_000));
        string host = await StopDuringAsync("$ids[0] | New-AuthressAccessKey -SaveScript { Get-AuthressServiceClient } -ReadScript { }", requests: 2);
        string keyId = Assert.Single(_account.Server.FindClient(_ids[0])!.Keys).KeyId;
        Assert.Contains($"Remove-AuthressAccessKey -ClientId {_ids[0]} -KeyId {keyId}", host, StringComparison.Ordinal);
    }

    private string[] Keys() => [.. _ids.SelectMany(id => _account.Server.FindClient(id)!.Keys).Select(key => key.KeyId)];

    // Stops a script once that many requests have arrived, and returns what the host was shown.
    private async Task<string> StopDuringAsync(string script, int requests)
    {
        _account.Server.ClearRequests();
        _account.Run("1 > $null");
        using Engine engine = Engine.Create(_account.Shell.Runspace);
        engine.AddScript(script);
        IAsyncResult running = engine.BeginInvoke();
        using CancellationTokenSource limit = new(Limit);
        while (_account.Server.Requests.Count < requests)
            await Task.Delay(10, limit.Token);
        await Task.Factory.FromAsync(engine.BeginStop(null, null), engine.EndStop).WaitAsync(Limit);
        Assert.Equal(PSInvocationState.Stopped, engine.InvocationStateInfo.State);
        Assert.True(running.IsCompleted);
        return _account.Shell.TakeHostText();
    }
}
