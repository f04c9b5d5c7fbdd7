using System.Management.Automation;
using Authress.Emulator.Faults;
using Authress.PowerShell.Tests.Hosting;

namespace Authress.PowerShell.Tests.Display;

/// <summary>What comes from elsewhere can't repaint the terminal, and stays as it is in the data.</summary>
public sealed class PrintableTextTests : IAsyncLifetime
{
    // Moves the cursor, colours, ends the line, rings, turns the direction of reading; the last is CSI in one character.
    private const string Json = @"red\u001b[31m\rup\u001b[1A\u0007\u202Egnp\u2066\u2028\u009b2J";
    private static readonly string Hostile = System.Text.Json.JsonSerializer.Deserialize<string>('"' + Json + '"')!;

    private readonly Account _account = new();

    public ValueTask InitializeAsync() => _account.InitializeAsync();

    public ValueTask DisposeAsync() => _account.DisposeAsync();

    [Theory]
    [InlineData("Get-AuthressServiceClient {0}")]
    [InlineData("Get-AuthressServiceClient {0} | Remove-AuthressServiceClient -WhatIf")]
    [InlineData("Get-AuthressServiceClient {0} | New-AuthressAccessKey -WhatIf")]
    [InlineData("$c = Get-AuthressServiceClient {0}; $c.Tag['new'] = '1'; $c | Set-AuthressServiceClient -WhatIf")]
    [InlineData("New-AuthressServiceClient $hostile -WhatIf -GrantTokenGeneration $true")]
    public void Shows_a_name_escaped(string script)
    {
        string client = _account.Seed($$"""{"name":"{{Json}}","tags":{"{{Json}}":"{{Json}}"} }""");
        _account.Shell.Set("hostile", Hostile);
        ShellResult result = _account.Run(script.Replace("{0}", client, StringComparison.Ordinal) + " | Out-Default").Ok();
        string shown = result.HostText + string.Concat(result.Warnings);
        Assert.Contains("\\u001B[31m", shown, StringComparison.Ordinal);
        Assert.DoesNotContain(shown, c => Hostile.Contains(c, StringComparison.Ordinal) && !char.IsAsciiLetterOrDigit(c) && c is not '[' and not '\r');
        Assert.DoesNotMatch("\r(?!\n)", shown);
    }

    [Fact]
    public void Keeps_a_name_as_it_is_in_the_data()
    {
        string client = _account.Seed($$"""{"name":"{{Json}}"}""");
        Assert.Equal(Hostile, _account.Fetch(client).Properties["Name"].Value);
    }

    [Fact]
    public void Shows_what_the_server_says_escaped()
    {
        _account.Server.AddFault("GET", "*", new StatusFault(400) { Title = Hostile }, times: -1);
        ErrorRecord error = Assert.Single(_account.Run("Get-AuthressServiceClient sc_x").Errors);
        Assert.DoesNotContain('\u001b', error.ToString());
        Assert.DoesNotContain('\u001b', error.Exception.Message);
        Assert.Contains("\\u001B[31m", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(Hostile, PSObject.AsPSObject(error.Exception).Properties["Title"].Value);
    }
}
