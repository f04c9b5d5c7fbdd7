using System.Management.Automation;
using System.Text.RegularExpressions;
using Authress.PowerShell.Tests.Help;
using Authress.PowerShell.Tests.Hosting;

namespace Authress.PowerShell.Tests.Contract;

/// <summary>
/// Every field that the client library declares is complete in PowerShell: parameters, -Clear, types file, view and help.
/// A field that lacks one of them fails here by its name.
/// </summary>
public sealed partial class FieldTests(SharedAccount shared) : IClassFixture<SharedAccount>
{
    private readonly Account _account = shared.Account;

    public static TheoryData<string> Names => [.. DeclaredField.All.Select(declared => declared.Name)];

    public static TheoryData<string> Clearable => [.. DeclaredField.All.Where(declared => declared.IsClearable).Select(declared => declared.Name)];

    public static TheoryData<string, string> Parameters =>
        [.. DeclaredField.All.SelectMany(_ => (string[])["New-AuthressServiceClient", "Set-AuthressServiceClient"], (declared, cmdlet) => (cmdlet, declared.Name))];

    [Theory]
    [MemberData(nameof(Parameters))]
    public void A_field_is_a_parameter_that_takes_data_from_files(string cmdlet, string field)
    {
        Assert.True(ExportedCommands.Info(cmdlet).Parameters.TryGetValue(field, out ParameterMetadata? parameter), $"{cmdlet} has no parameter -{field}.");
        Type type = DeclaredField.Find(field).ValueType;
        Assert.Equal(type.IsValueType ? typeof(Nullable<>).MakeGenericType(type) : type, parameter.ParameterType);
        Assert.Contains(parameter.Attributes, attribute => attribute is ArgumentTransformationAttribute);
        Assert.Equal(new[] { DeclaredField.Find(field).ApiName }.OfType<string>(), parameter.Aliases);

        // Not where a fetched client is piped: its values are edits, and no parameter's.
        Assert.All(parameter.ParameterSets, set => Assert.Equal((set.Key, set.Key != "InputObject"), (set.Key, set.Value.ValueFromPipelineByPropertyName)));
        Assert.Equal(cmdlet[..3] == "New" ? 1 : 2, parameter.ParameterSets.Count);
    }

    [Theory]
    [MemberData(nameof(Parameters))]
    public void A_page_and_the_help_file_describe_the_parameter(string cmdlet, string field)
    {
        Assert.Contains(HelpPage.Read(cmdlet).Parameters, parameter => parameter.Name == field);
        Assert.Contains(ExternalHelp.Of(cmdlet).Parameters, parameter => parameter.Name == field);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_parameter_sets_its_own_field_and_no_other(string name)
    {
        DeclaredField field = DeclaredField.Find(name);
        PSObject created = _account.Run($"New-AuthressServiceClient {Named(name)} -{name} {field.Argument} -WarningAction Ignore").Ok().Single;
        AssertFields(created, field);
        string id = _account.Seed();
        AssertFields(_account.Run($"Set-AuthressServiceClient {id} -{name} {field.Argument} -PassThru -WarningAction Ignore").Ok().Single, field);
        id = _account.Seed();
        AssertFields(_account.Run($"[pscustomobject]@{{ ClientId = '{id}'; {name} = '{field.Text}' }} | Set-AuthressServiceClient -PassThru -WarningAction Ignore").Ok().Single, field);
        AssertFields(_account.Fetch(id), field);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_piped_row_with_only_that_field_is_used(string name)
    {
        DeclaredField field = DeclaredField.Find(name);
        foreach (string column in ((string?[])[name, field.ApiName]).OfType<string>())
        {
            string row = $"[pscustomobject]@{{ {column} = '{field.Text}' }}";
            AssertFields(_account.Run($"{row} | New-AuthressServiceClient {Named(name)} -WarningAction Ignore").Ok().Single, field);
            AssertFields(_account.Run($"{row} | Set-AuthressServiceClient {_account.Seed()} -PassThru -WarningAction Ignore").Ok().Single, field);
        }
    }

    [Fact]
    public void A_client_in_the_APIs_own_form_fills_every_field()
    {
        string id = _account.Seed("""{"name":"api","tags":{"a":"b"},"rateLimits":[{"duration":"PT1H","quota":1000}],"options":{"grantUserPermissionsAccess":true,"grantTokenGeneration":true}}""");
        string copy = Id(_account.Run($"Invoke-AuthressRequest /v1/clients/{id} | New-AuthressServiceClient -WarningAction Ignore").Ok().Single);
        _account.Run($"Invoke-AuthressRequest /v1/clients/{id} | Set-AuthressServiceClient -Name changed -WarningAction Ignore").Ok();
        foreach (PSObject client in (PSObject[])[_account.Fetch(id), _account.Fetch(copy)])
            Assert.Equal("a=b True True PT1H:1000", string.Join(' ', DeclaredField.All.Skip(1).Select(field => client.Properties[field.Name].Value)));
    }

    [Theory]
    [InlineData("'true'")]
    [InlineData("@{ grantTokenGeneration = 'perhaps' }")]
    public void A_row_with_options_that_can_not_be_read_is_an_error(string options) =>
        Assert.Equal("ParameterArgumentTransformationError", _account.Run($"[pscustomobject]@{{ Name = 'x'; options = {options} }} | New-AuthressServiceClient").ErrorId);

    [Theory]
    [MemberData(nameof(Names))]
    public void An_edit_of_a_fetched_client_is_read_as_the_parameter_reads_it(string name)
    {
        DeclaredField field = DeclaredField.Find(name);
        string id = _account.Seed();
        _account.Run($"$c = Get-AuthressServiceClient {id}; $c.{name} = {field.Argument}; $c | Set-AuthressServiceClient -WarningAction Ignore").Ok();
        AssertFields(_account.Fetch(id), field);
    }

    [Fact]
    public void Clear_accepts_the_fields_that_can_be_empty() => Assert.Equal(
        Clearable.Select(row => row.Data),
        Enum.GetNames(ExportedCommands.Info("Set-AuthressServiceClient").Parameters["Clear"].ParameterType.GetElementType()!));

    [Theory]
    [MemberData(nameof(Clearable))]
    public void Clear_clears_the_field_that_it_names(string name)
    {
        string id = Id(_account.Run($"New-AuthressServiceClient {Named(name)} -{name} {DeclaredField.Find(name).Argument}").Ok().Single);
        AssertFields(_account.Run($"Set-AuthressServiceClient {id} -Clear {name} -PassThru").Ok().Single);
        AssertFields(_account.Fetch(id));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Get_Member_shows_a_property_with_its_type(string name)
    {
        PSObject member = _account.Run($"$global:c = Get-AuthressServiceClient {_account.Seed()}; $c | Get-Member {name}").Ok().Single;
        Assert.Equal("Property", member.Properties["MemberType"].Value.ToString());
        string definition = $"{LanguagePrimitives.ConvertTo<string>(DeclaredField.Find(name).ValueType)} {name} {{get;set;}}";
        Assert.Equal(definition, member.Properties["Definition"].Value);
        foreach (string line in (string[])["$c.", "(Get-AuthressServiceClient x).", "Get-AuthressServiceClient | Select-Object ", "Get-AuthressServiceClient | Where-Object "])
        {
            _account.Shell.Set("line", line + name);
            PSObject completion = _account.Run("(TabExpansion2 $line $line.Length).CompletionMatches").Ok().Single;
            Assert.Equal(("Property", definition), (completion.Properties["ResultType"].Value.ToString(), completion.Properties["ToolTip"].Value.ToString()!.Replace("{ get; set; }", "{get;set;}", StringComparison.Ordinal)));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_copy_from_a_file_has_the_value_and_its_text(string name)
    {
        DeclaredField field = DeclaredField.Find(name);
        const string copied = "[System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize({0}))";
        _account.Run($"$made = Set-AuthressServiceClient {_account.Seed()} -{name} {field.Argument} -PassThru -WarningAction Ignore; $copy = {copied.Replace("{0}", "$made", StringComparison.Ordinal)}").Ok();
        AssertFields(_account.Run("$copy").Ok().Single, field);
        AssertFields(_account.Run(copied.Replace("{0}", "$copy", StringComparison.Ordinal)).Ok().Single, field);
    }

    [Theory]
    [InlineData("ConvertTo-Json $c")]
    [InlineData("$c | ConvertTo-Json")]
    [InlineData("ConvertTo-Json $c.AccessKey")]
    [InlineData("$c.AccessKey | ConvertTo-Json")]
    [InlineData("$c, $c | ConvertTo-Json -Depth 3")]
    public void Json_needs_no_depth_but_for_a_list(string convert)
    {
        string id = _account.Seed();
        _account.Server.IssueAccessKey(id);
        ShellResult result = _account.Run($"$c = Get-AuthressServiceClient {id}; {convert}").Ok();
        Assert.Empty(result.Warnings);
        string json = result.Single.ToString();
        Assert.Contains("\"GenerationDate\": \"20", json, StringComparison.Ordinal);
        Assert.DoesNotContain("TotalDays", json, StringComparison.Ordinal);
    }

    // A CSV file begins with the id.
    [Fact]
    public void Properties_are_in_the_order_of_the_fields() => Assert.Equal(
        ["ClientId", .. DeclaredField.All.Select(field => field.Name), "CreatedTime", "AccessKey"],
        _account.Fetch(_account.Seed()).Properties.Select(property => property.Name));

    [Fact]
    public void The_list_view_shows_every_field_in_order() => Assert.Equal(
        ["ClientId", .. DeclaredField.All.Select(field => field.Name), "CreatedTime", "AccessKey"],
        Label().Matches(_account.Shell.Show($"Get-AuthressServiceClient {_account.Seed()} | Format-List")).Select(label => label.Groups[1].Value));

    [Theory]
    [MemberData(nameof(Names))]
    public void The_list_view_shows_the_value_without_control_characters(string name)
    {
        DeclaredField field = DeclaredField.Find(name);
        Assert.Matches($@"{name}\s+: {Regex.Escape(field.Text)}\s", _account.Shell.Show($"New-AuthressServiceClient {Named(name)} -{name} {field.Argument} -WarningAction Ignore | Format-List"));
        if (field.ValueType == typeof(string))
            Assert.Contains(@": red\u001B[31m", _account.Shell.Show($"$c = Get-AuthressServiceClient {_account.Seed()}; $c.{name} = \"red`e[31m\"; $c | Format-List"), StringComparison.Ordinal);
    }

    // The name is mandatory, and may be empty.
    private static string Named(string field) => field == "Name" ? string.Empty : "-Name ''";

    /// <summary>The one field has its sample, and the others have nothing.</summary>
    private static void AssertFields(PSObject client, DeclaredField? set = null) => Assert.Equal(
        DeclaredField.All.Select(field => (field.Name, field == set ? field.Text : field.ValueType == typeof(bool) ? "False" : string.Empty)),
        DeclaredField.All.Select(field => (field.Name, client.Properties[field.Name].Value?.ToString() ?? string.Empty)));

    private static string Id(PSObject client) => (string)client.Properties["ClientId"].Value;

    [GeneratedRegex(@"^(\w+)\s+: ", RegexOptions.Multiline)]
    private static partial Regex Label();
}
