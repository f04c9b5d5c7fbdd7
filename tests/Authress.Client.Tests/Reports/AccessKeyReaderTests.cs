using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Authress.Client.Reports;
using Authress.Client.Tests.Transport;

namespace Authress.Client.Tests.Reports;

public class AccessKeyReaderTests
{
    private const int BlockLength = 256 * 1024;

    // Made once: a key of the older form takes a while.
    private static readonly string Older = NewOlderKey();

    private static readonly Dictionary<string, Func<string, string>> Surroundings = new()
    {
        ["nothing"] = key => key,
        ["a line break"] = key => key + "\r\n",
        ["double quotes"] = key => $"\"{key}\"",
        ["single quotes"] = key => $"'{key}'",
        ["an assignment"] = key => $"AUTHRESS_KEY={key}",
        ["an assignment in PowerShell"] = key => $"$env:AUTHRESS_KEY = '{key}'",
        ["JSON"] = key => $$"""{"key":"{{key}}","other":1}""",
        ["JSON with escapes"] = key => $$"""{"key":"{{key.Replace("/", "\\/", StringComparison.Ordinal)}}"}""",
        ["JSON in JSON"] = key => new JsonObject { ["text"] = new JsonObject { ["key"] = key }.ToJsonString() }.ToJsonString(),
        ["lower-case JSON escapes"] = key => key.Replace("+", "\\u002b", StringComparison.Ordinal).Replace("/", "\\u002f", StringComparison.Ordinal),
        ["an escaped line break before it"] = key => $@"""-----\n{key}\n""",
        ["an escaped tab before it"] = key => $@"key:\t{key}",
        ["YAML"] = key => $"authress:\n  key: {key}\n  # {new string('x', 40)}\n",
        ["XML"] = key => $"<key>{key}</key>",
        ["a header"] = key => $"Authorization: Bearer {key}",
        ["a query"] = key => $"https://example.com/?key={Uri.EscapeDataString(key)}&more=1",
        ["an escaped query"] = key => $"to%3Dhttps%3A%2F%2Fexample.com%3Fkey%3D{Uri.EscapeDataString(key)}%26more",
        ["lower-case URL escapes"] = key => key.Replace("+", "%2b", StringComparison.Ordinal).Replace("/", "%2f", StringComparison.Ordinal).Replace("=", "%3d", StringComparison.Ordinal),
        ["a diff"] = key => $"-AUTHRESS_KEY={key}\n+AUTHRESS_KEY=\n",
        ["a sentence"] = key => $"The key is {key}. Don't use it.",
        ["Markdown"] = key => $"`{key}`",
        ["other letters"] = key => $"é😀{key}é",
    };

    public static TheoryData<string, bool> Places
    {
        get
        {
            TheoryData<string, bool> all = [];
            foreach (string name in Surroundings.Keys)
            {
                all.Add(name, false);
                all.Add(name, true);
            }

            return all;
        }
    }

    public static TheoryData<string> NoKeys =>
    [
        "", ".", "...", "a.b.c.d", "eyJ", "QYDK2VwBCIE", "BQYDK2VwBCIE", ".BQYDK2VwBCIE", "MC4CAQAwBQYDK2VwBCIE", "a.MC4CAQAwBQYDK2VwBCIE", "a.b.c.MC4CAQAwBQYDK2VwBCIE",
        "sc_a.k.acc-a.MC4CAQAwBQYDK2VwBCIEIxxxx", "..." + "MC4CAQAwBQYDK2VwBCIE" + "IAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    ];

    [Theory]
    [MemberData(nameof(Places))]
    public void Finds_a_key_between(string surroundings, bool isOlder)
    {
        foreach (string key in isOlder ? [Older] : Enumerable.Range(0, 20).Select(_ => TestApi.NewAccessKey()))
        {
            string text = Surroundings[surroundings](key);
            FoundAccessKey found = Assert.Single(new AccessKeyReader().Read(text, "x"));
            Assert.Equal(isOlder ? ("sc_older", "k9", "acc-older", AccessKeyForm.Older) : (TestApi.ClientId, TestApi.KeyId, TestApi.AccountId, AccessKeyForm.FourPart), (found.Sighting.ClientId, found.Sighting.KeyId, found.Sighting.AccountId, found.Sighting.Form));
            Assert.Equal(found.Key.PublicKey, found.Sighting.PublicKey);
            Assert.Equal(isOlder, found.Sighting.PublicKey is null);
            int start = text.IndexOf(isOlder ? "eyJjb" : TestApi.ClientId, StringComparison.Ordinal);
            start = start < 0 ? text.IndexOf("eyJ", StringComparison.Ordinal) : start;
            string before = text.Substring(0, start);
            Assert.Equal((1 + before.Count(c => c == '\n'), start - before.LastIndexOf('\n')), (found.Sighting.Line, found.Sighting.Column));
        }
    }

    [Theory]
    [MemberData(nameof(NoKeys))]
    public void Finds_no_key_in(string text) => Assert.Empty(Read(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData("302e020100300506032b656e04220420")] // X25519
    [InlineData("302e020100300506032b657004220421")] // of a wrong length
    [InlineData("302d020100300506032b657004220420")] // of another wrong length
    public void Finds_no_key_where_another_one_follows_the_ids(string head) =>
        Assert.Empty(Read(Encoding.UTF8.GetBytes(TestApi.AccessKeyOf([.. Convert.FromHexString(head), .. RandomNumberGenerator.GetBytes(32)]))));

    [Fact]
    public void Finds_a_key_in_the_URL_alphabet_and_one_with_its_public_half()
    {
        byte[] seed = [.. Enumerable.Repeat((byte)0xFB, 32)];
        string standard = TestApi.AccessKeyOf(TestApi.Pkcs8(seed));
        string url = standard.Replace('+', '-').Replace('/', '_');
        Assert.NotEqual(standard, url);
        string publicKey = Assert.Single(Read(Encoding.UTF8.GetBytes(standard))).Sighting.PublicKey!;
        Assert.Equal(publicKey, Assert.Single(Read(Encoding.UTF8.GetBytes(url))).Sighting.PublicKey);

        // RFC 5958, version 2.
        byte[] longer = [.. Convert.FromHexString("3051020101300506032b657004220420"), .. seed, 0x81, 0x21, 0, .. Convert.FromBase64String(publicKey).Skip(12)];
        Assert.Equal(publicKey, Assert.Single(Read(Encoding.UTF8.GetBytes(TestApi.AccessKeyOf(longer)))).Sighting.PublicKey);
    }

    [Fact]
    public void Finds_several_keys_in_their_order()
    {
        string first = TestApi.NewAccessKey("sc_first");
        string third = TestApi.NewAccessKey("sc_third");
        IReadOnlyList<FoundAccessKey> found = Read(Encoding.UTF8.GetBytes($"{first},{Older},{third}\n\n{first}"));
        Assert.Equal([("sc_first", 1), ("sc_older", 1), ("sc_third", 1), ("sc_first", 3)], found.Select(key => (key.Sighting.ClientId, key.Sighting.Line)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Finds_a_key_wherever_a_block_ends(bool isOlder)
    {
        string key = isOlder ? Older : TestApi.NewAccessKey().Insert(0, "é\n\"").Replace("/", "\\u002F", StringComparison.Ordinal);
        int step = isOlder ? 211 : 1;
        AccessKeyReader reader = new();
        for (int before = BlockLength - key.Length - 40; before < BlockLength + 40; before += step)
        {
            // Lines of 50 letters.
            string text = string.Concat(Enumerable.Repeat(new string('x', 49) + "\n", (before / 50) + 1)).Substring(0, before - 1) + " " + key + "\n" + new string('y', 300);
            using MemoryStream file = new(Encoding.UTF8.GetBytes(text));
            FoundAccessKey found = Assert.Single(reader.Read(file, "x", long.MaxValue, TestContext.Current.CancellationToken).Found);
            int start = text.IndexOf(isOlder ? "eyJ" : TestApi.ClientId, StringComparison.Ordinal);
            Assert.Equal((1 + text.Take(start).Count(c => c == '\n'), start - text.LastIndexOf('\n', start)), (found.Sighting.Line, found.Sighting.Column));
        }
    }

    [Theory]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    [InlineData("utf-8")]
    public void Reads_a_file_with_a_byte_order_mark(string name)
    {
        Encoding encoding = Encoding.GetEncoding(name);
        string text = $"😀 first\n😀 {TestApi.NewAccessKey("sc_a")}\n{string.Concat(Enumerable.Repeat("😀é", 200_000))}\n😀 {TestApi.NewAccessKey("sc_b")}";
        IReadOnlyList<FoundAccessKey> found = Read([.. encoding.GetPreamble(), .. encoding.GetBytes(text)]);
        Assert.Equal([("sc_a", 2, 4), ("sc_b", 4, 4)], found.Select(key => (key.Sighting.ClientId, key.Sighting.Line, key.Sighting.Column)));
        Assert.Equal(1, Assert.Single(Read([.. encoding.GetPreamble(), .. encoding.GetBytes(TestApi.NewAccessKey())])).Sighting.Column);
    }

    [Fact]
    public void Does_not_search_a_binary_file_or_one_that_is_too_large()
    {
        byte[] text = Encoding.UTF8.GetBytes(TestApi.NewAccessKey());
        Assert.Equal(ReadOutcome.Binary, Read([.. text, 0], long.MaxValue).Outcome);
        Assert.Equal(ReadOutcome.TooLarge, Read(text, text.Length - 1).Outcome);
        Assert.Equal(ReadOutcome.Searched, Read(text, text.Length).Outcome);

        // A large file that is not text is no loss.
        Assert.Equal(ReadOutcome.Binary, Read([.. text, 0], 1).Outcome);
    }

    [Theory]
    [InlineData("eyJ")]
    [InlineData("eyJwcml2YXRlS2V5Ijoi")]
    [InlineData("QYDK2VwBCIE")]
    [InlineData("a.b.c.MC4CAQAwBQYDK2VwBCIEIA")]
    [InlineData("sc_\\u002F")]
    [InlineData("eyJ\\/")]
    public void Reads_hostile_text_in_linear_time(string repeated)
    {
        // Reading it again from each anchor would take hours.
        byte[] text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(repeated, 20_000_000 / repeated.Length)));
        Assert.Empty(Read(text));
    }

    [Fact]
    public void Stops_where_it_is_cancelled()
    {
        using CancellationTokenSource cancelled = new();
        cancelled.Cancel();
        using MemoryStream file = new(Encoding.UTF8.GetBytes(new string('x', BlockLength * 2)));
        Assert.Throws<OperationCanceledException>(() => new AccessKeyReader().Read(file, "x", long.MaxValue, cancelled.Token));
    }

    [Fact]
    public void Keeps_no_part_of_a_secret_in_the_path()
    {
        string key = TestApi.NewAccessKey();
        AccessKeySighting sighting = Assert.Single(new AccessKeyReader().Read(key, $"/tmp/{key}.txt")).Sighting;
        Assert.DoesNotContain(key.Split('.')[3], sighting.Path!, StringComparison.Ordinal);
        Assert.DoesNotContain(key.Split('.')[3], sighting.ToString(), StringComparison.Ordinal);
    }

    private static IReadOnlyList<FoundAccessKey> Read(byte[] text) => Read(text, long.MaxValue).Found;

    private static ReadResult Read(byte[] text, long limit)
    {
        using MemoryStream file = new(text);
        return new AccessKeyReader().Read(file, "x", limit, TestContext.Current.CancellationToken);
    }

    private static string NewOlderKey()
    {
        using RSA rsa = RSA.Create(2048);
        string json = new JsonObject
        {
            ["clientId"] = "sc_older",
            ["keyId"] = "k9",
            ["audience"] = "acc-older.accounts.authress.io",
            ["privateKey"] = rsa.ExportPkcs8PrivateKeyPem(),
        }.ToJsonString();
        return Convert.ToBase64String(Encoding.UTF8.GetBytes(json));
    }
}
