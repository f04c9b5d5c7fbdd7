using System.Management.Automation;
using Authress.PowerShell.Tests.Contract;
using Authress.PowerShell.Tests.Hosting;

namespace Authress.PowerShell.Tests.BadInput;

/// <summary>Values that Authress must refuse are refused before they are sent.</summary>
public sealed class ValueTests : IAsyncLifetime
{
    private static readonly Type[] TextTypes = [typeof(string), typeof(string[]), typeof(object), typeof(object[])];

    private readonly Account _account = new();
    private string _client = string.Empty;

    public static TheoryData<string> RateLimits =>
    [
        "'PT2H:1000'",
        "'PT1H:99'",
        "'PT1H:1000001'",
        "'PT1H:-1'",
        "'PT1H:many'",
        "'PT1H:1000:1'",
        "'PT1H:1e3'",
        "'1000'",
        "'PT1H:1000;PT5M:100'",
        "@('PT1H:1000', 'PT5M:100')",
        "@{ Duration = 'PT1H'; Quota = 5 }",
        "@{ Quota = 1000 }",
        "@{ Duration = 'PT1H'; Limit = 1000 }",
        "([pscustomobject]@{ Duration = 'P2D' })",
        "42",
    ];

    /// <summary>Every parameter that takes text, alone or beside certain objects. A request's body may be any object.</summary>
    public static TheoryData<string, string> Texts =>
    [
        .. from cmdlet in ExportedCommands.Cmdlets
           from parameter in ExportedCommands.Info(cmdlet).Parameters.Values
           where TextTypes.Contains(parameter.ParameterType) && parameter.Name != "Body" && !Cmdlet.CommonParameters.Contains(parameter.Name)
           select (cmdlet, parameter.Name),
    ];

    public async ValueTask InitializeAsync()
    {
        await _account.InitializeAsync();
        _client = _account.Seed("""{ "name": "before", "rateLimits": [{ "duration": "PT1H", "quota": 1000 }] }""");
        _account.Server.ClearRequests();
    }

    public ValueTask DisposeAsync() => _account.DisposeAsync();

    [Theory]
    [InlineData("Get-AuthressServiceClient -Name 'a['")]
    [InlineData("Get-AuthressServiceClient -Name ok, '[a-'")]
    [InlineData("Get-AuthressServiceClient -Tag @{ env = '[' }")]
    [InlineData("Get-AuthressAccessKey {0} -KeyId '['")]
    public void Refuses_an_invalid_pattern_and_sends_nothing(string script)
    {
        _account.Run(script.Replace("{0}", _client, StringComparison.Ordinal)).Refused("InvalidWildcard", ErrorCategory.InvalidArgument);
        Assert.Empty(_account.Server.Requests);
    }

    [Fact]
    public void Refuses_a_body_with_an_unreadable_property_and_sends_nothing()
    {
        _account.Shell.Set("stubborn", new Stubborn());
        _account.Run("Invoke-AuthressRequest /v1/other -Method POST -Body $stubborn").Refused("InvalidValue", ErrorCategory.InvalidArgument);
        Assert.Empty(_account.Server.Requests);
    }

    [Theory]
    [InlineData("New-AuthressServiceClient -Name $long")]
    [InlineData("New-AuthressServiceClient demo -Tag @{ k = $long }")]
    [InlineData("Set-AuthressServiceClient {0} -Name $long")]
    [InlineData("Set-AuthressServiceClient {0} -Tag @{ ok = 'v'; k = $long }")]
    public void Refuses_a_text_that_is_too_long_and_sends_nothing(string script)
    {
        script = script.Replace("{0}", _client, StringComparison.Ordinal);
        _account.Run($"$long = 'x' * 129; {script}").Refused("InvalidValue", ErrorCategory.InvalidArgument);
        Assert.Empty(_account.Server.Requests);
        _account.Run($"$long = 'x' * 128; {script}").Ok();
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void Refuses_an_object_where_text_belongs_and_sends_nothing(string cmdlet, string parameter)
    {
        _account.Shell.Set("secret", Shell.Secret("never shown"));
        string[] values = ["$secret", "([pscredential]::new('name', $secret))", "@{ a = 1 }", "(Get-Process -Id $PID)", "([pscustomobject]@{ a = 1 })"];
        bool isList = ExportedCommands.Info(cmdlet).Parameters[parameter].ParameterType.IsArray;
        foreach (string value in values.Concat(isList ? values.Select(value => $"'text', {value}") : []))
        {
            ShellResult result = _account.Run($"{cmdlet} -{parameter} {value}");

            // What can be piped beside files is refused by the cmdlet.
            if (result.Errors is [{ FullyQualifiedErrorId: { } id }] && id.StartsWith("NotSearchable,", StringComparison.Ordinal))
                result.Refused("NotSearchable", ErrorCategory.InvalidArgument);
            else
                result.RefusedByBinding("ParameterArgumentTransformationError");
        }

        Assert.Empty(_account.Server.Requests);
    }

    [Fact]
    public void Refuses_a_secret_in_place_of_the_API_URL_and_connects_to_nothing()
    {
        _account.Shell.Set("secret", Shell.Secret(_account.Server.AccessKey));
        _account.Run("Disconnect-Authress; Connect-Authress $secret").RefusedByBinding("ParameterArgumentTransformationError");
        Assert.Empty(_account.Run("Get-AuthressConnection").Ok().Output);
    }

    [Theory]
    [MemberData(nameof(RateLimits))]
    public void Refuses_an_invalid_rate_limit_and_sends_nothing(string limit)
    {
        _account.Run($"New-AuthressServiceClient demo -RateLimit {limit}").RefusedByBinding("ParameterArgumentTransformationError");
        _account.Run($"Set-AuthressServiceClient {_client} -RateLimit {limit}").RefusedByBinding("ParameterArgumentTransformationError");
        Assert.Empty(_account.Server.Requests);
    }

    [Theory]
    [InlineData("[Authress.RateLimit]::new('PT2H', 1000)")]
    [InlineData("[Authress.RateLimit]::new('PT1H', 99)")]
    [InlineData("[Authress.RateLimit]::new('PT1H', 1000001)")]
    public void Refuses_an_invalid_rate_limit_in_an_edited_client_and_sends_no_change(string limit)
    {
        _account.Run($"New-AuthressServiceClient demo -RateLimit ({limit})").Refused("InvalidValue", ErrorCategory.InvalidArgument);
        _account.Run($"$client = Get-AuthressServiceClient {_client}; $client.RateLimit = {limit}; $client | Set-AuthressServiceClient").Refused("InvalidValue", ErrorCategory.InvalidArgument);
        Assert.Empty(_account.Changes);
    }

    [Theory]
    [InlineData("Name", "x129")]
    [InlineData("RateLimit", "PT2H:1")]
    [InlineData("Tag", "no equals sign")]
    [InlineData("GrantTokenGeneration", "yes")]
    [InlineData("GrantUserPermissionsAccess", "maybe")]
    public void Continues_with_the_next_row_after_an_invalid_one(string column, string cell)
    {
        PSObject wrong = new();
        wrong.Properties.Add(new PSNoteProperty(column, cell == "x129" ? new string('x', 129) : cell));
        PSObject right = new();
        right.Properties.Add(new PSNoteProperty("Name", "right"));
        ShellResult result = _account.Run("$input | New-AuthressServiceClient", wrong, right);
        Assert.NotNull(Assert.Single(result.Errors).TargetObject);
        Assert.Equal(["right"], result.Get("Name"));
        Assert.Single(_account.Changes);
    }

    private sealed class Stubborn
    {
        public string Fine => "fine";

        public string Broken => throw new InvalidOperationException("Not now.");
    }
}
