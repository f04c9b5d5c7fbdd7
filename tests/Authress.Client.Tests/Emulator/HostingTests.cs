using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Authress.Emulator;

namespace Authress.Client.Tests.Emulator;

public class HostingTests
{
    [Fact]
    public async Task Serves_https_with_a_certificate_and_an_https_URL()
    {
        using RSA rsa = RSA.Create(2048);
        CertificateRequest request = new("CN=localhost", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using X509Certificate2 made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        // Windows' TLS takes no key that lives in memory only.
        using X509Certificate2 certificate = X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
        await using EmulatorSession session = await EmulatorSession.StartAsync(new EmulatorOptions { Certificate = certificate });
        Assert.Equal(Uri.UriSchemeHttps, session.Server.ApiUrl.Scheme);

        using HttpClientHandler trusting = new() { ServerCertificateCustomValidationCallback = (_, shown, _, _) => shown!.Thumbprint == certificate.Thumbprint };
        using HttpClient http = new(trusting) { BaseAddress = session.Server.ApiUrl };
        http.DefaultRequestHeaders.Authorization = new("Bearer", session.Token);
        using HttpResponseMessage listing = await http.GetAsync("/v1/clients", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, listing.StatusCode);
    }

    [Fact]
    public async Task Accepts_requests_in_the_form_for_a_proxy()
    {
        await using EmulatorSession session = await EmulatorSession.StartAsync();
        using TcpClient connection = new();
        await connection.ConnectAsync("127.0.0.1", session.Server.ApiUrl.Port, TestContext.Current.CancellationToken);
        await using NetworkStream stream = connection.GetStream();
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes($"GET http://api.example/v1/clients?limit=1 HTTP/1.1\r\nHost: api.example\r\nConnection: close\r\nAuthorization: Bearer {session.Token}\r\n\r\n"),
            TestContext.Current.CancellationToken);
        using StreamReader reader = new(stream, Encoding.UTF8);
        Assert.StartsWith("HTTP/1.1 200 ", await reader.ReadToEndAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal("/v1/clients?limit=1", session.Server.Requests[0].Target);
    }

    [Fact]
    public async Task Runs_beside_other_emulators()
    {
        await using EmulatorSession one = await EmulatorSession.StartAsync();
        await using EmulatorSession other = await EmulatorSession.StartAsync();
        Assert.NotEqual(one.Server.ApiUrl, other.Server.ApiUrl);
        Assert.NotEqual(one.Server.AccountId, other.Server.AccountId);
        Assert.Equal(HttpStatusCode.Unauthorized, (await other.GetAsync("/v1/clients", one.Token)).Status);
    }

    [Fact]
    public async Task Stops_when_disposed()
    {
        EmulatorServer server = await EmulatorServer.StartAsync();
        await server.DisposeAsync();
        await server.DisposeAsync();
        using TcpClient connection = new();
        await Assert.ThrowsAnyAsync<SocketException>(() => connection.ConnectAsync("127.0.0.1", server.ApiUrl.Port, TestContext.Current.CancellationToken).AsTask());
    }
}
