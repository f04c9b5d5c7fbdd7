using System.Buffers.Text;
using System.Net;
using System.Text;
using Authress.Client.Tests.Emulator;
using Authress.Client.Tests.Transport;
using NSec.Cryptography;

namespace Authress.Client.Tests.Tokens;

/// <summary>NSec has no build for .NET Framework, and the emulator is spoken to directly only where it is in the process.</summary>
public partial class SignedTokenSourceTests
{
    [Fact]
    public void Another_implementation_accepts_the_signature_and_only_that()
    {
        using Key pair = Key.Create(SignatureAlgorithm.Ed25519, new KeyCreationParameters { ExportPolicy = KeyExportPolicies.AllowPlaintextExport });
        string token = Sign(TestApi.AccessKeyOf(pair.Export(KeyBlobFormat.PkixPrivateKey)), "https://login.example.com");
        byte[] signed = Encoding.ASCII.GetBytes(token[..token.LastIndexOf('.')]);
        byte[] signature = Base64Url.DecodeFromChars(token.Split('.')[2]);

        Assert.True(SignatureAlgorithm.Ed25519.Verify(pair.PublicKey, signed, signature));
        signed[^1] ^= 1;
        Assert.False(SignatureAlgorithm.Ed25519.Verify(pair.PublicKey, signed, signature));
    }

    [Fact]
    public async Task A_ready_token_of_another_implementation_is_sent_as_it_is()
    {
        await using EmulatorSession session = await EmulatorSession.StartAsync();
        using AuthressApi api = TestApi.ConnectWithToken(session.Server.ApiUrl, session.Token);
        Assert.Equal((int)HttpStatusCode.OK, (await api.ProbeAsync(default)).StatusCode);

        await using ScriptedServer server = ScriptedServer.Start(ScriptedResponse.Json("""{"clients":[]}"""));
        using AuthressApi other = TestApi.ConnectWithToken(server.Url, session.Token);
        await other.ProbeAsync(default);
        Assert.Equal(session.Token, server.Requests[0].Token);
    }
}
