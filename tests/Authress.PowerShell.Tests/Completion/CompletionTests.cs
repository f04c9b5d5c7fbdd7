using System.Management.Automation;
using Authress.PowerShell.Tests.Hosting;

namespace Authress.PowerShell.Tests.Completion;

public sealed class CompletionTests : IAsyncLifetime
{
    private readonly Account _account = new();
    private string _billing = string.Empty;
    private string _search = string.Empty;

    public async ValueTask InitializeAsync()
    {
        await _account.InitializeAsync();
        _billing = _account.Seed("""{"name":"Nightly billing","tags":{"env":"prod","cost centre":"12"}}""");
        _search = _account.Seed("""{"name":"search","tags":{"env":"test"}}""");
        _account.Server.IssueAccessKey(_billing);
        _account.Server.IssueAccessKey(_billing);
        _account.Run($"Get-AuthressServiceClient {_billing}, {_search}").Ok();
        _account.Server.ClearRequests();
    }

    public ValueTask DisposeAsync() => _account.DisposeAsync();

    [Theory]
    [InlineData("Get-AuthressServiceClient ")]
    [InlineData("Get-AuthressServiceClient -ClientId ")]
    [InlineData("Set-AuthressServiceClient -ClientId ")]
    [InlineData("Remove-AuthressServiceClient ")]
    [InlineData("Get-AuthressAccessKey ")]
    [InlineData("New-AuthressAccessKey ")]
    [InlineData("Remove-AuthressAccessKey ")]
    public void Offers_the_ids_of_cached_clients_with_their_names(string line)
    {
        CompletionResult[] results = Complete(line);
        Assert.Equal(new[] { _billing, _search }.Order(StringComparer.Ordinal), results.Select(r => r.CompletionText));
        Assert.Contains(results, r => r.ListItemText == $"{_billing} (Nightly billing)");
        Assert.Empty(_account.Server.Requests);
    }

    [Theory]
    [InlineData("", "function Get-AuthressConnection { $global:ran = $true }", "Get-AuthressServiceClient -ClientId ")]
    [InlineData("", "Set-Alias Get-AuthressConnection Get-Date; function Get-Variable { $global:ran = $true }", "Get-AuthressServiceClient -ClientId ")]
    [InlineData("-Prefix My", "", "Get-MyAuthressServiceClient -ClientId ")]
    [InlineData("-Cmdlet Connect-Authress, Get-AuthressServiceClient", "", "Get-AuthressServiceClient -ClientId ")]
    [InlineData("", "Set-StrictMode -Version Latest; $ExecutionContext.SessionState.LanguageMode = 'ConstrainedLanguage'", "Get-AuthressServiceClient -ClientId ")]
    public void Completes_without_running_another_command(string import, string define, string line)
    {
        string prefix = import.StartsWith("-Prefix", StringComparison.Ordinal) ? "My" : string.Empty;
        _account.Run($"Remove-Module Authress; Import-Module '{Shell.ModuleManifest}' {import}; $PSModuleAutoLoadingPreference = 'None'").Ok();
        _account.Shell.Set("key", Shell.Secret(_account.Server.AccessKey));
        _account.Run($"Connect-{prefix}Authress {_account.Server.ApiUrl} $key; $null = Get-{prefix}AuthressServiceClient {_billing}; $global:ran = $false; {define}").Ok();
        _account.Run("$production = $null").Ok();
        Assert.Equal([_billing], Texts(line));
        Assert.Empty(Texts(line.Replace("-ClientId", "-Connection", StringComparison.Ordinal)));
        Assert.Equal(false, _account.Run("$global:ran").Ok().Single.BaseObject);
    }

    [Fact]
    public void Finds_an_id_by_a_part_of_the_name() =>
        Assert.Equal([_billing], Texts("Get-AuthressServiceClient bill"));

    [Fact]
    public void Offers_the_keys_of_the_client_that_is_on_the_line()
    {
        // Quoted where it begins with a digit, for PowerShell might read it as a number.
        Assert.Equal(_account.Server.FindClient(_billing)!.Keys.Select(k => char.IsAsciiDigit(k.KeyId[0]) ? $"'{k.KeyId}'" : k.KeyId), Texts($"Remove-AuthressAccessKey {_billing} "));
        Assert.Empty(Complete($"Remove-AuthressAccessKey {_search} -KeyId "));
    }

    [Fact]
    public void Offers_tags_by_key_and_value_with_the_quotes_that_they_need()
    {
        Assert.Equal(["'cost centre='", "env="], Texts("Get-AuthressServiceClient -Tag "));
        Assert.Equal(["env=prod", "env=test"], Texts("Get-AuthressServiceClient -Tag env="));
    }

    [Theory]
    [InlineData("'cost centre=12;", "'cost centre=12;a\\=b=' 'cost centre=12;cost centre=' 'cost centre=12;env='")]
    [InlineData("'cost centre=12;e", "'cost centre=12;env='")]
    [InlineData("'cost centre=12; env=t", "'cost centre=12; env=test'")]
    [InlineData("'a", "'a\\=b='")]
    [InlineData("'a\\=b=", "'a\\=b=x\\;y'")]
    [InlineData("'a\\=b=x\\;y;env=p", "'a\\=b=x\\;y;env=prod'")]
    public void Offers_the_next_tag_of_a_text_in_the_form_that_the_parameter_reads(string typed, string expected)
    {
        _account.Fetch(_account.Seed("""{"tags":{"a=b":"x;y"}}"""));
        string[] texts = [.. Texts("Get-AuthressServiceClient -Tag " + typed)];
        Assert.Equal(expected, string.Join(' ', texts));
        foreach (string text in texts.Where(text => !text.EndsWith("='", StringComparison.Ordinal)))
            _account.Run("Get-AuthressServiceClient -Tag " + text).Ok();
    }

    [Fact]
    public void Offers_names() =>
        Assert.Equal(["'Nightly billing'"], Texts("Get-AuthressServiceClient -name night"));

    [Fact]
    public void Keeps_the_opening_quote() =>
        Assert.Equal([$"\"{_billing}\""], Texts("Get-AuthressServiceClient -ClientId \"Nightly"));

    [Theory]
    [InlineData("New-AuthressAccessKey x -SecretName y -VaultName ")]
    [InlineData("Connect-Authress -SecretName y -VaultName ")]
    [InlineData("Test-AuthressAccessKey -SecretName y -VaultName ")]
    public void Offers_the_vaults_that_are_registered(string line)
    {
        string path = _account.Run("$env:PSModulePath").Single.ToString();
        try
        {
            _account.Run("$env:PSModulePath = ''; Remove-Module Microsoft.PowerShell.SecretManagement -ErrorAction Ignore").Ok();
            Assert.Empty(Complete(line));
            _account.Run($"Import-Module '{StandIns.SecretManagement}'").Ok();
            Assert.Equal(["ops"], Texts(line + "OP"));
            Assert.Contains("without-metadata", Texts(line));
            Assert.Empty(_account.Run("$Error").Ok().Output);
        }
        finally
        {
            _account.Shell.Set("path", path);
            _account.Run("$env:PSModulePath = $path").Ok();
        }
    }

    [Fact]
    public void Offers_what_can_be_cleared() =>
        Assert.Equal(["Name", "RateLimit", "Tag"], Texts("Set-AuthressServiceClient x -Clear ").Order(StringComparer.Ordinal));

    [Fact]
    public void Offers_rate_limits() =>
        Assert.Equal(["PT1H:100", "PT1H:1000", "PT1H:100000", "PT1H:1000000"], Texts("New-AuthressServiceClient -RateLimit PT1H"));

    [Fact]
    public void Offers_the_variables_that_hold_a_connection()
    {
        _account.Run("$production = Get-AuthressConnection; $other = 1").Ok();
        Assert.Equal(["$production"], Texts("Get-AuthressServiceClient -Connection "));
    }

    [Fact]
    public void Offers_nothing_of_one_account_for_another()
    {
        _account.Shell.Set("key", Shell.Secret(_account.Server.AccessKey));
        _account.Run($"Connect-Authress {_account.Server.ApiUrl} $key").Ok();
        Assert.Empty(Complete("Get-AuthressServiceClient -ClientId "));
    }

    [Fact]
    public void Does_not_offer_deleted_clients()
    {
        _account.Run($"Remove-AuthressServiceClient {_search} -Confirm:$false").Ok();
        Assert.Equal([_billing], Texts("Get-AuthressServiceClient -ClientId "));
    }

    [Theory]
    [InlineData("Get-AuthressServiceClient ")]
    [InlineData("Get-AuthressServiceClient -name ")]
    [InlineData("Get-AuthressServiceClient -Tag ")]
    [InlineData("Get-AuthressServiceClient -Tag hostile=")]
    public void Offers_no_control_characters(string line)
    {
        string hostile = _account.Seed("""{"name":"red\u001b[31m\u202e\u009b2J\n","tags":{"hostile":"red\u001b[31m","\u001b]0;x\u0007":"1"}}""");
        Assert.Equal(6, _account.Fetch(hostile).Properties["Name"].Value.ToString()!.Count(c => c is > (char)0x7f or < ' ') + 2);
        CompletionResult[] results = Complete(line);
        Assert.All(results.SelectMany(r => r.CompletionText + r.ListItemText + r.ToolTip), c => Assert.True(c is >= ' ' and < (char)0x7f, $"U+{(int)c:X4}"));
        if (line.EndsWith("Client ", StringComparison.Ordinal))
            Assert.Contains(results, r => r.CompletionText == hostile && r.ListItemText.Contains("\\u001B[31m\\u202E", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Get-AuthressServiceClient -name ")]
    [InlineData("Get-AuthressServiceClient -name '")]
    [InlineData("Get-AuthressServiceClient -name \"")]
    public void Puts_a_name_on_the_line_as_one_text_whatever_quotes_it_holds(string line)
    {
        const string name = "x\u201d; $($pwned = 1) \u201c\u2019; $pwned = 1; \u2018\u201a\u201e'\"`n$pwned";
        string id = _account.Seed("{\"name\":" + System.Text.Json.JsonSerializer.Serialize(name) + "}");
        _account.Fetch(id);
        string text = Assert.Single(Complete(line), r => r.ListItemText.StartsWith('x')).CompletionText;
        Assert.Equal(WildcardPattern.Escape(name), _account.Run(text).Ok().Single.BaseObject);
        Assert.All(_account.Run("$pwned").Ok().Output, Assert.Null);
    }

    private IEnumerable<string> Texts(string line) => Complete(line).Select(r => r.CompletionText);

    private CompletionResult[] Complete(string line)
    {
        using System.Management.Automation.PowerShell engine = System.Management.Automation.PowerShell.Create(_account.Shell.Runspace);
        CommandCompletion completion = CommandCompletion.CompleteInput(line, line.Length, [], engine);
        return [.. completion.CompletionMatches.Where(m => m.ResultType is CompletionResultType.ParameterValue or CompletionResultType.Variable)];
    }
}
