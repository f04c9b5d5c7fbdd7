using Authress.PowerShell.Tests.Hosting;

namespace Authress.PowerShell.Tests.Contract;

public sealed class WhatIfTests : IAsyncLifetime
{
    private readonly Account _account = new();

    public ValueTask InitializeAsync() => _account.InitializeAsync();

    public ValueTask DisposeAsync() => _account.DisposeAsync();

    [Theory]
    [InlineData("New-AuthressServiceClient demo")]
    [InlineData("Set-AuthressServiceClient {0} -Name other")]
    [InlineData("Get-AuthressServiceClient {0} | Set-AuthressServiceClient -Name other")]
    [InlineData("Remove-AuthressServiceClient {0}")]
    [InlineData("New-AuthressAccessKey {0}")]
    [InlineData("Remove-AuthressAccessKey {0} key")]
    public void Sends_no_change_and_says_what_it_would_do(string script)
    {
        string id = _account.Seed();
        _account.Server.ClearRequests();
        ShellResult result = _account.Run(string.Format(System.Globalization.CultureInfo.InvariantCulture, script, id) + " -WhatIf").Ok();
        Assert.Empty(_account.Changes);
        Assert.StartsWith("What if: ", result.HostText, StringComparison.Ordinal);
        Assert.Contains(script.Contains("{0}", StringComparison.Ordinal) ? id : "demo", result.HostText, StringComparison.Ordinal);
    }
}
