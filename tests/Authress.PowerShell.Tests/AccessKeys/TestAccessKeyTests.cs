using System.Management.Automation;
using Authress.PowerShell.Tests.Hosting;

namespace Authress.PowerShell.Tests.AccessKeys;

public sealed class TestAccessKeyTests : IAsyncLifetime
{
    private readonly Account _account = new();

    public ValueTask InitializeAsync() => _account.InitializeAsync();

    public ValueTask DisposeAsync() => _account.DisposeAsync();

    [Fact]
    public void Names_the_client_and_account_of_a_working_key()
    {
        PSObject result = Test(_account.Server.AccessKey);
        Assert.Equal(true, result.Properties["Works"].Value);
        Assert.Equal(_account.Server.AdminClientId, result.Properties["ClientId"].Value);
        Assert.Equal(_account.Server.AdminKeyId, result.Properties["KeyId"].Value);
        Assert.Equal(_account.Server.AccountId, result.Properties["AccountId"].Value);
    }

    [Fact]
    public void A_key_without_permission_to_list_works()
    {
        PSObject result = Test(_account.Server.IssueAccessKey(_account.Seed()));
        Assert.Equal(true, result.Properties["Works"].Value);
        Assert.Equal(403, result.Properties["StatusCode"].Value);
    }

    [Fact]
    public void A_deleted_key_does_not_work()
    {
        string client = _account.Seed();
        string key = _account.Server.IssueAccessKey(client);
        _account.Run($"Remove-AuthressAccessKey {client} {key.Split('.')[1]} -Confirm:$false").Ok();
        Assert.Equal(false, Test(key).Properties["Works"].Value);
    }

    [Theory]
    [InlineData("not a key")]
    [InlineData("sc_x.key.acc-1.AAAA")]
    public void A_text_that_is_not_a_key_is_malformed_and_nothing_is_sent(string text)
    {
        _account.Server.ClearRequests();
        PSObject result = Test(text);
        Assert.Equal(false, result.Properties["IsWellFormed"].Value);
        Assert.Equal(false, result.Properties["Works"].Value);
        Assert.NotNull(result.Properties["Message"].Value);
        Assert.Empty(_account.Server.Requests);
    }

    [Fact]
    public void An_unreachable_API_leaves_the_test_inconclusive()
    {
        _account.Shell.Set("key", Shell.Secret(_account.Server.AccessKey));
        PSObject result = _account.Run("Test-AuthressAccessKey $key -ApiUrl http://localhost:1").Ok().Single;
        Assert.Null(result.Properties["Works"].Value);

        // Neither true nor false: a script would believe either.
        ShellResult quiet = _account.Run("Test-AuthressAccessKey $key -ApiUrl http://localhost:1 -Quiet");
        Assert.Equal("AccessKeyNotTested", quiet.ErrorId);
        Assert.Empty(quiet.Output);
    }

    [Fact]
    public void Tests_new_keys_without_a_connection()
    {
        string client = _account.Seed();
        Assert.Equal(true, _account.Run($"New-AuthressAccessKey {client} | Test-AuthressAccessKey -Quiet").Ok().Single.BaseObject);
        Assert.Equal(true, _account.Run($"$plain = New-AuthressAccessKey {client} -AsPlainText; $plain | Test-AuthressAccessKey -Quiet").Ok().Single.BaseObject);
        _account.Shell.Set("copy", Shell.Deserialized(_account.Run("$plain").Single));
        Assert.Equal(true, _account.Run("$copy | Test-AuthressAccessKey -Quiet").Ok().Single.BaseObject);
        Assert.Equal(true, _account.Run("Test-AuthressAccessKey $copy -Quiet").Ok().Single.BaseObject);
        _account.Shell.Set("key", Shell.Secret(_account.Server.AccessKey));
        Assert.Equal(true, _account.Run($"Disconnect-Authress; Test-AuthressAccessKey $key -ApiUrl {_account.Server.ApiUrl} -Quiet").Ok().Single.BaseObject);
    }

    [Theory]
    [InlineData("Test-AuthressAccessKey $plain")]
    [InlineData("$plain | Test-AuthressAccessKey")]
    [InlineData("[pscustomobject]@{ AccessKey = $plain } | Test-AuthressAccessKey -Quiet")]
    public void Refuses_a_plain_string_and_sends_nothing(string script)
    {
        _account.Shell.Set("plain", _account.Server.AccessKey);
        _account.Server.ClearRequests();
        ErrorRecord error = _account.Run(script).Refused("PlainStringGiven", ErrorCategory.InvalidArgument);
        Assert.Null(error.TargetObject);
        Assert.Empty(_account.Server.Requests);
    }

    private PSObject Test(string key)
    {
        _account.Shell.Set("key", Shell.Secret(key));
        return _account.Run("Test-AuthressAccessKey $key").Ok().Single;
    }
}
