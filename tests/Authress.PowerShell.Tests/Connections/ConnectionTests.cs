using System.Management.Automation;
using Authress.PowerShell.Tests.Hosting;

namespace Authress.PowerShell.Tests.Connections;

public sealed class ConnectionTests : IAsyncLifetime
{
    private readonly Account _account = new();

    public ValueTask InitializeAsync() => _account.InitializeAsync();

    public ValueTask DisposeAsync() => _account.DisposeAsync();

    [Fact]
    public void Connects_without_a_request_and_without_output()
    {
        _account.Server.ClearRequests();
        _account.Shell.Set("key", Shell.Secret(_account.Server.AccessKey));
        ShellResult result = _account.Run($"Connect-Authress {_account.Server.ApiUrl} $key").Ok();
        Assert.Empty(result.Output);
        Assert.Empty(result.HostText);
        Assert.Empty(_account.Server.Requests);
    }

    [Fact]
    public void Shows_the_connection()
    {
        PSObject connection = _account.Run("Get-AuthressConnection").Ok().Single;
        Assert.Equal(_account.Server.ApiUrl, connection.Properties["ApiUrl"].Value);
        Assert.Equal(_account.Server.AccountId, connection.Properties["AccountId"].Value);
        Assert.Equal(_account.Server.AdminClientId, connection.Properties["ClientId"].Value);
        Assert.Equal(_account.Server.AdminKeyId, connection.Properties["KeyId"].Value);
        Assert.Equal("AccessKey", connection.Properties["Authentication"].Value.ToString());
        Assert.Equal($"{_account.Server.AdminClientId} at {_account.Server.ApiUrl.ToString().TrimEnd('/')}", connection.ToString());
    }

    [Fact]
    public void Returns_the_connection_with_PassThru()
    {
        _account.Shell.Set("key", Shell.Secret(_account.Server.AccessKey));
        Assert.Equal("Authress.Connection", _account.Run($"Connect-Authress {_account.Server.ApiUrl} $key -PassThru").Ok().Single.BaseObject.GetType().FullName);
    }

    [Fact]
    public void Sends_a_ready_access_token_as_it_is()
    {
        _account.Shell.Set("token", Shell.Secret("a.ready.token"));
        _account.Run($"Connect-Authress {_account.Server.ApiUrl} -AccessToken $token").Ok();
        _account.Server.ClearRequests();
        Assert.Equal("AuthenticationFailed", _account.Run("Get-AuthressServiceClient").ErrorId);
        // A token that was refused can't be renewed, so it is not sent a second time.
        Assert.Equal("Bearer", Assert.Single(_account.Server.Requests).AuthorizationScheme);
    }

    [Fact]
    public void Reports_a_missing_connection()
    {
        ShellResult result = _account.Run("Disconnect-Authress; Get-AuthressServiceClient");
        // It ends the statement, as an error that no other input can mend should.
        Assert.Equal("caught", _account.Run("try { Get-AuthressServiceClient } catch { 'caught' }").Ok().Single.BaseObject);
        Assert.Equal("NotConnected", result.ErrorId);
        Assert.Contains("Connect-Authress", result.Errors[0].ErrorDetails.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void Shows_nothing_where_there_is_no_connection() =>
        Assert.Empty(_account.Run("Disconnect-Authress; Get-AuthressConnection").Ok().Output);

    [Fact]
    public void Forgets_the_connection_when_its_runspace_is_reset()
    {
        _account.Shell.Runspace.ResetRunspaceState();
        Assert.Equal("NotConnected", _account.Run("Get-AuthressServiceClient").ErrorId);
    }

    [Fact]
    public void Refuses_a_deserialized_connection()
    {
        PSObject copy = Shell.Deserialized(_account.Run("Get-AuthressConnection").Ok().Single);
        _account.Shell.Set("copy", copy);
        ShellResult result = _account.Run("Get-AuthressServiceClient -Connection $copy");
        Assert.Equal("ParameterArgumentTransformationError", result.ErrorId);
        Assert.Contains("Run Connect-Authress", result.Errors[0].ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Remove-Module Authress; Import-Module '{0}'")]
    [InlineData("$WhatIfPreference = $true; Remove-Module Authress -WhatIf:$false; $WhatIfPreference = $false; Import-Module '{0}'")]
    [InlineData("Import-Module '{0}' -Force")]
    public void Leaves_nothing_connected_when_the_module_is_removed(string script)
    {
        ShellResult result = _account.Run($"$kept = Get-AuthressConnection; {script.Replace("{0}", Shell.ModuleManifest, StringComparison.Ordinal)}; Get-Variable *AuthressConnection; Get-AuthressConnection; (Get-AuthressServiceClient -Connection $kept).Count").Ok();
        Assert.Equal(1, result.Single.BaseObject);
    }

    [Fact]
    public void Tests_the_connection()
    {
        PSObject result = _account.Run("Test-AuthressConnection").Ok().Single;
        Assert.Equal(true, result.Properties["Success"].Value);
        Assert.Equal(200, result.Properties["StatusCode"].Value);
        Assert.Equal(TimeSpan.Zero, result.Properties["ClockSkew"].Value);
        Assert.Equal(true, _account.Run("Test-AuthressConnection -Quiet").Ok().Single.BaseObject);
    }

    [Fact]
    public void A_connection_without_permission_to_list_works()
    {
        _account.Shell.Set("key", Shell.Secret(_account.Server.IssueAccessKey(_account.Seed())));
        _account.Run($"Connect-Authress {_account.Server.ApiUrl} $key").Ok();
        PSObject result = _account.Run("Test-AuthressConnection").Ok().Single;
        Assert.Equal(true, result.Properties["Success"].Value);
        Assert.Equal(403, result.Properties["StatusCode"].Value);
    }

    [Fact]
    public void Refuses_a_proxys_credential_without_a_proxy()
    {
        _account.Shell.Set("key", Shell.Secret(_account.Server.AccessKey));
        _account.Shell.Set("user", new PSCredential("user", Shell.Secret("word")));
        Assert.Equal("InvalidConnection", _account.Run($"Connect-Authress {_account.Server.ApiUrl} $key -ProxyCredential $user").ErrorId);
        foreach (string proxy in new[] { "proxy", "proxy.example.com:8080", "/a", "ftp://proxy.example.com", "http://user:word@proxy.example.com" })
        {
            ShellResult refused = _account.Run($"Connect-Authress {_account.Server.ApiUrl} $key -Proxy {proxy}");
            Assert.Equal("InvalidConnection", refused.ErrorId);
            Assert.DoesNotContain("user:word", refused.Errors[0].ToString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("$mistyped")]
    [InlineData("production")]
    public void Refuses_anything_else_as_a_connection(string value)
    {
        _account.Server.ClearRequests();
        Assert.Equal("ParameterArgumentTransformationError", _account.Run($"Get-AuthressServiceClient -Connection {value}").ErrorId);
        Assert.Empty(_account.Server.Requests);
    }

    [Fact]
    public void Tests_a_connection_to_a_server_that_fails()
    {
        _account.Connect("-MaximumRetryCount 0");
        _account.Server.AddFault("GET", "*", new Emulator.Faults.StatusFault(503), times: -1);
        PSObject result = _account.Run("Test-AuthressConnection").Ok().Single;
        Assert.Equal(false, result.Properties["Success"].Value);
        Assert.Equal(503, result.Properties["StatusCode"].Value);
    }

    [Fact]
    public void Refuses_an_account_that_is_not_the_keys()
    {
        _account.Shell.Set("key", Shell.Secret(_account.Server.AccessKey));
        Assert.Equal("InvalidConnection", _account.Run($"Connect-Authress {_account.Server.ApiUrl} $key -AccountId acc-other").ErrorId);
    }

    [Theory]
    [InlineData(403)]
    [InlineData(404)]
    public void An_HTML_page_proves_nothing_about_the_credential(int status)
    {
        _account.Server.AddFault("GET", "/v1/clients*", new Emulator.Faults.StatusFault(status) { Body = Emulator.Faults.FaultBody.Html }, times: -1);
        Assert.Equal(false, _account.Run("Test-AuthressConnection -Quiet").Ok().Single.BaseObject);
        _account.Shell.Set("key", Shell.Secret(_account.Server.AccessKey));
        Assert.Null(_account.Run("Test-AuthressAccessKey $key").Ok().Single.Properties["Works"].Value);
    }

    [Fact]
    public void Reports_a_failed_connection_without_an_error()
    {
        _account.Shell.Set("key", Shell.Secret(_account.Server.AccessKey));
        _account.Run("Connect-Authress http://localhost:1 $key -MaximumRetryCount 1").Ok();
        PSObject result = _account.Run("Test-AuthressConnection").Ok().Single;
        Assert.Equal(false, result.Properties["Success"].Value);
        Assert.Null(result.Properties["StatusCode"].Value);
        Assert.NotNull(result.Properties["Message"].Value);
        Assert.Equal("Authress.AuthressApiException", result.Properties["Exception"].Value.GetType().FullName);
        Assert.Empty(_account.Run("Test-AuthressConnection | ConvertTo-Json").Ok().Warnings);
        Assert.Equal(false, _account.Run("Test-AuthressConnection -Quiet").Ok().Single.BaseObject);
    }
}
