using System.Management.Automation;
using System.Net;
using System.Net.Sockets;
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
    public void Shows_an_error_text_of_the_server_escaped()
    {
        _account.Server.AddFault("GET", "*", new StatusFault(400) { Title = Hostile }, times: -1);
        ErrorRecord error = Assert.Single(_account.Run("Get-AuthressServiceClient sc_x").Errors);
        Assert.DoesNotContain('\u001b', error.ToString());
        Assert.DoesNotContain('\u001b', error.Exception.Message);
        Assert.Contains("\\u001B[31m", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(Hostile, PSObject.AsPSObject(error.Exception).Properties["Title"].Value);
    }

    [Fact]
    public async Task Shows_a_header_escaped_in_the_trace_and_in_the_error()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        Task answering = Task.Run(async () =>
        {
            using TcpClient client = await listener.AcceptTcpClientAsync();
            NetworkStream stream = client.GetStream();
            byte[] request = new byte[8192];
            _ = await stream.ReadAsync(request);
            await stream.WriteAsync("HTTP/1.1 403 Forbidden\r\nx-amzn-requestid: r\x1b[31m\x9b2J\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray());
        });
        _account.Shell.Set("key", Shell.Secret(_account.Server.AccessKey));
        ShellResult result = _account.Run($"Connect-Authress http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port} $key -MaximumRetryCount 0; Get-AuthressServiceClient sc_x -Debug");
        await answering;
        string shown = string.Concat(result.Debug) + result.Errors[0] + result.Errors[0].Exception.Message;
        Assert.Contains("r\\u001B[31m", shown, StringComparison.Ordinal);
        Assert.DoesNotContain(shown.Replace(Environment.NewLine, string.Empty, StringComparison.Ordinal), char.IsControl);
    }

    [Theory]
    [InlineData("Set-AuthressServiceClient $hostile -Name x")]
    [InlineData("Get-AuthressServiceClient $hostile")]
    [InlineData("Remove-AuthressServiceClient $hostile -Confirm:$false")]
    [InlineData("Remove-AuthressAccessKey x $hostile -Confirm:$false")]
    [InlineData("New-AuthressServiceClient x -Tag $hostile")]
    [InlineData("New-AuthressServiceClient x -RateLimit $hostile")]
    [InlineData("New-AuthressServiceClient x -GrantTokenGeneration $hostile")]
    [InlineData("Connect-Authress $hostile $secret")]
    [InlineData("Connect-Authress http://127.0.0.1 -KeyFile $hostile")]
    [InlineData("New-AuthressAccessKey x -OutFile $hostile")]
    [InlineData("Get-AuthressServiceClient -Name \"[$hostile\"")]
    public void Shows_an_input_escaped_in_errors(string script)
    {
        _account.Shell.Set("hostile", Hostile);
        _account.Shell.Set("secret", Shell.Secret(_account.Server.AccessKey));
        _account.Shell.Run("Remove-Item -LiteralPath $hostile -ErrorAction Ignore");
        foreach (ErrorRecord error in _account.Run(script).Errors)
        {
            string shown = $"{error}{error.ErrorDetails?.Message}{error.ErrorDetails?.RecommendedAction}{error.CategoryInfo.TargetName}";
            Assert.DoesNotContain('\u001b', shown);
            Assert.DoesNotContain('\u202e', shown);
            Assert.DoesNotContain('\u009b', shown);
        }
    }

    [Theory]
    [InlineData("Get-AuthressServiceClient {0} | Remove-AuthressServiceClient -Confirm -Verbose")]
    [InlineData("Get-AuthressServiceClient {0} | New-AuthressAccessKey -Confirm -Verbose")]
    [InlineData("New-AuthressServiceClient $hostile -Confirm -Verbose")]
    public void Shows_a_name_escaped_in_prompts_and_messages(string script)
    {
        string client = _account.Seed($$"""{"name":"{{Json}}"}""");
        _account.Shell.Set("hostile", Hostile);
        _account.Shell.Answer = "Yes";
        ShellResult result = _account.Run(script.Replace("{0}", client, StringComparison.Ordinal)).Ok();
        string shown = Assert.Single(result.Questions) + string.Concat(result.Verbose) + result.HostText;
        Assert.Contains("\\u001B[31m", shown, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', shown);
        Assert.DoesNotContain('\u202e', shown);
    }

    [Fact]
    public void Shows_the_reason_of_a_failed_connection_escaped()
    {
        _account.Server.AddFault("GET", "*", new StatusFault(400) { Title = Hostile }, times: -1);
        ShellResult result = _account.Run("Test-AuthressConnection").Ok();
        string shown = result.Single.Properties["Message"].Value + _account.Shell.Show("Test-AuthressConnection");
        Assert.Contains("\\u001B[31m", shown, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', shown);
        Assert.DoesNotContain('\u202e', shown);
    }
}
