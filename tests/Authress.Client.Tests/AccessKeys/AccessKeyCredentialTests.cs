using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Authress.Client.AccessKeys;
using Authress.Client.Reports;
using Authress.Client.Tests.Emulator;
using Authress.Client.Tests.Transport;

namespace Authress.Client.Tests.AccessKeys;

public partial class AccessKeyCredentialTests
{
    // Made once: a key of this kind takes a while.
    private static readonly RSA Rsa = RSA.Create(2048);

    private static readonly Dictionary<string, Func<string>> BrokenKeys = new()
    {
        ["nothing"] = () => "",
        ["spaces"] = () => "  \r\n ",
        ["one part"] = () => Convert.ToBase64String(RandomNumberGenerator.GetBytes(48)),
        ["two parts"] = () => Cut(2),
        ["three parts"] = () => Cut(3),
        ["five parts"] = () => TestApi.NewAccessKey() + "." + Convert.ToBase64String(RandomNumberGenerator.GetBytes(12)),
        ["no client id"] = () => Replace(0, ""),
        ["no key id"] = () => Replace(1, " "),
        ["no account"] = () => Replace(2, ""),
        ["no private key"] = () => Replace(3, ""),
        ["private key cut by one"] = () => TestApi.NewAccessKey()[..^1],
        ["private key cut in the middle"] = () => TestApi.NewAccessKey()[..^30],
        ["private key cut to a few letters"] = () => TestApi.NewAccessKey()[..^60],
        ["private key begun late"] = () => Replace(3, TestApi.NewAccessKey().Split('.')[3][8..]),
        ["private key doubled"] = () => TestApi.NewAccessKey() + TestApi.NewAccessKey().Split('.')[3],
        ["letters that are no base64"] = () => Replace(3, string.Concat(Enumerable.Repeat("ü*!", 20))),
        ["random bytes"] = () => Replace(3, Convert.ToBase64String(RandomNumberGenerator.GetBytes(48))),
        ["the bare seed"] = () => Replace(3, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))),
        ["a seed that is too short"] = () => Replace(3, Convert.ToBase64String([.. Convert.FromHexString("302d020100300506032b65700421041f"), .. RandomNumberGenerator.GetBytes(31)])),
        ["an X25519 key"] = () => Replace(3, Convert.ToBase64String([.. Convert.FromHexString("302e020100300506032b656e04220420"), .. RandomNumberGenerator.GetBytes(32)])),
        ["an Ed448 key"] = () => Replace(3, Convert.ToBase64String([.. Convert.FromHexString("3047020100300506032b6571043b0439"), .. RandomNumberGenerator.GetBytes(57)])),
        ["an RSA key"] = () => Replace(3, Convert.ToBase64String(Rsa.ExportPkcs8PrivateKey())),
        ["a P-256 key"] = () => Replace(3, Convert.ToBase64String(ExportEc())),
        ["a public key"] = () => Replace(3, TokenForge.PublicKeyOf(RandomNumberGenerator.GetBytes(32))),
        ["a token"] = () => new TokenForge("sc_a", "k", "acc-a", RandomNumberGenerator.GetBytes(32)).Token(new Uri("https://x")),
        ["legacy without audience"] = () => Legacy(json => json.Remove("audience")),
        ["legacy without client"] = () => Legacy(json => json.Remove("clientId")),
        ["legacy without key id"] = () => Legacy(json => json.Remove("keyId")),
        ["legacy without private key"] = () => Legacy(json => json.Remove("privateKey")),
        ["legacy with an empty client"] = () => Legacy(json => json["clientId"] = ""),
        ["legacy with a number for a client"] = () => Legacy(json => json["clientId"] = 7),
        ["legacy cut by one"] = () => Legacy(_ => { }).TrimEnd('=')[..^1],
        ["legacy cut in the middle"] = () => Legacy(_ => { })[..400],
        ["legacy with garbage for PEM"] = () => Legacy(json => json["privateKey"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(100))),
        ["legacy with garbage in PEM"] = () => Legacy(json => json["privateKey"] = $"-----BEGIN PRIVATE KEY-----\n{Convert.ToBase64String(RandomNumberGenerator.GetBytes(100))}\n-----END PRIVATE KEY-----"),
        ["legacy with half a PEM"] = () => Legacy(json => json["privateKey"] = Rsa.ExportPkcs8PrivateKeyPem()[..800]),
        ["legacy with a PEM without an end"] = () => Legacy(json => json["privateKey"] = Rsa.ExportPkcs8PrivateKeyPem().Split("-----END")[0]),
        ["legacy with a public key"] = () => Legacy(json => json["privateKey"] = Rsa.ExportSubjectPublicKeyInfoPem()),
        ["legacy with an encrypted key"] = () => Legacy(json => json["privateKey"] = Rsa.ExportEncryptedPkcs8PrivateKeyPem("word", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000))),
        ["legacy with a traditionally encrypted key"] = () => Legacy(json => json["privateKey"] = Rsa.ExportRSAPrivateKeyPem().Replace("KEY-----\n", "KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00000000000000000000000000000000\n\n", StringComparison.Ordinal)),
        ["legacy with an Ed25519 key"] = () => Legacy(json => json["privateKey"] = Pem(TestApi.Pkcs8(RandomNumberGenerator.GetBytes(32)))),
        ["legacy with a P-256 key"] = () => Legacy(json => json["privateKey"] = Pem(ExportEc())),
        ["legacy of nonsense"] = () => "eyJ" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(90)),
    };

    // A whole key, and around or within it what a copy or a file may bring along.
    private static readonly Dictionary<string, (string Format, string Message)> WrappedKeys = new()
    {
        ["an assignment"] = ("AUTHRESS_KEY={0}", nameof(Messages.CredentialNamed)),
        ["a quoted assignment"] = ("AUTHRESS_KEY = \"{0}\"", nameof(Messages.CredentialNamed)),
        ["an export"] = ("export AUTHRESS_KEY={0}", nameof(Messages.CredentialNamed)),
        ["an assignment in PowerShell"] = ("$env:AUTHRESS_KEY = '{0}'", nameof(Messages.CredentialNamed)),
        ["a line of YAML"] = ("authress-key: {0}", nameof(Messages.CredentialNamed)),
        ["a name and a colon"] = ("AUTHRESS_KEY:{0}", nameof(Messages.CredentialNamed)),
        ["an option"] = ("--access-key={0}", nameof(Messages.CredentialNamed)),
        ["a variable's sign"] = ("${0}", nameof(Messages.CredentialPreceded)),
        ["a URL"] = ("https://localhost/?key:{0}", nameof(Messages.CredentialPreceded)),
        ["a letter that is shown as a blank"] = ("\u3164{0}", nameof(Messages.CredentialPreceded)),
        ["a scheme"] = ("Bearer {0}", nameof(Messages.CredentialWithScheme)),
        ["a header"] = ("Authorization: Bearer {0}", nameof(Messages.CredentialNamed)),
        ["single quotes"] = ("'{0}'", nameof(Messages.CredentialQuoted)),
        ["typographic quotes"] = ("\u201C{0}\u201D", nameof(Messages.CredentialQuoted)),
        ["a comment before"] = ("# production\n{0}\n", nameof(Messages.CredentialCommented)),
        ["a comment after"] = ("{0}\r\n# production", nameof(Messages.CredentialCommented)),
        ["a byte order mark"] = ("\uFEFF{0}", nameof(Messages.CredentialInvisible)),
        ["a zero-width space"] = ("\u200B{0}", nameof(Messages.CredentialInvisible)),
        ["a zero-width space at its end"] = ("{0}\u200B\n", nameof(Messages.CredentialInvisible)),
        ["half a surrogate pair"] = ("{0}\uD83D", nameof(Messages.CredentialInvisible)),
        ["a null"] = ("{0}\0", nameof(Messages.CredentialInvisible)),
        ["a second key"] = ("{0}\n{0}", nameof(Messages.CredentialBroken)),
        ["a line break within"] = ("\n", nameof(Messages.CredentialBroken)),
        ["a space within"] = (" ", nameof(Messages.CredentialBroken)),
        ["a no-break space within"] = ("\u00A0", nameof(Messages.CredentialBroken)),
    };

    public static TheoryData<string> BrokenKeyNames => [.. BrokenKeys.Keys];

    public static TheoryData<string> WrappedKeyNames => [.. WrappedKeys.Keys];

    [Theory]
    [MemberData(nameof(WrappedKeyNames))]
    public void A_common_copying_mistake_is_named_and_the_key_is_not_shown(string name)
    {
        (string format, string message) = WrappedKeys[name];
        foreach (string key in new[] { TestApi.NewAccessKey(), Legacy(_ => { }) })
        {
            string text = format.Contains("{0}", StringComparison.Ordinal) ? format.Replace("{0}", key, StringComparison.Ordinal) : key.Insert(key.Length - 30, format);
            FormatException refusal = Assert.Throws<FormatException>(() => AccessKeyCredential.Parse(text));
            Assert.StartsWith(Messages.ResourceManager.GetString(message, null)!.Split('{')[0], refusal.Message, StringComparison.Ordinal);
            AssertShowsNoPiece(refusal, key);
        }
    }

    [Theory]
    [MemberData(nameof(BrokenKeyNames))]
    public void A_search_finds_no_key_in_a_text_that_is_not_one(string name)
    {
        // These contain one.
        bool isKey = name is "five parts" or "private key doubled";
        Assert.Equal(isKey ? 1 : 0, new AccessKeyReader().Read(BrokenKeys[name](), null).Count);
    }

    [Theory]
    [MemberData(nameof(BrokenKeyNames))]
    public void A_text_that_is_not_an_access_key_is_refused_and_not_shown(string name)
    {
        string broken = BrokenKeys[name]();
        FormatException refusal = Assert.Throws<FormatException>(() => AccessKeyCredential.Parse(broken));
        Assert.Null(refusal.InnerException);
        Assert.NotEmpty(refusal.Message);

        // The ids of a key are not secret. In the older form they can't be separated from the key.
        string secret = broken.Split('.') is { Length: >= 4 } parts ? string.Join('.', parts[3..]) : broken;
        AssertShowsNoPiece(refusal, secret);
        if (name.StartsWith("legacy", StringComparison.Ordinal))
            AssertShowsNoPiece(refusal, Rsa.ExportPkcs8PrivateKeyPem().Replace("PRIVATE KEY", "", StringComparison.Ordinal));
    }

    [Fact]
    public void A_key_of_four_parts_is_read()
    {
        AccessKeyCredential key = AccessKeyCredential.Parse(TestApi.NewAccessKey());
        Assert.Equal(("sc_tests", "k1", "acc-tests"), (key.ClientId, key.KeyId, key.AccountId));
        Assert.Equal(("EdDSA", "acc-tests.accounts.authress.io"), (key.Algorithm, key.Audience));
    }

    [Theory]
    [InlineData("  {0}\r\n")]
    [InlineData("{0}\n")]
    [InlineData("\t{0}")]
    public void Space_around_a_key_does_not_count(string format)
    {
        string key = TestApi.NewAccessKey();
        Assert.Equal("sc_tests", AccessKeyCredential.Parse(string.Format(System.Globalization.CultureInfo.InvariantCulture, format, key)).ClientId);
    }

    [Fact]
    public void A_key_in_url_safe_letters_without_padding_signs_as_well()
    {
        byte[] seed = RandomNumberGenerator.GetBytes(32);
        string standard = TestApi.AccessKeyOf(TestApi.Pkcs8(seed));
        string urlSafe = standard.TrimEnd('=').Replace('+', '-').Replace('/', '_');
        Assert.Equal(Rfc8032.Sign(seed, "x"u8), AccessKeyCredential.Parse(urlSafe).Sign([(byte)'x']));
    }

    [Fact]
    public void A_key_in_a_SecureString_is_read() =>
        Assert.Equal("sc_tests", AccessKeyCredential.Parse(new NetworkCredential("", TestApi.NewAccessKey()).SecurePassword).ClientId);

    [Fact]
    public void A_missing_key_is_an_ArgumentException()
    {
        Assert.Throws<ArgumentNullException>(() => AccessKeyCredential.Parse((string)null!));
        Assert.Throws<ArgumentNullException>(() => AccessKeyCredential.Parse((System.Security.SecureString)null!));
    }

    [Theory]
    [InlineData("PKCS#8")]
    [InlineData("PKCS#1")]
    public void A_legacy_key_is_read_in_both_of_its_encodings(string encoding)
    {
        AccessKeyCredential key = AccessKeyCredential.Parse(Legacy(json =>
            json["privateKey"] = encoding == "PKCS#1" ? Rsa.ExportRSAPrivateKeyPem() : Rsa.ExportPkcs8PrivateKeyPem()));
        Assert.Equal(("sc_older", "k9", "acc-older", "RS256"), (key.ClientId, key.KeyId, key.AccountId, key.Algorithm));
        Assert.True(Rsa.VerifyData("abc"u8, key.Sign([.. "abc"u8]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    [Theory]
    [MemberData(nameof(Rfc8032Vectors.All), MemberType = typeof(Rfc8032Vectors))]
    public void Signs_as_the_vectors_of_the_standard(string seed, string publicKey, string message, string signature)
    {
        Assert.NotEmpty(publicKey);
        AccessKeyCredential key = AccessKeyCredential.Parse(TestApi.AccessKeyOf(TestApi.Pkcs8(Convert.FromHexString(seed))));
        Assert.Equal(signature, Convert.ToHexStringLower(key.Sign(Convert.FromHexString(message))));
    }

    private static void AssertShowsNoPiece(FormatException refusal, string secret)
    {
        for (int start = 0; start + 8 <= secret.Length; start++)
            Assert.DoesNotContain(secret.Substring(start, 8), refusal.Message, StringComparison.Ordinal);
    }

    private static string Cut(int parts) => string.Join('.', TestApi.NewAccessKey().Split('.').Take(parts));

    private static string Replace(int part, string text)
    {
        string[] parts = TestApi.NewAccessKey().Split('.');
        parts[part] = text;
        return string.Join('.', parts);
    }

    private static string Legacy(Action<JsonObject> change)
    {
        JsonObject json = new()
        {
            ["audience"] = "acc-older.accounts.authress.io",
            ["clientId"] = "sc_older",
            ["keyId"] = "k9",
            ["privateKey"] = Rsa.ExportPkcs8PrivateKeyPem(),
        };
        change(json);
        return Convert.ToBase64String(Encoding.UTF8.GetBytes(json.ToJsonString()));
    }

    private static string Pem(byte[] der, string label = "PRIVATE KEY") => PemEncoding.WriteString(label, der);
}
