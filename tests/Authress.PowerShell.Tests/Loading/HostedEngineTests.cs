namespace Authress.PowerShell.Tests.Loading;

public sealed class HostedEngineTests
{
    [Fact]
    public void The_hosted_engine_is_the_pinned_shells_version()
    {
        using System.Management.Automation.PowerShell engine = System.Management.Automation.PowerShell.Create();
        object version = engine.AddScript("$PSVersionTable.PSVersion").Invoke().Single().BaseObject;
        Assert.Equal(PinnedShell.Pwsh.Version, version.ToString());
    }
}
