using System.Management.Automation;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Authress.Emulator;
using Authress.PowerShell.Tests.Hosting;

namespace Authress.PowerShell.Tests.Connections;

/// <summary>A connection is used where it was given, and nowhere else.</summary>
public sealed class SeveralConnectionsTests : IAsyncLifetime
{
    private readonly Account _account = new();
    private EmulatorServer _other = null!;

    public async ValueTask InitializeAsync()
    {
        await _account.InitializeAsync();
        _other = await EmulatorServer.StartAsync();
        _account.Shell.Set("key", Shell.Secret(_account.Server.AccessKey));
        _account.Shell.Set("otherKey", Shell.Secret(_other.AccessKey));
        _account.Shell.Set("manifest", Shell.ModuleManifest);
    }

    public async ValueTask DisposeAsync()
    {
        await _other.DisposeAsync();
        await _account.DisposeAsync();
    }

    [Fact]
    public void Uses_several_at_once_without_mixing_them_up()
    {
        _other.SeedClients(2);
        ShellResult result = _account.Run($$"""
            $one = Get-AuthressConnection
            $two = Connect-Authress {{_other.ApiUrl}} $otherKey -PassThru
            @(Get-AuthressServiceClient -Connection $one).Count
            @(Get-AuthressServiceClient -Connection $two).Count
            @(Get-AuthressServiceClient).Count
            $null = New-AuthressServiceClient here -Connection $one
            """).Ok();
        Assert.Equal([1, 3, 3], result.Output.Select(count => count.BaseObject));
        Assert.Equal(2, _account.Server.Clients.Count);
        Assert.Equal(3, _other.Clients.Count);
    }

    [Fact]
    public void Keeps_a_connection_in_a_variable_after_Disconnect() =>
        Assert.Single(_account.Run("$mine = Get-AuthressConnection; Disconnect-Authress; Get-AuthressServiceClient -Connection $mine").Ok().Output);

    [Fact]
    public void Leaks_no_connection_into_the_next_iteration_of_a_parallel_loop()
    {
        // One runspace serves them all, one after the other.
        ShellResult result = _account.Run($$"""
            1..3 | ForEach-Object -ThrottleLimit 1 -Parallel {
                Import-Module $using:manifest
                "before: $(@(Get-AuthressConnection).Count)"
                Connect-Authress {{_account.Server.ApiUrl}} $using:key
                "after: $(@(Get-AuthressConnection).Count)"
            }
            """).Ok();
        Assert.Equal(["before: 0", "after: 1", "before: 0", "after: 1", "before: 0", "after: 1"], result.Output.Select(line => line.ToString()));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Serves_a_parallel_loop_with_the_connection_of_the_session_around_it(int throttle)
    {
        string[] ids = [.. _account.Server.SeedClients(6)];
        _account.Shell.Set("ids", ids);
        ShellResult result = _account.Run($$"""
            $connection = Get-AuthressConnection
            $ids | ForEach-Object -ThrottleLimit {{throttle}} -Parallel { Import-Module $using:manifest; Get-AuthressServiceClient $_ -Connection $using:connection }
            """).Ok();
        Assert.Equal(ids.Order(StringComparer.Ordinal), result.Get("ClientId").Cast<string>().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_read_only_connection_reads_and_changes_nothing()
    {
        string id = _account.Seed("""{ "name": "before" }""");
        _account.Run($"Connect-Authress {_account.Server.ApiUrl} $key -ReadOnly").Ok();
        Assert.Equal(true, _account.Run("Get-AuthressConnection").Ok().Single.Properties["ReadOnly"].Value);
        Assert.Single(_account.Run($"Get-AuthressServiceClient {id}").Ok().Output);
        _account.Run($"Set-AuthressServiceClient {id} -Name after").Refused("ReadOnlyConnection", ErrorCategory.PermissionDenied, id);
        _account.Run($"Invoke-AuthressRequest /v1/clients/{id} DELETE").Refused("ReadOnlyConnection", ErrorCategory.PermissionDenied, $"/v1/clients/{id}");
        Assert.Empty(_account.Changes);
    }

    [Fact]
    public void Does_not_remove_its_own_client_or_key_when_connected_by_a_token()
    {
        string client = _account.Server.AdminClientId;
        string key = _account.Server.AdminKeyId;
        string token = $"{Part($$"""{"alg":"EdDSA","kid":"{{key}}"}""")}.{Part($$"""{"sub":"{{client}}","aud":"{{_account.Server.AccountId}}.accounts.authress.io"}""")}.c2lnbmF0dXJl";
        _account.Shell.Set("token", Shell.Secret(token));
        PSObject connection = _account.Run($"Connect-Authress {_account.Server.ApiUrl} -AccessToken $token -PassThru").Ok().Single;
        Assert.Equal(client, connection.Properties["ClientId"].Value);
        Assert.Equal(key, connection.Properties["KeyId"].Value);
        Assert.Equal(_account.Server.AccountId, connection.Properties["AccountId"].Value);
        _account.Server.ClearRequests();
        _account.Run($"Remove-AuthressServiceClient {client} -Confirm:$false").Refused("OwnServiceClient", ErrorCategory.InvalidOperation, client);
        _account.Run($"Remove-AuthressAccessKey {client} {key} -Confirm:$false").Refused("OwnAccessKey", ErrorCategory.InvalidOperation, key);
        Assert.Empty(_account.Server.Requests);
    }

    [Theory]
    [InlineData("no-token-at-all")]
    [InlineData("a.b.c")]
    [InlineData("eyJ9.eyJ9.x")]
    [InlineData("W10.W10.x")]
    public void Accepts_an_opaque_token(string token)
    {
        _account.Shell.Set("token", Shell.Secret(token));
        Assert.Null(_account.Run($"Connect-Authress {_account.Server.ApiUrl} -AccessToken $token -PassThru").Ok().Single.Properties["ClientId"].Value);
    }

    [Fact]
    public async Task Uses_the_given_proxy_and_does_not_send_it_the_token()
    {
        using TcpListener proxy = new(IPAddress.Loopback, 0);
        proxy.Start();
        int port = ((IPEndPoint)proxy.LocalEndpoint).Port;
        _account.Shell.Set("credential", new PSCredential("proxy-user", Shell.Secret("proxy-word")));
        _account.Run($"Connect-Authress https://authress.invalid $key -Proxy http://127.0.0.1:{port} -ProxyCredential $credential").Ok();
        Task<string> seen = ServeAsync(proxy);
        ShellResult result = await Task.Run(() => _account.Run("Get-AuthressServiceClient sc_x"));
        result.Refused("ConnectionFailed", ErrorCategory.ConnectionError, "sc_x");
        proxy.Stop();
        string requests = await seen;
        Assert.Contains("CONNECT authress.invalid:443", requests, StringComparison.Ordinal);
        Assert.Contains("Proxy-Authorization: Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("proxy-user:proxy-word")), requests, StringComparison.Ordinal);
        Assert.DoesNotContain("Bearer", requests, StringComparison.Ordinal);
        Assert.DoesNotContain("proxy-word", result.Errors[0].Exception.ToString(), StringComparison.Ordinal);
    }

    private static string Part(string json) => Convert.ToBase64String(Encoding.UTF8.GetBytes(json)).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    // A proxy that requires a password and refuses every request. Returns what it received.
    private static async Task<string> ServeAsync(TcpListener proxy)
    {
        StringBuilder seen = new();
        try
        {
            while (true)
            {
                using TcpClient caller = await proxy.AcceptTcpClientAsync();
                using StreamReader reader = new(caller.GetStream(), Encoding.ASCII, leaveOpen: true);
                bool isKnown = false;
                while (await reader.ReadLineAsync() is { Length: > 0 } line)
                {
                    seen.AppendLine(line);
                    isKnown |= line.StartsWith("Proxy-Authorization:", StringComparison.OrdinalIgnoreCase);
                }

                string answer = isKnown ? "HTTP/1.1 502 Bad Gateway\r\n" : "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"test\"\r\n";
                await caller.GetStream().WriteAsync(Encoding.ASCII.GetBytes(answer + "Content-Length: 0\r\nConnection: close\r\n\r\n"));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return seen.ToString();
        }
    }
}
