using System.Management.Automation;
using Authress.PowerShell.Tests.Contract;
using Authress.PowerShell.Tests.Hosting;

namespace Authress.PowerShell.Tests.Binding;

public sealed class BindingTests(SharedAccount shared) : IClassFixture<SharedAccount>, IAsyncLifetime
{
    private readonly Account _account = shared.Account;

    public static TheoryData<string, string> Rows => [.. BindingTable.Rows.Select(row => (row.Cmdlet, row.Source))];

    /// <summary>A pipe into a cmdlet that names another client, and what the command line must name besides.</summary>
    public static TheoryData<string, string> Contradictions
    {
        get
        {
            TheoryData<string, string> rows = [];
            foreach (string cmdlet in (string[])["Get-AuthressServiceClient", "Set-AuthressServiceClient -Name new", "Remove-AuthressServiceClient", "Get-AuthressAccessKey", "New-AuthressAccessKey", "Remove-AuthressAccessKey -KeyId {m}"])
            {
                foreach (string source in (string[])["$typed", "$deserialized", "$selected", "$csv", "$json", "$key", "[pscustomobject]@{ ClientId = '{a}' }"])
                    rows.Add(cmdlet, source);
            }

            return rows;
        }
    }

    /// <summary>Each name by which a cmdlet binds a property.</summary>
    public static TheoryData<string, string> BoundProperties
    {
        get
        {
            TheoryData<string, string> rows = [];
            foreach (string cmdlet in ExportedCommands.Cmdlets)
            {
                foreach (ParameterMetadata parameter in ExportedCommands.Info(cmdlet).Parameters.Values.Where(parameter => parameter.ParameterSets.Values.Any(set => set.ValueFromPipelineByPropertyName)))
                {
                    foreach (string name in (string[])[parameter.Name, .. parameter.Aliases])
                        rows.Add(cmdlet, name);
                }
            }

            return rows;
        }
    }

    public async ValueTask InitializeAsync() => await _account.Server.ResetAsync(TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [MemberData(nameof(Rows))]
    public void Binds_sends_and_returns(string cmdlet, string source)
    {
        BindingRow row = BindingTable.Rows.Single(r => r.Cmdlet == cmdlet && r.Source == source);
        BindingFixture fixture = new(_account);
        ShellResult result = fixture.Run(row.Script).Ok();
        Assert.Equal(row.Sent, fixture.Sent);
        Assert.Equal(row.Changed, fixture.Changed);
        Assert.Equal(row.Output, result.Output.Select(output => fixture.Name(Describe(output, fixture))));
    }

    [Fact]
    public void The_table_names_every_cmdlet_that_binds_something()
    {
        IEnumerable<string> binding = _account.Run("Get-Command -Module Authress -CommandType Cmdlet | ForEach-Object Name").Ok().Output
            .Select(name => name.ToString())
            .Where(name => !name.Contains("Connection", StringComparison.Ordinal) && !name.EndsWith("-Authress", StringComparison.Ordinal))
            // One takes a secret, which has no form in a file or an id, and the others no input or paths; their own tests cover what binds.
            .Where(name => name is not ("Test-AuthressAccessKey" or "Get-AuthressAccessToken" or "Get-AuthressAccessKeyReport" or "Find-AuthressAccessKey"));
        Assert.Equal(binding.Order(StringComparer.Ordinal), BindingTable.Rows.Select(row => row.Cmdlet).Distinct().Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Contradictions))]
    public void Refuses_a_client_id_that_contradicts_the_piped_object(string cmdlet, string source)
    {
        BindingFixture fixture = new(_account);
        ShellResult result = fixture.Run($"{source} | {cmdlet} -ClientId {{b}}");
        // Where nothing but the id could be bound, PowerShell itself refuses.
        Assert.Equal(cmdlet.StartsWith("Get-AuthressServiceClient", StringComparison.Ordinal) ? "InputObjectNotBound" : "ContradictoryClientId", result.ErrorId);
        Assert.NotNull(result.Errors[0].TargetObject);
        Assert.False(result.Terminated);
        Assert.Empty(result.Output);
        Assert.Empty(fixture.Sent);
    }

    [Theory]
    [InlineData("$key | Remove-AuthressAccessKey -KeyId {l}")]
    [InlineData("$keyDeserialized | Remove-AuthressAccessKey -KeyId {l}")]
    [InlineData("$keyCsv | Remove-AuthressAccessKey -KeyId {k}, {l}")]
    public void Refuses_a_key_id_that_contradicts_the_piped_key(string script)
    {
        BindingFixture fixture = new(_account);
        Assert.Equal("ContradictoryKeyId", fixture.Run(script).ErrorId);
        Assert.Empty(fixture.Sent);
    }

    [Theory]
    [InlineData("$key")]
    [InlineData("$keyDeserialized")]
    [InlineData("$keyCsv")]
    [InlineData("[pscustomobject]@{ ClientId = '{a}'; Rule = 'MayCreateTokens'; KeyId = $null }")]
    [InlineData("[pscustomobject]@{ ClientId = '{a}'; RotationId = '1'; NewKeyId = $null }")]
    public void Deletes_no_client_where_keys_are_piped(string source)
    {
        BindingFixture fixture = new(_account);
        ShellResult result = fixture.Run($"{source} | Remove-AuthressServiceClient -Confirm:$false");
        Assert.Equal("AccessKeyPiped", result.ErrorId);
        Assert.NotNull(result.Errors[0].TargetObject);
        Assert.Empty(fixture.Sent);
    }

    [Theory]
    [InlineData("'{a}' | Remove-AuthressServiceClient -ClientId {b}")]
    [InlineData("'{a}' | New-AuthressAccessKey -ClientId {b}")]
    [InlineData("'{a}' | Get-AuthressAccessKey -ClientId {b}")]
    [InlineData("'{a}' | Get-AuthressServiceClient -ClientId {b}")]
    [InlineData("'{a}' | Set-AuthressServiceClient -ClientId {b} -Name new")]
    [InlineData("'{k}' | Remove-AuthressAccessKey {a} {l}")]
    [InlineData("7.5 | Remove-AuthressServiceClient {a}")]
    [InlineData("7.5 | New-AuthressAccessKey {a}")]
    [InlineData("7.5 | Get-AuthressAccessKey {a}")]
    [InlineData("7.5 | Remove-AuthressAccessKey {a} {k}")]
    [InlineData("7.5 | Set-AuthressServiceClient {a} -Name new")]
    [InlineData("[pscustomobject]@{ Colour = 'red' } | Remove-AuthressServiceClient {a}")]
    [InlineData("[pscustomobject]@{ Colour = 'red' } | New-AuthressAccessKey {a}")]
    [InlineData("[pscustomobject]@{ Colour = 'red' } | Get-AuthressAccessKey {a}")]
    [InlineData("[pscustomobject]@{ Colour = 'red' } | Remove-AuthressAccessKey {a} {k}")]
    [InlineData("[pscustomobject]@{ Colour = 'red' } | Set-AuthressServiceClient {a} -Name new")]
    [InlineData("[pscustomobject]@{ Colour = 'red' } | New-AuthressServiceClient -Name new")]
    [InlineData("'{b}' | Remove-AuthressServiceClient {a}")]
    [InlineData("'{a}' | Remove-AuthressServiceClient {a}")]
    [InlineData("'{b}' | Remove-AuthressServiceClient -ClientId {a} -ThrottleLimit 4")]
    [InlineData("'new' | New-AuthressServiceClient -Name other")]
    [InlineData("7.5 | Get-AuthressServiceClient")]
    [InlineData("7.5 | Set-AuthressServiceClient -Name new")]
    [InlineData("7.5 | Remove-AuthressServiceClient")]
    [InlineData("[pscustomobject]@{ Colour = 'red' } | Get-AuthressServiceClient")]
    [InlineData("[pscustomobject]@{ Colour = 'red' } | Set-AuthressServiceClient -Name new")]
    [InlineData("[pscustomobject]@{ Colour = 'red' } | Remove-AuthressServiceClient")]
    [InlineData("[pscustomobject]@{ Colour = 'red' } | New-AuthressAccessKey")]
    [InlineData("[pscustomobject]@{ Colour = 'red' } | Get-AuthressAccessKey")]
    [InlineData("[pscustomobject]@{ Colour = 'red' } | Remove-AuthressAccessKey")]
    [InlineData("[pscustomobject]@{ Colour = 'red' } | New-AuthressServiceClient")]
    public void Refuses_a_piped_object_with_no_usable_property(string script) => Refuses(script, "InputObjectNotBound");

    [Theory]
    [InlineData("[pscustomobject]@{ Name = 'new' } | Set-AuthressServiceClient")]
    [InlineData("[pscustomobject]@{ KeyId = '{k}' } | Get-AuthressAccessKey")]
    [InlineData("[pscustomobject]@{ KeyId = '{k}' } | Remove-AuthressAccessKey")]
    [InlineData("[pscustomobject]@{ ClientId = '{a}' } | Remove-AuthressAccessKey")]
    [InlineData("$typed | Remove-AuthressAccessKey")]
    [InlineData("$deserialized | Remove-AuthressAccessKey")]
    [InlineData("'{k}' | Remove-AuthressAccessKey")]
    public void Names_the_id_that_a_piped_object_lacks(string script)
    {
        ErrorRecord error = Refuses(script, "InputObjectMissingMandatory");
        Assert.Matches("ClientId|KeyId", error.ToString());
    }

    [Theory]
    [InlineData("$null | Get-AuthressServiceClient", "ParameterArgumentValidationErrorNullNotAllowed")]
    [InlineData("$null | Set-AuthressServiceClient -Name new", "ParameterArgumentValidationErrorNullNotAllowed")]
    [InlineData("$null | Remove-AuthressServiceClient", "ParameterArgumentValidationErrorNullNotAllowed")]
    [InlineData("$null | New-AuthressAccessKey", "ParameterArgumentValidationErrorNullNotAllowed")]
    [InlineData("$null | Get-AuthressAccessKey", "ParameterArgumentValidationErrorNullNotAllowed")]
    [InlineData("$null | Remove-AuthressAccessKey {a}", "ParameterArgumentValidationErrorNullNotAllowed")]
    [InlineData("$null | New-AuthressServiceClient", "NothingGiven")]
    [InlineData("$null | New-AuthressServiceClient -Tag env=prod", "NothingGiven")]
    [InlineData("'' | New-AuthressServiceClient -Tag env=prod", "NothingGiven")]
    [InlineData("New-AuthressServiceClient ''", "NothingGiven")]
    [InlineData("[pscustomobject]@{ Tag = 'env=prod' } | New-AuthressServiceClient", "InputObjectMissingMandatory")]
    [InlineData("'' | Get-AuthressServiceClient", "ParameterArgumentValidationErrorEmptyStringNotAllowed")]
    [InlineData("'' | Set-AuthressServiceClient -Name new", "ParameterArgumentValidationErrorEmptyStringNotAllowed")]
    [InlineData("'' | Remove-AuthressServiceClient", "ParameterArgumentValidationErrorEmptyStringNotAllowed")]
    [InlineData("'' | New-AuthressAccessKey", "ParameterArgumentValidationErrorEmptyStringNotAllowed")]
    [InlineData("'' | Get-AuthressAccessKey", "ParameterArgumentValidationErrorEmptyStringNotAllowed")]
    [InlineData("'' | Remove-AuthressAccessKey {a}", "ParameterArgumentValidationErrorEmptyStringNotAllowed")]
    [InlineData("Get-AuthressServiceClient $null", "ParameterArgumentValidationErrorNullNotAllowed")]
    [InlineData("Get-AuthressServiceClient ''", "ParameterArgumentValidationErrorEmptyStringNotAllowed")]
    [InlineData("Get-AuthressServiceClient {a}, ''", "ParameterArgumentValidationErrorEmptyStringNotAllowed")]
    [InlineData("Get-AuthressServiceClient @()", "ParameterArgumentValidationErrorEmptyArrayNotAllowed")]
    [InlineData("Remove-AuthressServiceClient {a}, $null", "ParameterArgumentValidationErrorNullNotAllowed")]
    [InlineData("Set-AuthressServiceClient -ClientId '' -Name new", "ParameterArgumentValidationErrorEmptyStringNotAllowed")]
    [InlineData("Set-AuthressServiceClient $null -Name new", "ParameterArgumentValidationErrorNullNotAllowed")]
    [InlineData("[pscustomobject]@{ ClientId = ''; Name = 'new' } | Set-AuthressServiceClient", "ParameterArgumentValidationErrorEmptyStringNotAllowed")]
    [InlineData("[pscustomobject]@{ ClientId = $null; Name = 'new' } | Set-AuthressServiceClient", "ParameterArgumentValidationErrorNullNotAllowed")]
    [InlineData("[pscustomobject]@{ ClientId = '' } | Remove-AuthressServiceClient", "ParameterArgumentValidationErrorEmptyStringNotAllowed")]
    [InlineData("[pscustomobject]@{ ClientId = ''; KeyId = '{k}' } | Remove-AuthressAccessKey", "ParameterArgumentValidationErrorEmptyStringNotAllowed")]
    [InlineData("[pscustomobject]@{ ClientId = '{a}'; KeyId = '' } | Remove-AuthressAccessKey", "ParameterArgumentValidationErrorEmptyStringNotAllowed")]
    [InlineData("[pscustomobject]@{ ClientId = 7.5 } | Remove-AuthressServiceClient", "ParameterArgumentTransformationError")]
    [InlineData("Invoke-AuthressRequest ''", "ParameterArgumentValidationError")]
    [InlineData("$null | Get-AuthressAccessKeyRotation", "ParameterArgumentValidationError")]
    [InlineData("'' | Get-AuthressAccessKeyRotation", "ParameterArgumentValidationError")]
    [InlineData("Get-AuthressAccessKeyRotation -ClientId $null", "ParameterArgumentValidationError")]
    [InlineData("Get-AuthressAccessKeyRotation {a}, ''", "ParameterArgumentValidationError")]
    [InlineData("Get-AuthressAccessKeyRotation -State $null", "ParameterArgumentValidationError")]
    [InlineData("[pscustomobject]@{ ClientId = $null } | Get-AuthressAccessKeyRotation", "ParameterArgumentValidationError")]
    [InlineData("$null | Start-AuthressAccessKeyRotation -OutFile x", "ParameterArgumentValidationErrorNullNotAllowed")]
    [InlineData("$null | Complete-AuthressAccessKeyRotation", "ParameterArgumentValidationErrorNullNotAllowed")]
    [InlineData("Start-AuthressAccessKeyRotation {a} -OutFile x -KeyId $null", "EmptyArgument")]
    [InlineData("'{a}' | Start-AuthressAccessKeyRotation -OutFile ''", "EmptyArgument")]
    [InlineData("Start-AuthressAccessKeyRotation {a} -SecretName x -VaultName ''", "EmptyArgument")]
    [InlineData("New-AuthressAccessKey {a} -SecretName x -VaultName ''", "EmptyArgument")]
    [InlineData("New-AuthressAccessKey {a} -SecretName x -VaultName $null", "EmptyArgument")]
    [InlineData("Complete-AuthressAccessKeyRotation {a} -OutFile ''", "EmptyArgument")]
    [InlineData("Complete-AuthressAccessKeyRotation {a} -SecretName $null", "EmptyArgument")]
    [InlineData("Complete-AuthressAccessKeyRotation {a} -KeyId ''", "EmptyArgument")]
    [InlineData("Get-AuthressAccessKeyRotation {a} -OutFile ''", "EmptyArgument")]
    public void Refuses_null_and_empty_ids(string script, string errorId) => Refuses(script, errorId);

    [Theory]
    [InlineData("Set-AuthressServiceClient -InputObject {a} -Name new")]
    [InlineData("Set-AuthressServiceClient -InputObject ([pscustomobject]@{ ClientId = '{a}' }) -Name new")]
    [InlineData("Set-AuthressServiceClient -InputObject $deserialized -Name new")]
    [InlineData("Set-AuthressServiceClient $deserialized -Name new")]
    [InlineData("Remove-AuthressServiceClient $deserialized")]
    [InlineData("Get-AuthressServiceClient @{ ClientId = '{a}' }")]
    [InlineData("Remove-AuthressAccessKey {a} $typed")]
    [InlineData("New-AuthressServiceClient one, two")]
    [InlineData("New-AuthressServiceClient @{ Name = 'one' }")]
    [InlineData("Set-AuthressServiceClient {a} -Name one, two")]
    public void Refuses_an_argument_of_another_kind(string script) => Refuses(script, "ParameterArgumentTransformationError");

    [Theory]
    [InlineData("New-AuthressServiceClient ([pscustomobject]@{ Name = 'one' })")]
    [InlineData("New-AuthressServiceClient -Name ('Name', 'one' | ConvertFrom-Csv)")]
    [InlineData("'piped' | New-AuthressServiceClient -Name ([pscustomobject]@{ Name = 'one' })")]
    public void Refuses_a_row_as_the_name(string script) => Refuses(script, "ParameterArgumentValidationError");

    [Theory]
    [InlineData("New-AuthressAccessKey {a} -AsPlainText -OutFile x.key")]
    [InlineData("Connect-Authress http://localhost:1 -AccessKey $secret -AccessToken $secret")]
    public void Refuses_parameters_of_different_sets(string script) => Refuses("$secret = [securestring]::new(); " + script, "AmbiguousParameterSet");

    [Theory]
    [MemberData(nameof(BoundProperties))]
    [InlineData("Set-AuthressServiceClient", "Options")]
    [InlineData("Remove-AuthressServiceClient", "KeyId")]
    [InlineData("New-AuthressServiceClient", "Tags")]
    public void A_property_that_throws_is_an_error_of_its_record_and_the_rest_continue(string cmdlet, string property)
    {
        BindingFixture fixture = new(_account);
        _account.Shell.Set("secret", Shell.Secret(_account.Server.AccessKey));
        const string row = "[pscustomobject]@{ ClientId = '{b}'; KeyId = '{m}'; Name = 'new'; AccessKey = $secret }";
        ShellResult result = fixture.Run($"$bad = {row} | Select-Object * -ExcludeProperty {property} | Add-Member ScriptProperty {property} {{ throw 'boo' }} -PassThru; $bad, $bad | {cmdlet}");
        Assert.Equal(2, result.Errors.Count);
        Assert.All(result.Errors, error => Assert.StartsWith("ParameterArgumentTransformationError,", error.FullyQualifiedErrorId, StringComparison.Ordinal));
        Assert.All(result.Errors, error => Assert.NotNull(error.TargetObject));
        Assert.Empty(result.Output);
        Assert.Empty(fixture.Changed);
        Assert.Empty(fixture.Sent);
    }

    [Fact]
    public void A_name_that_throws_is_no_error_where_it_is_only_shown()
    {
        BindingFixture fixture = new(_account);
        fixture.Run("[pscustomobject]@{ ClientId = '{b}' } | Add-Member ScriptProperty Name { throw 'boo' } -PassThru | Remove-AuthressServiceClient").Ok();
        Assert.Equal(["DELETE /v1/clients/{b}"], fixture.Sent);
    }

    [Theory]
    [InlineData("-Name ''", "Name")]
    [InlineData("-Tag @{}", "Tag")]
    [InlineData("-RateLimit $null", "RateLimit")]
    [InlineData("-Tags ''", "Tag")]
    [InlineData("-GrantTokenGeneration ''", "GrantTokenGeneration")]
    [InlineData("-Name '' -Clear Tag", "Name")]
    [InlineData("-Name '' -Clear Name", null)]
    [InlineData("-Name new", null)]
    public void Warns_of_an_empty_value_on_the_command_line(string arguments, string? field)
    {
        BindingFixture fixture = new(_account);
        foreach (string script in (string[])["Set-AuthressServiceClient {b} ", "$other | Set-AuthressServiceClient ", "'{b}' | Set-AuthressServiceClient "])
            Assert.Equal(field is null ? [] : [true], fixture.Run(script + arguments).Ok().Warnings.Select(warning => warning.ToString().StartsWith($"-{field} ", StringComparison.Ordinal)));
    }

    [Fact]
    public void Does_not_warn_of_an_empty_cell() =>
        Assert.Empty(new BindingFixture(_account).Run("[pscustomobject]@{ ClientId = '{b}'; Name = ''; Tag = $null } | Set-AuthressServiceClient").Ok().Warnings);

    [Fact]
    public void A_row_inherits_nothing_from_the_row_before()
    {
        BindingFixture fixture = new(_account);
        fixture.Run("""
            [pscustomobject]@{ Name = 'x'; Tag = 'env=prod'; GrantUserPermissionsAccess = 'true'; GrantTokenGeneration = 'true'; RateLimit = 'PT1H:1000' },
            [pscustomobject]@{ Name = 'y'; Tag = ''; GrantUserPermissionsAccess = ''; GrantTokenGeneration = ''; RateLimit = '' },
            [pscustomobject]@{ Name = 'z'; Tag = $null; GrantUserPermissionsAccess = $null; GrantTokenGeneration = $null; RateLimit = $null },
            [pscustomobject]@{ Name = 'w' } | New-AuthressServiceClient
            """).Ok();
        Assert.Equal(
            ["""POST /v1/clients {"name":"x","tags":{"env":"prod"},"rateLimits":[{"duration":"PT1H","quota":1000}],"options":{"grantUserPermissionsAccess":true,"grantTokenGeneration":true}}""", """POST /v1/clients {"name":"y"}""", """POST /v1/clients {"name":"z"}""", """POST /v1/clients {"name":"w"}"""],
            fixture.Sent);
    }

    [Theory]
    [InlineData("[pscustomobject]@{ ClientId = '{b}'; Name = '' }")]
    [InlineData("[pscustomobject]@{ ClientId = '{b}' }")]
    [InlineData("'{b}'")]
    [InlineData("$other")]
    public void An_update_inherits_nothing_from_the_row_before(string second)
    {
        BindingFixture fixture = new(_account);
        fixture.Run($"[pscustomobject]@{{ ClientId = '{{a}}'; Name = 'new'; Tag = 'x=y'; GrantTokenGeneration = '1'; RateLimit = 'P1D' }}, {second} | Set-AuthressServiceClient").Ok();
        Assert.Equal(["{a}.limit: PT1H:1000 > P1D:", "{a}.name: one > new", "{a}.tags: env=theirs > x=y", "{a}.tokens: - > yes"], fixture.Changed);
        Assert.Single(_account.Changes);
    }

    [Fact]
    public void A_typed_client_and_a_row_inherit_no_values_from_each_other()
    {
        BindingFixture fixture = new(_account);
        fixture.Run("[pscustomobject]@{ ClientId = '{a}'; Name = 'new' }, $other, [pscustomobject]@{ ClientId = '{a}'; Tag = 'x=y' } | Set-AuthressServiceClient").Ok();
        Assert.Equal(["{a}.name: one > new", "{a}.tags: env=theirs > x=y"], fixture.Changed);
    }

    [Fact]
    public void A_row_does_not_inherit_the_key_filter_of_the_row_before()
    {
        BindingFixture fixture = new(_account);
        ShellResult result = fixture.Run("[pscustomobject]@{ ClientId = '{a}'; KeyId = '{k}' }, [pscustomobject]@{ ClientId = '{a}' } | Get-AuthressAccessKey").Ok();
        Assert.Equal(["{a}/{k}", "{a}/{k}", "{a}/{l}"], result.Output.Select(key => fixture.Name(Describe(key, fixture))));
    }

    [Fact]
    public void One_bad_record_among_good_ones_is_an_error_and_the_rest_continue()
    {
        BindingFixture fixture = new(_account);
        ShellResult result = fixture.Run("$typed, 7, $null, '', [pscustomobject]@{ ClientId = '{b}' } | New-AuthressAccessKey");
        Assert.Equal(3, result.Errors.Count);
        Assert.False(result.Terminated);
        Assert.Equal(["{a}/new", "{b}/new"], result.Output.Select(key => fixture.Name(Describe(key, fixture))));
    }

    [Fact]
    public void An_error_on_a_row_has_the_row_as_its_target_and_names_the_client()
    {
        BindingFixture fixture = new(_account);
        ErrorRecord error = Assert.Single(fixture.Run("[pscustomobject]@{ ClientId = 'gone'; Name = 'new' } | Set-AuthressServiceClient").Errors);
        Assert.Equal("new", Assert.IsType<PSObject>(error.TargetObject).Properties["Name"].Value);
        Assert.StartsWith("'gone' ", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("@{ x = 'y'; n = 5 }", "n=5;x=y")]
    [InlineData("[ordered]@{ x = 'y' }", "x=y")]
    [InlineData("'x=y'", "x=y")]
    [InlineData("[pscustomobject]@{ x = 'y' }", "x=y")]
    [InlineData("('{\"x\":\"2026-12-31T00:00:00Z\"}' | ConvertFrom-Json)", "x=2026-12-31T00:00:00Z")]
    public void Accepts_assigned_tags_in_every_form_of_the_parameter(string tags, string expected)
    {
        BindingFixture fixture = new(_account);
        string text = fixture.Run($"$other.Tag = {tags}; $other | Set-AuthressServiceClient -PassThru | ForEach-Object {{ $_.Tag.ToString() }}").Ok().Single.ToString();
        Assert.Equal(expected, string.Join(';', text.Split(';').Order(StringComparer.Ordinal)));
    }

    [Theory]
    [InlineData("'y'", "y")]
    [InlineData("('y' | Write-Output)", "y")]
    [InlineData("5", "5")]
    [InlineData("$true", "true")]
    [InlineData("$null", "")]
    [InlineData("[datetime]::new(2026, 12, 31, 0, 0, 0, [DateTimeKind]::Utc)", "2026-12-31T00:00:00Z")]
    public void Accepts_a_value_set_in_the_tags_of_a_fetched_client(string value, string expected)
    {
        BindingFixture fixture = new(_account);
        foreach (string set in (string[])["$other.Tag['x'] = {0}", "$other.Tag.x = {0}", "$other.Tag.Clear(); $other.Tag.Add('x', {0})"])
            Assert.Equal([expected], fixture.Run(set.Replace("{0}", value, StringComparison.Ordinal) + "; $other.Tag['x']").Ok().Output);
        fixture.Run("$other | Set-AuthressServiceClient").Ok();
        Assert.Equal([$"{{b}}.tags: - > x={expected}"], fixture.Changed);
    }

    [Theory]
    [InlineData("Tag", "@{ '' = 'y' }")]
    [InlineData("Tag", "@{ x = 1, 2 }")]
    [InlineData("Tag", "1, 2")]
    [InlineData("Tag", "(Get-Process -Id $PID)")]
    [InlineData("Tag['x']", "1, 2")]
    [InlineData("Tag['x']", "@{ a = 1 }")]
    [InlineData("Tag['x']", "[pscustomobject]@{ a = 1 }")]
    [InlineData("Tag['x']", "(Get-Process -Id $PID)")]
    [InlineData("Tag['x']", "[securestring]::new()")]
    [InlineData("Tag.x", "1, 2")]
    [InlineData("Tag.x", "(Get-Process -Id $PID)")]
    [InlineData("Tag['']", "'y'")]
    [InlineData("Name", "1, 2")]
    [InlineData("Name", "@{ a = 1 }")]
    [InlineData("Name", "[securestring]::new()")]
    public void Refuses_an_assigned_value_that_has_no_text(string property, string value)
    {
        BindingFixture fixture = new(_account);
        Assert.NotEmpty(fixture.Run($"$other.{property} = {value}").Errors);
        fixture.Run("$other | Set-AuthressServiceClient").Ok();
        Assert.Empty(fixture.Changed);
    }

    [Theory]
    [InlineData("RateLimit", "'PT1M:500'", "Use one of PT0S, PT5M, PT1H, P1D, P1M")]
    [InlineData("RateLimit", "'PT1H:7'", "Use a number from 100 to 1000000")]
    [InlineData("RateLimit", "'nonsense'", "Use text such as 'PT1H:1000'")]
    [InlineData("RateLimit", "@{ Duration = 'PT1H'; Limit = 1 }", "no 'Limit'")]
    [InlineData("GrantTokenGeneration", "'perhaps'", "neither true nor false")]
    [InlineData("Tag", "1, 2", "Use a hashtable")]
    [InlineData("ClientId", "'other'", "can't be set")]
    [InlineData("CreatedTime", "(Get-Date)", "can't be set")]
    public void Says_why_an_assigned_value_is_refused(string property, string value, string reason)
    {
        BindingFixture fixture = new(_account);
        Assert.Contains(reason, Assert.Single(fixture.Run($"$other.{property} = {value}").Errors).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("'PT1H:1000'")]
    [InlineData("@{ Duration = 'PT1H'; Quota = 1000 }")]
    [InlineData("([pscustomobject]@{ Duration = 'PT1H'; Quota = 1000 })")]
    public void Accepts_an_assigned_rate_limit_in_every_form_of_the_parameter(string limit)
    {
        BindingFixture fixture = new(_account);
        fixture.Run($"$other.RateLimit = {limit}; $other | Set-AuthressServiceClient").Ok();
        Assert.Equal(["{b}.limit: - > PT1H:1000"], fixture.Changed);
    }

    private ErrorRecord Refuses(string script, string errorId)
    {
        BindingFixture fixture = new(_account);
        ShellResult result = fixture.Run(script);
        Assert.Equal(errorId, result.ErrorId);
        Assert.Empty(result.Output);
        Assert.Empty(fixture.Sent);
        return result.Errors[0];
    }

    private static string Describe(PSObject output, BindingFixture fixture)
    {
        string? Text(string property) => output.Properties[property]?.Value?.ToString();
        if (Text("KeyId") is { } key)
            return $"{Text("ClientId")}/{(fixture.Knows(key) ? key : "new")}";
        return Text("Name") switch
        {
            "Emulator administrator" => "admin",
            "one" or "two" when !IsNew(output) => Text("ClientId")!,
            { } name => name,
            null => Text("ClientId")!,
        };
    }

    // The clients of the fixture have keys; a new one has none.
    private static bool IsNew(PSObject client) => client.Properties["AccessKey"]?.Value is System.Collections.ICollection { Count: 0 };
}
