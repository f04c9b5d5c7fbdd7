using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Text;
using Authress.Client.AccessKeys;
using Authress.Client.Tests.Transport;
using NSec.Cryptography;

namespace Authress.Client.Tests.AccessKeys;

/// <summary>Keys of this module and of the emulator, with other implementations. NSec has no build for .NET Framework.</summary>
public class OtherImplementationTests
{
    // Prints whether the signature of a token is that of a key: once as it is, and once with a byte changed.
    private const string Verifier = """
        const crypto = require('crypto');
        const [key, token] = require('fs').readFileSync(0, 'utf8').trim().split('\n');
        const publicKey = crypto.createPublicKey({ key: Buffer.from(key, 'base64'), format: 'der', type: 'spki' });
        const [head, body, signature] = token.split('.');
        const content = Buffer.from(head + '.' + body);
        const results = [crypto.verify(null, content, publicKey, Buffer.from(signature, 'base64url'))];
        content[0] ^= 1;
        results.push(crypto.verify(null, content, publicKey, Buffer.from(signature, 'base64url')));
        console.log(results.join(' '));
        """;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task NSec_verifies_the_tokens_of_a_key(bool isMadeHere)
    {
        (string publicKey, string token) = await SignAsync(isMadeHere);
        PublicKey key = PublicKey.Import(SignatureAlgorithm.Ed25519, Convert.FromBase64String(publicKey), KeyBlobFormat.PkixPublicKey);
        byte[] content = Encoding.ASCII.GetBytes(token[..token.LastIndexOf('.')]);
        byte[] signature = Base64Text.Decode(token.Split('.')[2]);
        Assert.True(SignatureAlgorithm.Ed25519.Verify(key, content, signature));
        content[0] ^= 1;
        Assert.False(SignatureAlgorithm.Ed25519.Verify(key, content, signature));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Node_verifies_the_tokens_of_a_key(bool isMadeHere)
    {
        (string publicKey, string token) = await SignAsync(isMadeHere);
        string? output = await RunAsync("node", ["-e", Verifier], $"{publicKey}\n{token}\n");
        Assert.SkipWhen(output is null, "node is not on PATH.");
        Assert.Equal("true false", output!.Trim());
    }

    [Fact]
    public async Task A_key_of_another_implementation_signs_what_the_emulator_accepts_once_its_public_half_is_registered()
    {
        await using ApiSession session = await ApiSession.StartAsync();
        using Key pair = Key.Create(SignatureAlgorithm.Ed25519, new KeyCreationParameters { ExportPolicy = KeyExportPolicies.AllowPlaintextExport });
        string publicKey = Encoding.ASCII.GetString(pair.PublicKey.Export(KeyBlobFormat.PkixPublicKeyText));
        using IssuedAccessKey key = await session.Api.CreateAccessKeyAsync(session.Server.AdminClientId, publicKey, default);
        Assert.Null(key.AccessKey);
        string privateKey = Convert.ToBase64String(pair.Export(KeyBlobFormat.PkixPrivateKey));
        using AuthressApi api = TestApi.Connect(session.Server.ApiUrl, string.Join('.', key.ClientId, key.KeyId, session.Server.AccountId, privateKey));
        Assert.Equal(new AccessKeyProof(true, 200, true, null), await api.ProveAccessKeyAsync(null, TimeSpan.Zero, default));
    }

    [Fact]
    public async Task A_public_key_of_OpenSSH_is_registered()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("authress-tests-");
        try
        {
            string file = Path.Combine(folder.FullName, "id_ed25519");
            Assert.SkipWhen(await RunAsync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "nobody@example.com", "-f", file], "") is null, "ssh-keygen is not on PATH.");
            string line = await File.ReadAllTextAsync(file + ".pub", TestContext.Current.CancellationToken);
            await using ApiSession session = await ApiSession.StartAsync();
            string id = session.Server.SeedClient();
            using IssuedAccessKey key = await session.Api.CreateAccessKeyAsync(id, line, default);

            // OpenSSH's own private key, in its own form, has the public half that was stored.
            string stored = Assert.Single(session.Server.FindClient(id)!.Keys).PublicKey;
            Assert.Equal(stored, key.PublicKey);
            Assert.Contains(Convert.ToBase64String([0, 0, 0, 32, .. Convert.FromBase64String(stored)[^32..]]), line, StringComparison.Ordinal);
            foreach (string other in (string[])["rsa", "ecdsa"])
            {
                string otherFile = Path.Combine(folder.FullName, other);
                await RunAsync("ssh-keygen", ["-q", "-t", other, "-N", "", "-f", otherFile], "");
                string otherLine = await File.ReadAllTextAsync(otherFile + ".pub", TestContext.Current.CancellationToken);
                await Assert.ThrowsAsync<ArgumentException>(() => session.Api.CreateAccessKeyAsync(id, otherLine, default));
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_key_that_never_leaves_SoftHSM2_signs_what_the_emulator_accepts()
    {
        string? library = Array.Find(["/usr/lib/softhsm/libsofthsm2.so", "/usr/local/lib/softhsm/libsofthsm2.so"], File.Exists);
        Assert.SkipWhen(library is null, "SoftHSM2 is not installed.");
        DirectoryInfo folder = Directory.CreateTempSubdirectory("authress-tests-");
        try
        {
            string configuration = Path.Combine(folder.FullName, "softhsm2.conf");
            await File.WriteAllTextAsync(configuration, $"directories.tokendir = {folder.FullName}\nobjectstore.backend = file\n", TestContext.Current.CancellationToken);
            string[] tool = ["--module", library!, "--login", "--pin", "1234", "--id", "01"];
            await RunAsync("softhsm2-util", ["--init-token", "--free", "--label", "tests", "--so-pin", "1234", "--pin", "1234"], "", configuration);
            string? made = await RunAsync("pkcs11-tool", [.. tool, "--keypairgen", "--key-type", "EC:edwards25519"], "", configuration);
            Assert.SkipWhen(made is null, "pkcs11-tool is not on PATH.");
            string publicKey = Path.Combine(folder.FullName, "public.pem");
            await RunAsync("pkcs11-tool", [.. tool, "--read-object", "--type", "pubkey", "--output-file", publicKey], "", configuration);

            await using ApiSession session = await ApiSession.StartAsync();
            using IssuedAccessKey key = await session.Api.CreateAccessKeyAsync(session.Server.AdminClientId, await File.ReadAllTextAsync(publicKey, TestContext.Current.CancellationToken), default);
            using IssuedAccessKey other = await session.Api.CreateAccessKeyAsync(session.Server.AdminClientId, session.Server.AccountId, GeneratedKeyPair.Generate, default);

            // The token of another key of the client, with this key's id and signature.
            using AuthressApi api = session.Api.WithAccessKey(AccessKeyCredential.Parse(other.AccessKey!));
            using AccessToken token = api.SignToken(TimeSpan.FromMinutes(5));
            string[] parts = new NetworkCredential("", token.Token).Password.Split('.');
            string head = Encoding.UTF8.GetString(Base64Text.Decode(parts[0])).Replace(other.KeyId, key.KeyId, StringComparison.Ordinal);
            string content = $"{Encode(Encoding.UTF8.GetBytes(head))}.{parts[1]}";
            (string contentFile, string signatureFile) = (Path.Combine(folder.FullName, "content"), Path.Combine(folder.FullName, "signature"));
            await File.WriteAllTextAsync(contentFile, content, TestContext.Current.CancellationToken);
            await RunAsync("pkcs11-tool", [.. tool, "--sign", "--mechanism", "EDDSA", "--input-file", contentFile, "--output-file", signatureFile], "", configuration);
            string signature = Encode(await File.ReadAllBytesAsync(signatureFile, TestContext.Current.CancellationToken));
            Assert.Equal(HttpStatusCode.OK, await ListAsync(session, $"{content}.{signature}"));
            Assert.Equal(HttpStatusCode.Unauthorized, await ListAsync(session, $"{content}.{parts[2]}"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        static string Encode(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');
    }

    private static async Task<HttpStatusCode> ListAsync(ApiSession session, string token)
    {
        using HttpClient client = new();
        using HttpRequestMessage request = new(HttpMethod.Get, new Uri(session.Server.ApiUrl, "/v1/clients"));
        request.Headers.Authorization = new System.Net.Http.Headers.AuthenticationHeaderValue("Bearer", token);
        using HttpResponseMessage response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }

    private static async Task<(string PublicKey, string Token)> SignAsync(bool isMadeHere)
    {
        await using ApiSession session = await ApiSession.StartAsync();
        string id = session.Server.SeedClient();
        using IssuedAccessKey key = isMadeHere
            ? await session.Api.CreateAccessKeyAsync(id, session.Server.AccountId, GeneratedKeyPair.Generate, default)
            : await session.Api.CreateAccessKeyAsync(id, default);
        using AuthressApi api = session.Api.WithAccessKey(AccessKeyCredential.Parse(key.AccessKey!));
        using AccessToken token = api.SignToken(TimeSpan.FromMinutes(5));
        return (session.Server.FindClient(id)!.Keys[0].PublicKey, new NetworkCredential("", token.Token).Password);
    }

    // The output of a program; null where it is not on PATH.
    private static async Task<string?> RunAsync(string program, string[] arguments, string input, string? softHsmConfiguration = null)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true };
        if (softHsmConfiguration is not null)
            start.Environment["SOFTHSM2_CONF"] = softHsmConfiguration;
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            return null;
        }

        using (process)
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
            string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(0, process.ExitCode);
            return output;
        }
    }
}
