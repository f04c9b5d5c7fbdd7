using System.Management.Automation;
using Authress.Emulator.Faults;
using Authress.Emulator.Requests;
using Authress.PowerShell.Tests.Hosting;

namespace Authress.PowerShell.Tests.Bulk;

/// <summary>Several requests in flight: in order, within bounds, and one after the other on the same client.</summary>
public sealed class OrderedRequestQueueTests : IAsyncLifetime
{
    // A function around a cmdlet, as [System.Management.Automation.ProxyCommand] writes one.
    private const string Proxy = """
        function Get-ByProxy {
            [CmdletBinding()] param([Parameter(ValueFromPipeline)] $ClientId)
            begin { $steps = { Get-AuthressServiceClient -ThrottleLimit 8 | Where-Object { $_ } }.GetSteppablePipeline(); $steps.Begin($PSCmdlet) }
            process { $steps.Process($_) }
            end { $steps.End() }
        }
        """;

    private readonly Account _account = new();

    public ValueTask InitializeAsync() => _account.InitializeAsync();

    public ValueTask DisposeAsync() => _account.DisposeAsync();

    [Theory]
    [InlineData("Get-AuthressServiceClient")]
    [InlineData("New-AuthressAccessKey")]
    [InlineData("Set-AuthressServiceClient -Name other -PassThru")]
    public void Returns_results_in_input_order_although_responses_arrive_in_another(string cmdlet)
    {
        string[] ids = Seed(120);
        DelayAtRandom();
        Assert.Equal(ids, _account.Run($"$ids | {cmdlet} -ThrottleLimit 16").Ok().Get("ClientId").Cast<string>());
        Assert.InRange(_account.Server.Requests.Max(request => request.InFlight), 2, 16);
    }

    [Fact]
    public void Creates_in_the_order_of_the_input()
    {
        DelayAtRandom();
        string[] names = [.. Enumerable.Range(1, 100).Select(number => $"client-{number}")];
        _account.Shell.Set("rows", names.Select(name => new PSObject(new { Name = name })).ToArray());
        Assert.Equal(names, _account.Run("$rows | New-AuthressServiceClient -ThrottleLimit 16").Ok().Get("Name").Cast<string>());
    }

    [Fact]
    public void Writes_every_error_in_its_place_with_what_was_passed()
    {
        string[] ids = Seed(1000);
        Dictionary<int, string> expected = new() { [400] = "InvalidRequest", [403] = "PermissionDenied", [404] = "NotFound", [409] = "AlreadyExists", [402] = "PlanLimitReached" };
        int[] statuses = [.. expected.Keys];
        Dictionary<string, int> failing = Enumerable.Range(0, 50).ToDictionary(number => ids[number * 20], number => statuses[number % statuses.Length]);
        _account.Server.FaultSource = (_, path) => failing.TryGetValue(path.Split('/')[^1], out int status) ? new StatusFault(status) : null;
        ShellResult result = _account.Run("$ids | Get-AuthressServiceClient -ThrottleLimit 16");
        Assert.Equal(ids.Where(id => !failing.ContainsKey(id)), result.Get("ClientId").Cast<string>());
        Assert.Equal(failing.Keys, result.Errors.Select(error => error.TargetObject));
        Assert.Equal(failing.Values.Select(status => expected[status]), result.Errors.Select(error => error.FullyQualifiedErrorId.Split(',')[0]));

        // In their place: the error of the third input comes between its neighbours' results.
        failing = new() { [ids[2]] = 404 };
        object[] merged = [.. _account.Run("$ids[0..4] | Get-AuthressServiceClient -ThrottleLimit 4 2>&1").Output.Select(o => o.BaseObject)];
        Assert.Equal(5, merged.Length);
        Assert.IsType<ErrorRecord>(merged[2]);
    }

    [Fact]
    public void Writes_the_error_of_a_refused_input_in_its_place()
    {
        string[] ids = Seed(2);
        _account.Server.FaultSource = (_, _) => new DelayFault(100);
        object[] merged = [.. _account.Run("$ids[0], 'a*b', $ids[1] | Get-AuthressServiceClient -ThrottleLimit 4 2>&1").Output.Select(o => o.BaseObject)];
        Assert.Equal("a*b", Assert.IsType<ErrorRecord>(merged[1]).TargetObject);
        Assert.Equal(ids, new[] { merged[0].ToString(), merged[2].ToString() });
    }

    [Theory]
    [InlineData("'B'", "'C'", "C")]
    [InlineData("'B'", "$before", null)]
    public void An_object_edited_again_during_its_first_update_has_both_edits(string first, string second, string? last)
    {
        string id = Seed(1)[0];
        string? before = _account.Server.FindClient(id)!.Name;
        _account.Server.FaultSource = (_, _) => new DelayFault(50);
        _account.Run($"$client = Get-AuthressServiceClient {id}; $before = $client.Name; & {{ $client.Name = {first}; $client; $client.Name = {second}; $client }} | Set-AuthressServiceClient -ThrottleLimit 4").Ok();
        Assert.Equal(last ?? before, _account.Server.FindClient(id)!.Name);
    }

    [Fact]
    public void Requests_on_one_client_keep_their_order_and_never_overlap()
    {
        string[] ids = Seed(3);
        DelayAtRandom();
        PSObject[] rows = [.. Enumerable.Range(1, 60).Select(number => new PSObject(new { ClientId = ids[number % 3], Name = $"name-{number}" }))];
        _account.Shell.Set("rows", rows);
        _account.Server.ClearRequests();
        _account.Run("$rows | Set-AuthressServiceClient -ThrottleLimit 16").Ok();
        foreach (IGrouping<string, RequestRecord> client in _account.Server.Requests.GroupBy(request => request.Target))
        {
            RequestRecord[] requests = [.. client.OrderBy(request => request.Sequence)];
            Assert.All(requests.Zip(requests.Skip(1)), pair => Assert.True(pair.First.RespondedAt <= pair.Second.ReceivedAt));
        }

        for (int number = 58; number <= 60; number++)
            Assert.Equal($"name-{number}", _account.Fetch(ids[number % 3]).Properties["Name"].Value);
    }

    [Fact]
    public void Starts_no_more_than_the_window_before_the_first_response()
    {
        string[] ids = Seed(500);
        _account.Server.FaultSource = (_, path) => path.EndsWith(ids[0], StringComparison.Ordinal) ? new DelayFault(1_500) : null;
        _account.Server.ClearRequests();
        _account.Run("$ids | Get-AuthressServiceClient -ThrottleLimit 4").Ok();
        DateTimeOffset first = _account.Server.Requests.Single(request => request.Target.EndsWith(ids[0], StringComparison.Ordinal)).RespondedAt!.Value;
        Assert.Equal(32, _account.Server.Requests.Count(request => request.ReceivedAt < first));
    }

    [Fact]
    public void Starts_no_more_than_the_window_while_a_slow_consumer_works()
    {
        Seed(500);
        _account.Server.ClearRequests();

        // The consumer reads the number of requests when it receives the first object.
        _account.Shell.Set("server", _account.Server);
        int begun = (int)_account.Run("$seen = $null; do { $ids | Get-AuthressServiceClient -ThrottleLimit 16 | ForEach-Object { $seen = $server.Requests.Count; break } } while ($false); $seen").Ok().Single.BaseObject;
        Assert.InRange(begun, 1, 64);
    }

    [Theory]
    [InlineData("$ErrorActionPreference = 'Stop'; $ids | Get-AuthressServiceClient", 1)]
    [InlineData("$ids | Get-AuthressServiceClient -ErrorAction Stop", 1)]
    [InlineData("$ids | Get-AuthressServiceClient -ErrorAction Stop -ThrottleLimit 8", 8)]
    [InlineData("$ids | Get-AuthressServiceClient", 5)]
    [InlineData("$ids | Get-AuthressAccessKey", 5)]
    [InlineData("$ids | Set-AuthressServiceClient -Name n", 5)]
    [InlineData("$ids | Set-AuthressServiceClient -Name n -Confirm", 1)]
    [InlineData("$ids | Set-AuthressServiceClient -Name n -Confirm -ThrottleLimit 8", 1)]
    [InlineData("$ConfirmPreference = 'Medium'; $ids | Set-AuthressServiceClient -Name n", 1)]
    [InlineData("$ids | New-AuthressAccessKey", 1)]
    [InlineData("$ids | New-AuthressAccessKey -ThrottleLimit 3", 3)]
    [InlineData("$ids | Remove-AuthressServiceClient", 1)]
    [InlineData("$ids | Remove-AuthressServiceClient -ThrottleLimit 8", 1)]
    [InlineData("$ids | Remove-AuthressServiceClient -Confirm:$false", 5)]
    [InlineData("$ConfirmPreference = 'None'; $ids | Remove-AuthressServiceClient", 5)]
    [InlineData("Get-AuthressServiceClient $ids", 5)]
    [InlineData("Get-AuthressServiceClient $ids -First 20", 1)]
    [InlineData("Write-Output $ids -PipelineVariable c | Get-AuthressAccessKey", 1)]
    [InlineData("Write-Output $ids -pv c | Get-AuthressServiceClient -ThrottleLimit 8 | Select-Object Name", 1)]
    [InlineData("Write-Output $ids -Pip c | Where-Object { $_ } | Set-AuthressServiceClient -Name n", 1)]
    [InlineData("$common = @{ pv = 'c' }; Write-Output $ids @common | New-AuthressAccessKey -ThrottleLimit 8", 1)]
    [InlineData("$PSDefaultParameterValues = @{ 'Write-Output:PipelineVariable' = 'c' }; Write-Output $ids | Remove-AuthressServiceClient -Confirm:$false", 1)]
    [InlineData("Write-Output $ids -pv c | Get-ByProxy | Select-Object Name", 1)]
    [InlineData("Write-Output $ids | Get-ByProxy | Select-Object Name", 8)]
    [InlineData("$ids | Get-AuthressServiceClient -pv mine | Where-Object { $mine } -pv later | Select-Object Name", 5)]
    public void Keeps_as_many_requests_in_flight_as_the_throttle_allows(string script, int throttle)
    {
        Seed(40);
        _account.Shell.Answer = "Yes";
        _account.Server.FaultSource = (_, _) => new DelayFault(20);
        _account.Server.ClearRequests();
        _account.Run($"{Proxy} & {{ {script} }}").Ok();
        Assert.Equal(throttle, _account.Server.Requests.Max(request => request.InFlight));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 0)]
    public void Writes_a_result_before_a_slow_input_is_read_where_only_one_request_is_in_flight(int throttle, int written)
    {
        // PowerShell runs the producer on the thread that would write, so with more in flight the result waits for it.
        Seed(2);
        _account.Server.FaultSource = (_, _) => new DelayFault(500);
        _account.Shell.Set("server", _account.Server);
        ShellResult result = _account.Run($$"""
            $seen = [System.Collections.Generic.List[object]]::new()
            $null = & {
                $ids[0]
                while (-not ($server.Requests.Count -and $server.Requests[0].RespondedAt)) { Start-Sleep -Milliseconds 10 }
                $script:written = $seen.Count
                $ids[1]
            } | Get-AuthressServiceClient -ThrottleLimit {{throttle}} | ForEach-Object { $seen.Add($_) }
            $written
            $seen.Count
            """).Ok();
        Assert.Equal([written, 2], result.Output.Select(count => count.BaseObject));
    }

    [Theory]
    [InlineData("Get-AuthressAccessKey")]
    [InlineData("Get-AuthressServiceClient")]
    [InlineData("Set-AuthressServiceClient -Tag a=b -PassThru -ThrottleLimit 8")]
    [InlineData("New-AuthressAccessKey -ThrottleLimit 8")]
    [InlineData("Get-AuthressServiceClient | Get-AuthressAccessKey -ThrottleLimit 8")]
    public void Writes_each_result_while_the_variable_of_an_earlier_command_holds_its_input(string cmdlet)
    {
        string[] ids = Seed(12);
        foreach (string id in ids)
            _account.Server.IssueAccessKey(id);
        DelayAtRandom();
        IReadOnlyList<PSObject> pairs = _account.Run($"Get-AuthressServiceClient $ids -PipelineVariable c | {cmdlet} | ForEach-Object {{ [pscustomobject]@{{ Of = $c.ClientId; Is = $_.ClientId }} }}").Ok().Output;
        Assert.Equal(ids.Length, pairs.Count);
        Assert.All(pairs, pair => Assert.Equal(pair.Properties["Is"].Value, pair.Properties["Of"].Value));
    }

    [Theory]
    [InlineData("$ids | Set-AuthressServiceClient -Name n -ThrottleLimit 16 -WhatIf")]
    [InlineData("$ids | Remove-AuthressServiceClient -ThrottleLimit 16 -WhatIf")]
    [InlineData("$ids | New-AuthressAccessKey -ThrottleLimit 16 -WhatIf")]
    [InlineData("1..50 | ForEach-Object { [pscustomobject]@{ Name = $_ } } | New-AuthressServiceClient -ThrottleLimit 16 -WhatIf")]
    public void Sends_nothing_under_WhatIf(string script)
    {
        Seed(50);
        _account.Server.ClearRequests();
        _account.Run(script).Ok();
        Assert.Empty(_account.Server.Requests);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(257)]
    public void Refuses_a_throttle_out_of_range(int throttle)
    {
        Seed(1);
        _account.Server.ClearRequests();
        Assert.Equal("ParameterArgumentValidationError", _account.Run($"Get-AuthressServiceClient $ids -ThrottleLimit {throttle}").ErrorId);
        Assert.Empty(_account.Server.Requests);
    }

    [Fact]
    public void Accepts_deserialized_objects()
    {
        string[] ids = Seed(20);
        _account.Shell.Set("copies", ids.Select(id => Shell.Deserialized(_account.Fetch(id))).ToArray());
        _account.Run("$copies | ForEach-Object { $_.Name = 'edited'; $_ } | Set-AuthressServiceClient -ThrottleLimit 16").Ok();
        Assert.All(ids, id => Assert.Equal("edited", _account.Fetch(id).Properties["Name"].Value));
        _account.Run("$copies | Remove-AuthressServiceClient -ThrottleLimit 16 -Confirm:$false").Ok();
        Assert.All(ids, id => Assert.Null(_account.Server.FindClient(id)));
    }

    [Fact]
    public void Shows_progress_after_two_seconds_and_removes_it_at_the_end()
    {
        Seed(40);
        Assert.DoesNotContain("PROGRESS", _account.Run("Get-AuthressServiceClient $ids").Ok().HostText, StringComparison.Ordinal);
        _account.Server.FaultSource = (_, _) => new DelayFault(120);
        string[] shown = [.. _account.Run("Get-AuthressServiceClient $ids -ThrottleLimit 2").Ok().HostText.Split('\n').Where(line => line.StartsWith("PROGRESS", StringComparison.Ordinal))];

        // 40 responses of 120 ms, two at a time, take 2.4 seconds: progress is due in the last part alone.
        Assert.InRange(shown.Length, 2, 20);
        Assert.Contains(" of 40, ", shown[0], StringComparison.Ordinal);
    }

    private string[] Seed(int count)
    {
        string[] ids = [.. _account.Server.SeedClients(count)];
        _account.Shell.Set("ids", ids);
        _account.Server.ClearRequests();
        return ids;
    }

    // Seeded, so that a failure can be seen again.
    private void DelayAtRandom()
    {
        Random random = new(20260101);
        _account.Server.FaultSource = (_, _) =>
        {
            lock (random)
                return new DelayFault(random.Next(0, 25));
        };
    }
}
