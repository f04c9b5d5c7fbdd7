using System.Management.Automation;
using Authress.Emulator;
using Authress.Emulator.Faults;
using Authress.PowerShell.Tests.Hosting;

namespace Authress.PowerShell.Tests.Listing;

public sealed class ListingTests(SharedAccount shared) : IClassFixture<SharedAccount>, IAsyncLifetime
{
    private readonly Account _account = shared.Account;

    public async ValueTask InitializeAsync() => await _account.Server.ResetAsync(TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private IReadOnlyList<string> Targets => [.. _account.Server.Requests.Select(request => request.Target)];

    [Theory]
    [InlineData("client-1", "client-1")]
    [InlineData("client-?", "client-1 client-2 client-3")]
    [InlineData("CLIENT-[12]", "client-1 client-2")]
    [InlineData("*-2", "client-2")]
    [InlineData("*-2, client-1", "client-1 client-2")]
    [InlineData("client-1, client-*", "client-1 client-2 client-3")]
    [InlineData("client", "")]
    [InlineData("*", "Emulator administrator client-1 client-2 client-3 ")]
    [InlineData("`*", "")]
    [InlineData("CLIENT-1", "client-1", "tr-TR")]
    [InlineData("client-1", "client-1", "az-Latn-AZ")]
    public void Finds_clients_by_name(string patterns, string expected, string culture = "en-US")
    {
        _account.Server.SeedClients(3);
        _account.Seed();
        string names = string.Join(',', patterns.Split(", ").Select(pattern => $"'{pattern}'"));

        // Turkish has an i of its own.
        ShellResult result = _account.Run($"$before = [cultureinfo]::CurrentCulture; try {{ [cultureinfo]::CurrentCulture = '{culture}'; Get-AuthressServiceClient -Name {names} }} finally {{ [cultureinfo]::CurrentCulture = $before }}").Ok();
        Assert.Equal(expected, string.Join(' ', result.Get("Name")));
    }

    [Theory]
    [InlineData("@{ env = 'prod' }", "a b")]
    [InlineData("'env=prod'", "a b")]
    [InlineData("'env=p*'", "a b d")]
    [InlineData("'env=prod;team=x'", "a")]
    [InlineData("@{ team = '*' }", "a")]
    [InlineData("@{ env = 'PROD' }", "")]
    [InlineData("@{ Env = 'prod' }", "")]
    [InlineData("@{ env = '' }", "")]
    [InlineData("critical=true", "a")]
    [InlineData("@{ critical = $true }", "a")]
    public void Finds_clients_by_tag(string tag, string expected)
    {
        _account.Seed("""{"name":"a","tags":{"env":"prod","team":"x","critical":"true"}}""");
        _account.Seed("""{"name":"b","tags":{"env":"prod"}}""");
        _account.Seed("""{"name":"c","tags":{"env":"test"}}""");
        _account.Seed("""{"name":"d","tags":{"env":"pilot"}}""");
        Assert.Equal(expected, string.Join(' ', _account.Run($"Get-AuthressServiceClient -Tag {tag}").Ok().Get("Name")));
    }

    [Theory]
    [InlineData("-Name '[prod] o''brien'", "-Name '`[prod`] o''brien'", "[prod] o'brien")]
    [InlineData("-Name '[PROD] O''BRIEN', z*", "-Name '`[PROD`] O''BRIEN'", "[prod] o'brien")]
    [InlineData("-Tag 'env=[prod]'", "-Tag 'env=`[prod`]'", "[prod] o'brien")]
    [InlineData("-Name '[x] nobody'", null, null)]
    [InlineData("-Name '`[prod`] o''brien'", null, "[prod] o'brien")]
    [InlineData("-Name '*'", null, null)]
    public void Warns_of_a_pattern_that_does_not_match_a_client_with_that_literal_text(string filter, string? escaped, string? name)
    {
        _account.Seed("""{"name":"[prod] o'brien","tags":{"env":"[prod]"}}""");
        _account.Seed("""{"name":"[prod] o'brien"}""");
        ShellResult result = _account.Run($"Get-AuthressServiceClient {filter}").Ok();
        if (escaped is null)
        {
            Assert.Empty(result.Warnings);
            return;
        }

        Assert.Contains(escaped, Assert.Single(result.Warnings), StringComparison.Ordinal);
        Assert.Empty(result.Output);
        Assert.All(_account.Run($"Get-AuthressServiceClient {escaped}").Ok().Get("Name"), found => Assert.Equal(name, found));
        Assert.NotEmpty(_account.Run($"Get-AuthressServiceClient {escaped}").Ok().Output);
    }

    [Theory]
    [InlineData("Get-AuthressServiceClient -Tag env=clone | New-AuthressServiceClient")]
    [InlineData("Get-AuthressServiceClient -Tag env=clone -PageSize 5 | New-AuthressServiceClient -ThrottleLimit 1")]
    [InlineData("Get-AuthressServiceClient -Tag env=clone | ForEach-Object { New-AuthressServiceClient -Name $_.Name -Tag $_.Tag }")]
    [InlineData("Get-AuthressServiceClient -Tag env=clone | ForEach-Object { Invoke-AuthressRequest v1/clients POST @{ name = $_.Name; tags = @{ env = 'clone' } } }")]
    [InlineData("foreach ($c in Get-AuthressServiceClient -Tag env=clone) { $c | New-AuthressServiceClient }")]
    public void Lists_no_client_that_the_pipeline_creates_meanwhile(string script)
    {
        for (int i = 0; i < 45; i++)
            _account.Seed("""{"name":"c","tags":{"env":"clone"}}""");
        _account.Run(script).Ok();
        Assert.Equal(90, _account.Run("Get-AuthressServiceClient -Tag env=clone").Ok().Output.Count);
    }

    [Fact]
    public void A_name_and_a_tag_must_both_match()
    {
        _account.Seed("""{"name":"a1","tags":{"env":"prod"}}""");
        _account.Seed("""{"name":"a2","tags":{"env":"test"}}""");
        _account.Seed("""{"name":"b1","tags":{"env":"prod"}}""");
        Assert.Equal(["a1"], _account.Run("Get-AuthressServiceClient -Name a* -Tag env=prod").Ok().Get("Name"));
    }

    [Theory]
    [InlineData("-Tag @{}")]
    [InlineData("-Tag ''")]
    [InlineData("-Tag $null")]
    [InlineData("-Name ''")]
    [InlineData("-Name $null")]
    [InlineData("-Name a, ''")]
    [InlineData("-Cursor ''")]
    [InlineData("-Cursor $null")]
    [InlineData("-NextCursorVariable ''")]
    [InlineData("-PageSize 0")]
    [InlineData("-PageSize 21")]
    [InlineData("-PageSize -1")]
    public void Refuses_an_empty_filter_and_a_page_size_out_of_range(string arguments)
    {
        ShellResult result = _account.Run($"Get-AuthressServiceClient {arguments}");
        Assert.Equal("ParameterArgumentValidationError", result.ErrorId);
        Assert.Empty(result.Output);
        Assert.Empty(_account.Server.Requests);
    }

    [Theory]
    [InlineData("Limit")]
    [InlineData("Top")]
    [InlineData("Take")]
    [InlineData("Max")]
    [InlineData("MaxResults")]
    [InlineData("Count")]
    [InlineData("Number")]
    [InlineData("Last")]
    [InlineData("Results")]
    [InlineData("Size")]
    [InlineData("Id")]
    [InlineData("Filter")]
    [InlineData("Search")]
    [InlineData("Where")]
    public void Accepts_no_other_name_for_a_bound_or_a_filter(string name)
    {
        // Piped on to Remove, a list that is longer than it reads would delete too much.
        Assert.Equal("NamedParameterNotFound", _account.Run($"Get-AuthressServiceClient -{name} 1").ErrorId);
        Assert.Equal("NamedParameterNotFound", _account.Run($"Get-AuthressAccessKey sc_x -{name} 1").ErrorId);
        Assert.Empty(_account.Server.Requests);
    }

    [Fact]
    public void Refuses_First_together_with_NextCursorVariable()
    {
        Assert.Equal("FirstWithNextCursor", _account.Run("Get-AuthressServiceClient -First 5 -NextCursorVariable next").ErrorId);
        Assert.Empty(_account.Server.Requests);
    }

    [Theory]
    [InlineData("-First 3", "1 2 3", 1)]
    [InlineData("-First 10", "1 2 3 4 5 6 7 8 9 10", 1)]
    [InlineData("-First 11", "1 2 3 4 5 6 7 8 9 10 11", 2)]
    [InlineData("-First 0", "", 0)]
    [InlineData("-Skip 40", "41 42 43 44 45", 5)]
    [InlineData("-Skip 45", "", 5)]
    [InlineData("-Skip 100", "", 5)]
    [InlineData("-Skip 9 -First 2", "10 11", 2)]
    [InlineData("-Skip 43 -First 10", "44 45", 5)]
    [InlineData("-First 1000", null, 5)]
    public void Skips_and_takes(string arguments, string? expected, int requests)
    {
        Seed45();
        ShellResult result = _account.Run($"Get-AuthressServiceClient -PageSize 10 {arguments}").Ok();
        Assert.Equal(expected ?? string.Join(' ', Enumerable.Range(1, 45)), Numbers(result));
        Assert.Equal(requests, Targets.Count);
    }

    [Theory]
    [InlineData("-First 2", "5 15")]
    [InlineData("-Skip 3", "35 45")]
    [InlineData("-Skip 1 -First 3", "15 25 35")]
    public void Counts_what_it_skips_and_takes_after_the_filters(string arguments, string expected)
    {
        Seed45();
        Assert.Equal(expected, Numbers(_account.Run($"Get-AuthressServiceClient -Name client-*5 {arguments}").Ok()));
    }

    [Theory]
    [InlineData("Get-AuthressServiceClient {0}, gone -First 1", 1)]
    [InlineData("'{0}', 'gone' | Get-AuthressServiceClient -First 1", 1)]
    [InlineData("'{0}', '{0}', '{0}' | Get-AuthressServiceClient -Skip 1 -First 1", 2)]
    [InlineData("Get-AuthressServiceClient {0} -First 0", 0)]
    public void Skips_and_takes_among_ids_too(string script, int requests)
    {
        ShellResult result = _account.Run(string.Format(System.Globalization.CultureInfo.InvariantCulture, script, _account.Server.AdminClientId)).Ok();
        Assert.Equal(Math.Min(requests, 1), result.Output.Count);
        Assert.Equal(requests, Targets.Count);
    }

    [Fact]
    public void Reports_the_total_count_as_unknown_before_the_objects()
    {
        _account.Server.SeedClients(3);
        ShellResult result = _account.Run("Get-AuthressServiceClient -IncludeTotalCount -Name client-*").Ok();
        Assert.Equal(4, result.Output.Count);
        Assert.Equal(0UL, result.Output[0].BaseObject);
        Assert.Equal(0.0, result.Output[0].Properties["Accuracy"].Value);
        Assert.StartsWith("Unknown", _account.Run("Get-AuthressServiceClient -IncludeTotalCount -First 0 | ForEach-Object ToString").Ok().Single.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-PageSize 1", "limit=1")]
    [InlineData("-PageSize 20", "limit=20")]
    [InlineData("-PageSize 7", "limit=7")]
    public void Requests_pages_of_the_given_size(string arguments, string query)
    {
        Seed45();
        Assert.Equal(45, _account.Run($"Get-AuthressServiceClient {arguments}").Ok().Output.Count);
        Assert.All(Targets, target => Assert.Contains(query, target.Split('?', '&')));
        Assert.Equal((int)Math.Ceiling(45.0 / int.Parse(query[6..], System.Globalization.CultureInfo.InvariantCulture)), Targets.Count);
    }

    [Fact]
    public void A_script_reads_page_after_page_to_the_end()
    {
        Seed45();
        ShellResult result = _account.Run("""
            function Read-All {
                $next = 'unset'
                $arguments = @{}
                do {
                    $page = @(Get-AuthressServiceClient -PageSize 10 -NoAutoPaging -NextCursorVariable next @arguments)
                    "$($page.Count):$($page[0].Name)"
                    $arguments = @{ Cursor = $next }
                } while ($next)
                "null: $($null -eq $next)"
            }
            $next = 'outside'
            Read-All
            "next: $next"
            """).Ok();
        Assert.Equal(["10:client-1", "10:client-11", "10:client-21", "10:client-31", "5:client-41", "null: True", "next: outside"], result.Output.Select(line => line.ToString()));
        Assert.Equal(5, Targets.Count);
    }

    [Theory]
    [InlineData("next")]
    [InlineData("script:next")]
    [InlineData("global:next")]
    public void Sets_the_cursor_in_the_scope_that_is_named(string variable)
    {
        Seed45();
        _account.Run($"$global:next = $null; & {{ Get-AuthressServiceClient -NoAutoPaging -NextCursorVariable {variable}; if ('{variable}' -eq 'next') {{ $global:next = $next }} }}").Ok();
        Assert.NotNull(_account.Run("$global:next").Ok().Single);
    }

    [Fact]
    public void Sets_the_cursor_before_it_writes_the_page()
    {
        Seed45();
        ShellResult result = _account.Run("$next = $null; do { Get-AuthressServiceClient -PageSize 10 -NextCursorVariable next | ForEach-Object { $_.Name; break } } while ($false)");
        Assert.Equal("client-1", result.Single.ToString());
        Assert.Single(Targets);
        Assert.Equal("11 12 13 14 15 16 17 18 19 20", Numbers(_account.Run("Get-AuthressServiceClient -PageSize 10 -NoAutoPaging -Cursor $next").Ok()));
    }

    [Fact]
    public void Reads_from_a_cursor_to_the_end()
    {
        Seed45();
        string[] all = [.. _account.Run("Get-AuthressServiceClient -PageSize 20 -NoAutoPaging -NextCursorVariable next; Get-AuthressServiceClient -Cursor $next").Ok().Get("Name").Cast<string>()];
        Assert.Equal(Enumerable.Range(1, 45).Select(number => $"client-{number}"), all);
        Assert.Equal(3, Targets.Count);
    }

    [Fact]
    public void Reports_a_cursor_that_the_server_refuses()
    {
        ShellResult result = _account.Run("Get-AuthressServiceClient -Cursor bad");
        Assert.Equal("InvalidRequest", result.ErrorId);
        Assert.Empty(result.Output);
    }

    [Theory]
    [InlineData("Get-AuthressServiceClient -Name client-* | Remove-AuthressServiceClient")]
    [InlineData("Get-AuthressServiceClient -Name client-* -PageSize 3 | Remove-AuthressServiceClient")]
    [InlineData("Get-AuthressServiceClient -Name client-* | ForEach-Object { Remove-AuthressServiceClient $_ }")]
    public void Removes_all_that_it_lists_and_no_other(string script)
    {
        string[] kept = [_account.Server.AdminClientId, _account.Seed("""{"name":"first"}""")];
        IReadOnlyList<string> gone = _account.Server.SeedClients(100);
        kept = [.. kept, _account.Seed("""{"name":"last"}"""), _account.Seed()];
        _account.Run(script).Ok();
        Assert.Equal(kept, _account.Server.Clients.Select(client => client.ClientId));
        Assert.Equal(gone.Order(), _account.Changes.Select(request => request.Target.Split('/')[^1]).Order());
    }

    [Theory]
    [InlineData("do { Get-AuthressServiceClient -PageSize 10 | ForEach-Object { if (++$global:n -eq 2) { break } } } while ($false)", 1, 0)]
    [InlineData("do { Get-AuthressServiceClient -PageSize 10 | ForEach-Object { if (++$global:n -eq 12) { break } } } while ($false)", 2, 1)]
    [InlineData("try { Get-AuthressServiceClient -PageSize 10 | ForEach-Object { throw 'enough' } } catch { }", 1, 0)]
    [InlineData("Get-AuthressServiceClient -PageSize 10 -First 25", 3, 0)]
    public void Requests_at_most_one_more_page_after_the_consumer_stopped(string script, int requests, int ahead)
    {
        Seed45();
        _account.Run("$global:n = 0; " + script);
        Assert.InRange(Targets.Count, requests, requests + ahead);
    }

    [Fact]
    public void Requests_a_page_only_when_it_is_needed()
    {
        Seed45();
        ShellResult result = _account.Run("Get-AuthressServiceClient -PageSize 10 | ForEach-Object { Invoke-AuthressRequest v1/clients/mark | Out-Null }");
        Assert.Equal(45, result.Errors.Count);
        int second = Targets.ToList().FindIndex(1, target => target.StartsWith("/v1/clients?", StringComparison.Ordinal));
        Assert.Equal(11, second);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-Skip 0")]
    public void Returns_the_pages_before_a_repeated_cursor_and_an_error(string arguments)
    {
        Seed45();
        _account.Server.AddFault("GET", "/v1/clients", new RepeatCursorFault(), times: 0);
        ShellResult result = _account.Run($"Get-AuthressServiceClient -PageSize 10 -NextCursorVariable next {arguments}");
        Assert.Equal("CursorRepeated", result.ErrorId);
        Assert.Equal(ErrorCategory.InvalidResult, result.Errors[0].CategoryInfo.Category);
        Assert.Equal(string.Join(' ', Enumerable.Range(1, 20)), Numbers(result));
        Assert.Equal(2, Targets.Count);
        Assert.Null(_account.Run("$next").Ok().Output.SingleOrDefault());
    }

    [Fact]
    public void A_loop_over_pages_ends_at_a_repeated_cursor()
    {
        Seed45();
        _account.Server.AddFault("GET", "/v1/clients", new RepeatCursorFault(), times: 0);
        ShellResult result = _account.Run("""
            $arguments = @{}; $rounds = 0
            do {
                Get-AuthressServiceClient -PageSize 10 -NoAutoPaging -NextCursorVariable next @arguments
                $arguments = @{ Cursor = $next }
            } while ($next -and ++$rounds -lt 9)
            """);
        Assert.Equal("CursorRepeated", result.ErrorId);
        Assert.Equal(string.Join(' ', Enumerable.Range(1, 20)), Numbers(result));
    }

    [Fact]
    public void Does_not_report_a_repeated_cursor_after_the_last_requested_object()
    {
        Seed45();
        _account.Server.AddFault("GET", "/v1/clients", new RepeatCursorFault(), times: 0);
        Assert.Equal(15, _account.Run("Get-AuthressServiceClient -PageSize 10 -First 15").Ok().Output.Count);
    }

    [Fact]
    public void A_failed_page_is_an_error_after_the_pages_before_it_and_can_be_requested_again()
    {
        Seed45();
        _account.Server.AddFault("GET", "/v1/clients", new StatusFault(403), times: 1, skip: 2);
        ShellResult result = _account.Run("Get-AuthressServiceClient -PageSize 10 -NextCursorVariable next");
        Assert.Equal("PermissionDenied", result.ErrorId);
        Assert.False(result.Terminated);
        Assert.Equal(string.Join(' ', Enumerable.Range(1, 20)), Numbers(result));
        Assert.Equal(string.Join(' ', Enumerable.Range(21, 25)), Numbers(_account.Run("Get-AuthressServiceClient -Cursor $next").Ok()));
    }

    [Fact]
    public void A_page_that_is_not_a_list_is_an_error_after_the_pages_before_it()
    {
        Seed45();
        _account.Server.AddFault("GET", "/v1/clients", new HtmlFault(), times: 1, skip: 1);
        ShellResult result = _account.Run("Get-AuthressServiceClient -PageSize 10");
        Assert.Equal("InvalidResponse", result.ErrorId);
        Assert.Equal(10, result.Output.Count);
    }

    [Fact]
    public async Task Shows_no_number_of_keys_where_the_list_has_none()
    {
        await using EmulatorServer server = await EmulatorServer.StartAsync(new EmulatorOptions { ListOmitsKeys = true }, TestContext.Current.CancellationToken);
        using Shell shell = new();
        shell.Connect(server.ApiUrl, server.AccessKey);
        Assert.Null(Assert.Single(shell.Run("Get-AuthressServiceClient").Ok().Get("AccessKey")));
        Assert.DoesNotContain("/5", shell.Show("Get-AuthressServiceClient"), StringComparison.Ordinal);
        Assert.Contains("1/5", shell.Show($"Get-AuthressServiceClient {server.AdminClientId}"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(PagingStyle.LinkOnly)]
    [InlineData(PagingStyle.CursorOnly)]
    [InlineData(PagingStyle.CursorAndLink)]
    public async Task Finds_the_next_page_in_every_form_of_the_response(PagingStyle paging)
    {
        await using EmulatorServer server = await EmulatorServer.StartAsync(new EmulatorOptions { Paging = paging }, TestContext.Current.CancellationToken);
        using Shell shell = new();
        shell.Connect(server.ApiUrl, server.AccessKey);
        server.SeedClients(45);
        Assert.Equal(46, shell.Run("Get-AuthressServiceClient").Ok().Get("ClientId").Distinct().Count());
        Assert.Equal(3, server.Requests.Count);
        Assert.Equal(26, shell.Run("Get-AuthressServiceClient -NoAutoPaging -NextCursorVariable next | Out-Null; Get-AuthressServiceClient -Cursor $next").Ok().Output.Count);
    }

    [Theory]
    [InlineData("Get-AuthressServiceClient -ClientId {0} -Name a")]
    [InlineData("Get-AuthressServiceClient -ClientId {0} -Tag a=b")]
    [InlineData("Get-AuthressServiceClient -ClientId {0} -PageSize 5")]
    [InlineData("Get-AuthressServiceClient -ClientId {0} -Cursor x")]
    [InlineData("Get-AuthressServiceClient -ClientId {0} -NoAutoPaging")]
    [InlineData("Get-AuthressServiceClient -ClientId {0} -NextCursorVariable next")]
    public void Refuses_an_id_together_with_a_parameter_of_the_list(string script)
    {
        Assert.Equal("AmbiguousParameterSet", _account.Run(string.Format(System.Globalization.CultureInfo.InvariantCulture, script, _account.Server.AdminClientId)).ErrorId);
        Assert.Empty(_account.Server.Requests);
    }

    // 45 clients in all, the administrator the first of them, so that pages are easy to count.
    private void Seed45()
    {
        _account.Run($"Set-AuthressServiceClient {_account.Server.AdminClientId} -Name client-1").Ok();
        for (int number = 2; number <= 45; number++)
            _account.Seed($$"""{"name":"client-{{number}}"}""");
        _account.Server.ClearRequests();
    }

    private static string Numbers(ShellResult result) => string.Join(' ', result.Get("Name").Select(name => ((string)name!).Replace("client-", string.Empty, StringComparison.Ordinal)));
}
