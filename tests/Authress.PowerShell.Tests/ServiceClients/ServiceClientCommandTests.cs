using System.Management.Automation;
using Authress.Emulator.ServiceClients;
using Authress.PowerShell.Tests.Hosting;

namespace Authress.PowerShell.Tests.ServiceClients;

public sealed class ServiceClientCommandTests : IAsyncLifetime
{
    private readonly Account _account = new();

    public ValueTask InitializeAsync() => _account.InitializeAsync();

    public ValueTask DisposeAsync() => _account.DisposeAsync();

    [Fact]
    public void Creates_a_client_with_every_field()
    {
        PSObject created = _account.Run(
            "New-AuthressServiceClient -Name demo -Tag @{env='test'} -GrantUserPermissionsAccess $true -GrantTokenGeneration $false -RateLimit PT1H:1000").Ok().Single;
        ServiceClientSnapshot stored = _account.Server.FindClient(Id(created))!;
        Assert.Equal("demo", stored.Name);
        Assert.Equal("test", stored.Tags["env"]);
        Assert.True(stored.GrantUserPermissionsAccess);
        Assert.False(stored.GrantTokenGeneration);
        Assert.Equal(("PT1H", 1000), (stored.RateLimits[0].Duration, stored.RateLimits[0].Quota));
        Assert.Equal("PT1H:1000", created.Properties["RateLimit"].Value.ToString());
        Assert.Equal("env=test", created.Properties["Tag"].Value.ToString());
    }

    [Fact]
    public void Warns_when_a_new_client_is_allowed_to_create_tokens_for_any_user()
    {
        Assert.Single(_account.Run("New-AuthressServiceClient demo -GrantTokenGeneration $true").Ok().Warnings);
        Assert.Empty(_account.Run("New-AuthressServiceClient demo -GrantTokenGeneration $false").Ok().Warnings);
    }

    [Fact]
    public void WarningAction_Stop_prevents_the_change()
    {
        _account.Server.ClearRequests();
        _account.Run("New-AuthressServiceClient demo -GrantTokenGeneration $true -WarningAction Stop");
        Assert.Empty(_account.Changes);
        Assert.Single(_account.Run("New-AuthressServiceClient demo -GrantTokenGeneration $true -WhatIf").Warnings);
    }

    [Fact]
    public void Does_not_prompt_if_nothing_would_change()
    {
        string id = _account.Seed("""{"name":"same"}""");
        Assert.Empty(_account.Run($"Set-AuthressServiceClient {id} -WhatIf").Ok().HostText);
        Assert.Equal(["same"], _account.Run($"Get-AuthressServiceClient {id} | Set-AuthressServiceClient -PassThru -Confirm:$false").Ok().Get("Name"));
    }

    [Fact]
    public void Refuses_a_wildcard_as_an_id_and_recommends_Name()
    {
        _account.Server.ClearRequests();
        ShellResult result = _account.Run("Get-AuthressServiceClient 'bill*'");
        Assert.Equal("WildcardInClientId", result.ErrorId);
        Assert.Contains("-Name", result.Errors[0].ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Assert.Empty(_account.Server.Requests);
    }

    [Fact]
    public void The_error_of_a_404_has_both_meanings_and_the_permission()
    {
        ErrorRecord error = Assert.Single(_account.Run("Get-AuthressServiceClient sc_K1KDICcE16lon6UyMltRirB").Errors);
        Assert.Equal("NotFound,Authress.PowerShell.ServiceClients.GetAuthressServiceClientCommand", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.ObjectNotFound, error.CategoryInfo.Category);
        Assert.Equal("sc_K1KDICcE16lon6UyMltRirB", error.TargetObject);
        Assert.Contains("does not exist, or", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("READ: Authress:ServiceClients/sc_K1KDICcE16lon6UyMltRirB", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void Continues_after_an_id_that_does_not_exist()
    {
        string there = _account.Seed();
        ShellResult result = _account.Run($"'nope', '{there}' | Get-AuthressServiceClient");
        Assert.Equal("NotFound", result.ErrorId);
        Assert.Equal(there, Id(result.Single));
        Assert.False(result.Terminated);
    }

    [Fact]
    public void Undoes_a_change_made_with_the_same_object()
    {
        string id = _account.Seed("""{"name":"before"}""");
        _account.Run($"$c = Get-AuthressServiceClient {id}; $c.GrantTokenGeneration = $true; $c.Name = 'b'; $c | Set-AuthressServiceClient").Ok();
        _account.Run("$c.GrantTokenGeneration = $false; $c.Name = 'c'; $c | Set-AuthressServiceClient").Ok();
        Assert.False(_account.Server.FindClient(id)!.GrantTokenGeneration);
        Assert.Equal("c", _account.Server.FindClient(id)!.Name);
    }

    [Fact]
    public void Names_an_edited_client_by_its_present_name()
    {
        string id = _account.Seed("""{"name":"before"}""");
        string text = _account.Run($"$c = Get-AuthressServiceClient {id}; $c.Name = 'after'; $c | Set-AuthressServiceClient -WhatIf").Ok().HostText;
        Assert.Contains($"'before' ({id})", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Set-AuthressServiceClient {0} -Name same", true)]
    [InlineData("Get-AuthressServiceClient {0} | Set-AuthressServiceClient -Tag a=b", true)]
    [InlineData("Get-AuthressServiceClient {0} | Set-AuthressServiceClient", true)]
    [InlineData("Set-AuthressServiceClient {0} -Name same -PassThru", true)]
    [InlineData("Set-AuthressServiceClient {0} -Name other", false)]
    public void Sends_no_change_that_changes_nothing_and_reports_it(string script, bool isAsWanted)
    {
        string id = _account.Seed("""{ "name": "same", "tags": { "a": "b" } }""");
        _account.Server.ClearRequests();
        ShellResult result = _account.Run(string.Format(System.Globalization.CultureInfo.InvariantCulture, script, id) + " -Verbose").Ok();
        Assert.Equal(isAsWanted, _account.Changes.Count == 0);
        Assert.Equal(isAsWanted, result.Verbose[^1].Contains($"'same' ({id}) already has these values", StringComparison.Ordinal)
            || result.Verbose[^1].Contains($"'{id}' already has these values", StringComparison.Ordinal));
        Assert.Equal(isAsWanted, !result.Verbose.Any(line => line.Contains("change", StringComparison.OrdinalIgnoreCase)));
    }

    [Fact]
    public void Prompts_before_it_removes_and_names_the_client()
    {
        string id = _account.Seed("""{"name":"billing"}""");
        _account.Shell.Answer = "No";
        string question = Assert.Single(_account.Run($"Get-AuthressServiceClient {id} | Remove-AuthressServiceClient").Ok().Questions);
        Assert.Contains($"'billing' ({id})", question, StringComparison.Ordinal);
        Assert.NotNull(_account.Server.FindClient(id));
        _account.Shell.Answer = "Yes";
        _account.Run($"Remove-AuthressServiceClient {id}").Ok();
        Assert.Null(_account.Server.FindClient(id));
    }

    [Fact]
    public void Prompts_even_with_Force()
    {
        string id = _account.Seed();
        _account.Shell.Answer = "No";
        Assert.Single(_account.Run($"Remove-AuthressServiceClient {id} -Force").Ok().Questions);
        Assert.NotNull(_account.Server.FindClient(id));
    }

    [Fact]
    public void Does_not_remove_the_client_that_it_is_connected_as()
    {
        string own = _account.Server.AdminClientId;
        Assert.Equal("OwnServiceClient", _account.Run($"Remove-AuthressServiceClient {own} -Confirm:$false").ErrorId);
        Assert.NotNull(_account.Server.FindClient(own));
        _account.Run($"Remove-AuthressServiceClient {own} -Confirm:$false -Force").Ok();
        Assert.Null(_account.Server.FindClient(own));
    }

    private static string Id(PSObject client) => (string)client.Properties["ClientId"].Value;
}
