using System.Management.Automation;
using System.Text.Json;
using Authress.Emulator.ServiceClients;
using Authress.PowerShell.Tests.Contract;
using Authress.PowerShell.Tests.Hosting;

namespace Authress.PowerShell.Tests.ServiceClients;

/// <summary>The three-way merge: a client as fetched, as edited, and as it is now.</summary>
public sealed class MergeTests(SharedAccount shared) : IClassFixture<SharedAccount>, IAsyncLifetime
{
    private const string Full = """{"name":"base","tags":{"env":"base"},"rateLimits":[{"duration":"PT1H","quota":100,"burst":{"of":7}}],"options":{"grantUserPermissionsAccess":false,"grantTokenGeneration":false,"mayDance":["x"]},"later":{"unknown":[1,null]}}""";

    // My edit of a field, another caller's edit, and how an error names the fetched, the edited and the present value.
    private static readonly (string Field, string Edit, string Mine, string Theirs, string Base)[] Fields =
    [
        ("Name", "$c.Name = 'mine'", "mine", "-Name theirs", "base"),
        ("Tag", "$c.Tag['env'] = 'mine'", "env=mine", "-Tag @{ env = 'theirs' }", "env=base"),
        ("RateLimit", "$c.RateLimit = 'PT5M:1000'", "PT5M:1000", "-RateLimit P1D:2000", "PT1H:100"),
        ("GrantUserPermissionsAccess", "$c.GrantUserPermissionsAccess = $true", "True", "-GrantUserPermissionsAccess $true", "False"),
        ("GrantTokenGeneration", "$c.GrantTokenGeneration = $true", "True", "-GrantTokenGeneration $true", "False"),
    ];

    private readonly Account _account = shared.Account;

    public static TheoryData<string> FieldNames => [.. Fields.Select(one => one.Field)];

    public static TheoryData<string, string> FieldPairs => [.. Fields.SelectMany(_ => Fields, (mine, theirs) => (mine.Field, theirs.Field)).Where(pair => pair.Item1 != pair.Item2)];

    public async ValueTask InitializeAsync() => await _account.Server.ResetAsync(TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public void Every_declared_field_is_verified_here() => Assert.Equal(
        DeclaredField.All.Select(declared => declared.Name).Order(StringComparer.Ordinal),
        Fields.Select(field => field.Field).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(FieldNames))]
    public void Writes_an_edited_field_and_no_other(string name)
    {
        (string Field, string Edit, string Mine, string Theirs, string Base) field = Find(name);
        string id = Fetch();
        _account.Run($"{field.Edit}; $c | Set-AuthressServiceClient").Ok();
        AssertFields(id, (field.Field, field.Mine));
    }

    [Theory]
    [InlineData("'False'", false)]
    [InlineData("'0'", false)]
    [InlineData("0", false)]
    [InlineData("$false", false)]
    [InlineData("'true'", true)]
    [InlineData("' 1 '", true)]
    public void Reads_a_value_assigned_to_a_grant_as_the_parameter_does(string value, bool granted)
    {
        foreach (string grant in new[] { "GrantTokenGeneration", "GrantUserPermissionsAccess" })
        {
            string id = Fetch();
            _account.Run($"$c.{grant} = {(granted ? "$false" : "$true")}; $c.{grant} = {value}; $c | Set-AuthressServiceClient").Ok();
            Assert.Equal(granted, _account.Fetch(id).Properties[grant].Value);
        }
    }

    [Theory]
    [InlineData("'yes'")]
    [InlineData("''")]
    [InlineData("$null")]
    [InlineData("2")]
    [InlineData("'False', 'False'")]
    public void Refuses_to_assign_anything_else_to_a_grant(string value)
    {
        string id = Fetch();
        Assert.Contains("is neither true nor false", Assert.Single(_account.Run($"$c.GrantTokenGeneration = {value}").Errors).ToString(), StringComparison.Ordinal);
        _account.Run("$c | Set-AuthressServiceClient").Ok();
        Assert.Equal(false, _account.Fetch(id).Properties["GrantTokenGeneration"].Value);
    }

    [Theory]
    [MemberData(nameof(FieldPairs))]
    public void Keeps_a_concurrent_change_of_another_field(string mine, string theirs)
    {
        string id = Fetch();
        _account.Run($"Set-AuthressServiceClient {id} {Find(theirs).Theirs}; {Find(mine).Edit}; $c | Set-AuthressServiceClient").Ok();
        string there = theirs switch { "Name" => "theirs", "Tag" => "env=theirs", "RateLimit" => "P1D:2000", _ => "True" };
        AssertFields(id, (mine, Find(mine).Mine), (theirs, there));
    }

    [Theory]
    [InlineData("Name", "theirs")]
    [InlineData("Tag", "env=theirs")]
    [InlineData("RateLimit", "P1D:2000")]
    public void Refuses_a_conflict_and_names_the_field_and_the_three_values(string name, string theirs)
    {
        (string Field, string Edit, string Mine, string Theirs, string Base) field = Find(name);
        string id = Fetch();
        _account.Run($"Set-AuthressServiceClient {id} {field.Theirs}").Ok();
        _account.Server.ClearRequests();
        ShellResult result = _account.Run($"{field.Edit}; $c.GrantTokenGeneration = $true; $c | Set-AuthressServiceClient");
        Assert.Equal("EditConflict", result.ErrorId);
        ErrorRecord error = result.Errors[0];
        foreach (string part in (string[])[name, id, $"'{field.Base}'", $"'{field.Mine}'", $"'{theirs}'"])
            Assert.Contains(part, error.ToString(), StringComparison.Ordinal);
        Assert.Equal(id, error.TargetObject.ToString());
        Assert.Equal(ErrorCategory.InvalidOperation, error.CategoryInfo.Category);
        Assert.Empty(_account.Changes);
    }

    [Theory]
    [MemberData(nameof(FieldNames))]
    public void The_same_concurrent_change_is_not_a_conflict(string name)
    {
        (string Field, string Edit, string Mine, string Theirs, string Base) field = Find(name);
        string id = Fetch();
        _account.Run($"$other = Get-AuthressServiceClient {id}; {field.Edit.Replace("$c", "$other", StringComparison.Ordinal)}; $other | Set-AuthressServiceClient").Ok();
        _account.Server.ClearRequests();
        _account.Run($"{field.Edit}; $c | Set-AuthressServiceClient").Ok();
        Assert.Empty(_account.Changes);
        AssertFields(id, (field.Field, field.Mine));
    }

    [Theory]
    [MemberData(nameof(FieldNames))]
    public void Writes_nothing_after_an_edit_was_undone(string name)
    {
        (string Field, string Edit, string Mine, string Theirs, string Base) field = Find(name);
        string id = Fetch();
        _account.Run($"$before = if ($c.{name} -is [System.Collections.IDictionary]) {{ @{{ env = 'base' }} }} else {{ $c.{name} }}; {field.Edit}; $c.{name} = $before; $c | Set-AuthressServiceClient").Ok();
        Assert.Empty(_account.Changes);
        AssertFields(id);
    }

    [Fact]
    public void An_explicit_value_wins_over_an_edit_and_over_a_concurrent_change()
    {
        string id = Fetch();
        _account.Run($"Set-AuthressServiceClient {id} -Name theirs; $c.Name = 'mine'; $c | Set-AuthressServiceClient -Name explicit").Ok();
        AssertFields(id, ("Name", "explicit"));
    }

    [Fact]
    public void A_client_deleted_in_the_meantime_is_an_error_and_is_not_recreated()
    {
        string id = Fetch();
        _account.Run($"Remove-AuthressServiceClient {id}").Ok();
        Assert.Equal("NotFound", _account.Run("$c.Name = 'mine'; $c | Set-AuthressServiceClient").ErrorId);
        Assert.Null(_account.Server.FindClient(id));
    }

    [Fact]
    public void Setting_the_same_object_again_compares_it_with_the_values_written_first()
    {
        string id = Fetch();
        _account.Run("$c.Name = 'mine'; $c | Set-AuthressServiceClient; $c | Set-AuthressServiceClient").Ok();
        Assert.Single(_account.Changes);
        _account.Run("$c.Name = 'once more'; $c | Set-AuthressServiceClient").Ok();
        AssertFields(id, ("Name", "once more"));
        _account.Run($"Set-AuthressServiceClient {id} -Name theirs").Ok();
        Assert.Equal("EditConflict", _account.Run("$c.Name = 'mine again'; $c | Set-AuthressServiceClient").ErrorId);
    }

    [Fact]
    public void Setting_the_same_object_again_keeps_concurrent_changes()
    {
        string id = Fetch();
        _account.Run($"Set-AuthressServiceClient {id} -Tag env=theirs").Ok();
        _account.Run("$c.Name = 'mine'; $c | Set-AuthressServiceClient; $c.Name = 'once more'; $c | Set-AuthressServiceClient").Ok();
        AssertFields(id, ("Name", "once more"), ("Tag", "env=theirs"));
    }

    [Fact]
    public void Setting_the_same_object_again_keeps_the_values_of_parameters()
    {
        string id = Fetch();
        _account.Run("$c | Set-AuthressServiceClient -Name beside; $c.GrantUserPermissionsAccess = -not $c.GrantUserPermissionsAccess; $c | Set-AuthressServiceClient").Ok();
        Assert.Equal("beside", _account.Server.FindClient(id)!.Name);
    }

    [Theory]
    [InlineData("$c.Name = 'mine'; $c | Set-AuthressServiceClient")]
    [InlineData("$c.Tag['x'] = 'y'; $c | Set-AuthressServiceClient")]
    [InlineData("$c.GrantTokenGeneration = $true; $c | Set-AuthressServiceClient")]
    [InlineData("$c.RateLimit = 'P1D:500'; $c | Set-AuthressServiceClient")]
    [InlineData("Set-AuthressServiceClient $c.ClientId -Clear Name, Tag")]
    [InlineData("Set-AuthressServiceClient $c.ClientId -RateLimit PT0S")]
    public void Unknown_members_survive_at_every_level(string script)
    {
        string id = Fetch();
        _account.Run(script).Ok();
        using JsonDocument body = JsonDocument.Parse(Assert.Single(_account.Changes).Body);
        Assert.Equal("""{"unknown":[1,null]}""", body.RootElement.GetProperty("later").GetRawText());
        Assert.Equal("""["x"]""", body.RootElement.GetProperty("options").GetProperty("mayDance").GetRawText());
        Assert.Equal("""{"of":7}""", body.RootElement.GetProperty("rateLimits")[0].GetProperty("burst").GetRawText());
        foreach (string readOnly in (string[])["clientId", "createdTime", "verificationKeys", "links"])
            Assert.False(body.RootElement.TryGetProperty(readOnly, out _));
        PSObject now = _account.Run($"Invoke-AuthressRequest v1/clients/{id}").Ok().Single;
        Assert.NotNull(now.Properties["later"]);
    }

    [Theory]
    [InlineData("Name")]
    [InlineData("Tag")]
    [InlineData("RateLimit")]
    [InlineData("Name, Tag")]
    [InlineData("Name, RateLimit")]
    [InlineData("Tag, RateLimit")]
    [InlineData("Name, Tag, RateLimit")]
    [InlineData("RateLimit, RateLimit")]
    public void Clears_the_named_fields_by_id_and_in_a_fetched_client(string fields)
    {
        (string, string)[] cleared = [.. fields.Split(", ").Distinct().Select(field => (field, ""))];
        string byId = Fetch();
        _account.Run($"Set-AuthressServiceClient {byId} -Clear {fields}").Ok();
        AssertFields(byId, cleared);
        string typed = Fetch();
        _account.Run($"$c | Set-AuthressServiceClient -Clear {fields}").Ok();
        AssertFields(typed, cleared);
    }

    [Fact]
    public void Clears_over_an_edit_and_beside_a_value()
    {
        string id = Fetch();
        Assert.Empty(_account.Run("$c.Name = ''; $c.Tag['env'] = 'mine'; $c | Set-AuthressServiceClient -Clear Name, Tag -RateLimit PT5M:1000").Ok().Warnings);
        AssertFields(id, ("Name", ""), ("Tag", ""), ("RateLimit", "PT5M:1000"));
    }

    [Theory]
    [InlineData("Name", "-Name other")]
    [InlineData("Tag", "-Tag @{ a = 'b' }")]
    [InlineData("RateLimit", "-RateLimit PT5M")]
    public void Refuses_to_clear_a_field_that_is_given_a_value(string field, string value)
    {
        string id = Fetch();
        _account.Server.ClearRequests();
        Assert.Equal("ClearedAndSet", _account.Run($"Set-AuthressServiceClient {id} {value} -Clear {field}").ErrorId);
        Assert.Equal("ClearedAndSet", _account.Run($"$c | Set-AuthressServiceClient {value} -Clear {field}").ErrorId);
        Assert.Empty(_account.Server.Requests);
    }

    [Fact]
    public void Refuses_to_clear_a_grant()
    {
        string id = Fetch();
        Assert.Equal("CannotConvertArgumentNoMessage", _account.Run($"Set-AuthressServiceClient {id} -Clear GrantTokenGeneration").ErrorId);
    }

    [Theory]
    [InlineData("Name", "$c.Name = ''")]
    [InlineData("Name", "$c.Name = $null")]
    [InlineData("Tag", "$c.Tag = $null")]
    [InlineData("Tag", "$c.Tag.Clear()")]
    [InlineData("RateLimit", "$c.RateLimit = $null")]
    public void Keeps_a_field_that_was_emptied_in_the_object_and_recommends_Clear(string field, string edit)
    {
        string id = Fetch();
        string warning = Assert.Single(_account.Run($"{edit}; $c.GrantUserPermissionsAccess = $true; $c | Set-AuthressServiceClient").Ok().Warnings);
        Assert.Contains($"-Clear {field}", warning, StringComparison.Ordinal);
        Assert.Contains(id, warning, StringComparison.Ordinal);
        AssertFields(id, ("GrantUserPermissionsAccess", "True"));
    }

    [Fact]
    public void Writes_only_the_changed_fields_of_a_deserialized_client()
    {
        string id = Fetch();
        PSObject copy = Shell.Deserialized(_account.Fetch(id));
        _account.Server.ClearRequests();
        _account.Run("$input | Set-AuthressServiceClient", copy).Ok();
        Assert.Empty(_account.Changes);
        copy.Properties["Name"].Value = "mine";
        _account.Run("$input | Set-AuthressServiceClient", copy).Ok();
        Assert.Single(_account.Changes);
        AssertFields(id, ("Name", "mine"));
        // A deserialized object has no snapshot, so its values overwrite changes made in between.
        _account.Run($"Set-AuthressServiceClient {id} -Name theirs").Ok();
        _account.Run("$input | Set-AuthressServiceClient", copy).Ok();
        AssertFields(id, ("Name", "mine"));
    }

    [Fact]
    public void A_deserialized_client_that_was_emptied_clears_nothing()
    {
        string id = Fetch();
        PSObject copy = Shell.Deserialized(_account.Fetch(id));
        foreach (string field in (string[])["Name", "Tag", "RateLimit"])
            copy.Properties[field].Value = null;
        _account.Run("$input | Set-AuthressServiceClient", copy).Ok();
        AssertFields(id);
    }

    [Theory]
    [InlineData("Set-AuthressServiceClient $c.ClientId -GrantTokenGeneration $true", 1)]
    [InlineData("$c.GrantTokenGeneration = $true; $c | Set-AuthressServiceClient", 1)]
    [InlineData("[pscustomobject]@{ ClientId = $c.ClientId; GrantTokenGeneration = 'true' } | Set-AuthressServiceClient", 1)]
    [InlineData("Set-AuthressServiceClient $c.ClientId -GrantTokenGeneration $false", 0)]
    [InlineData("Set-AuthressServiceClient $c.ClientId -GrantUserPermissionsAccess $true", 0)]
    [InlineData("Set-AuthressServiceClient $c.ClientId -GrantTokenGeneration $true -WhatIf", 1)]
    [InlineData("Set-AuthressServiceClient gone -GrantTokenGeneration $true", 1)]
    public void Warns_before_a_client_is_allowed_to_create_tokens_for_any_user(string script, int warnings)
    {
        Fetch();
        Assert.Equal(warnings, _account.Run(script).Warnings.Count);
    }

    /// <summary>A new client, fetched into <c>$c</c>.</summary>
    private string Fetch()
    {
        string id = _account.Seed(Full);
        _account.Run($"$c = Get-AuthressServiceClient {id}").Ok();
        return id;
    }

    private static (string Field, string Edit, string Mine, string Theirs, string Base) Find(string field) => Fields.Single(f => f.Field == field);

    // All fields: the named ones with their new values, the others unchanged.
    private void AssertFields(string id, params (string Field, string Value)[] changed)
    {
        ServiceClientSnapshot now = _account.Server.FindClient(id)!;
        Dictionary<string, string> values = new()
        {
            ["Name"] = now.Name ?? string.Empty,
            ["Tag"] = string.Join(';', now.Tags.Select(tag => $"{tag.Key}={tag.Value}")),
            ["RateLimit"] = string.Join(';', now.RateLimits.Select(limit => $"{limit.Duration}:{limit.Quota}")),
            ["GrantUserPermissionsAccess"] = now.GrantUserPermissionsAccess.ToString(),
            ["GrantTokenGeneration"] = now.GrantTokenGeneration.ToString(),
        };
        foreach ((string field, _, _, _, string before) in Fields)
        {
            string expected = changed.Where(change => change.Field == field).Select(change => change.Value).SingleOrDefault(before);
            Assert.Equal((field, expected), (field, values[field]));
        }
    }
}
