using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Authress.Emulator;

namespace Authress.Client.Tests.Transport;

/// <summary>Mono makes no certificates.</summary>
public partial class ConnectionFailureTests
{
    [Theory]
    [MemberData(nameof(Names))]
    public async Task Nothing_is_sent_to_a_server_with_an_untrusted_certificate(string operation)
    {
        using X509Certificate2 certificate = SelfSigned();
        await using EmulatorServer server = await EmulatorServer.StartAsync(new EmulatorOptions { Certificate = certificate });
        Assert.Equal("https", server.ApiUrl.Scheme);
        using AuthressApi api = TestApi.Connect(server.ApiUrl, server.AccessKey);
        AuthressApiException error = await Assert.ThrowsAsync<AuthressApiException>(() => Call(operation)(api));
        Assert.Equal((ApiFailure.ConnectionFailed, false), (error.Failure, error.OutcomeUnknown));
        Assert.Empty(server.Requests);
    }

    private static X509Certificate2 SelfSigned()
    {
        using RSA key = RSA.Create(2048);
        CertificateRequest request = new("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}
