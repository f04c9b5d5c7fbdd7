using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Authress.Client.AccessKeys;
using Authress.Client.Connections;
using Authress.Client.ServiceClients;
using Authress.Client.Tests.Transport;
using Authress.Client.Tokens;

namespace Authress.Client.Tests.Hostile;

/// <summary>
/// Sends hostile responses through the whole client, and hostile texts through every parser. A case may succeed, or fail
/// with a documented exception: AuthressApiException, ArgumentException or FormatException. Any other exception is a
/// finding, and so is a case that hangs. Case N of a seed is always the same.
/// </summary>
/// <remarks>.NET only: the benchmarks' program does the long run.</remarks>
internal sealed class HostileRun : IDisposable
{
    /// <summary>A case that takes longer hangs.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private const string Client = """{"clientId":"sc_a","createdTime":"2026-01-02T03:04:05.678Z","name":"billing","options":{"grantUserPermissionsAccess":true,"grantTokenGeneration":false,"more":{"x":[1,2]}},"rateLimits":[{"duration":"PT1H","quota":1000,"burst":5}],"tags":{"env":"prod","team":null},"verificationKeys":[{"keyId":"k1","publicKey":"MCowBQYDK2VwAyEA","generationDate":"2026-01-02T03:04:05Z"}],"links":{"self":{"href":"/v1/clients/sc_a"}},"later":1.50}""";
    private const string Page = """{"clients":[CLIENT,CLIENT],"pagination":{"next":{"cursor":"c1"}},"links":{"self":{"href":"x"},"next":{"href":"https://elsewhere.example/v1/clients?limit=20&cursor=c%2B2#y"}}}""";
    private const string Made = """{"keyId":"k2","clientId":"sc_a","publicKey":"MCowBQYDK2VwAyEA","generationDate":"2026-01-02T03:04:05Z","accessKey":"sc_a and a secret","clientSecret":"another"}""";
    private const string Failure = """{"title":"It can't be done.","errorCode":"Nope","errorId":"e-1","details":{"x":[1]}}""";
    private const string KeySet = """{"keys":[{"kid":"k1","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","kty":"OKP"},null]}""";

    private static readonly string[] ClientBodies = [Client, Client, Client, Failure];
    private static readonly string[] PageBodies = [Page.Replace("CLIENT", Client, StringComparison.Ordinal), Page.Replace("CLIENT", Client, StringComparison.Ordinal), Failure];
    private static readonly string[] KeyBodies = [Made, Made, Client, KeySet, Failure];

    private readonly HostileServer _server = new();
    private readonly AuthressApi _api;
    private readonly string _key = TestKey();
    private readonly string _older = OlderKey();
    // The public key of the first vector of RFC 8032, section 7.1: other bytes may be no point of the curve.
    private readonly string _publicKey = Convert.ToBase64String(Convert.FromHexString("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"));
    private readonly GeneratedKeyPair _pair = GeneratedKeyPair.Generate();
    private readonly int _seed;
    private long _current = -1;
    private long _started;

    public HostileRun(int seed)
    {
        _seed = seed;
        _api = new AuthressApi(new AuthressApiOptions
        {
            ApiUrl = new Uri("http://127.0.0.1:1"),
            AccessKey = AccessKeyCredential.Parse(_key),
            MaximumRetryCount = 1,
            MaximumRetryWait = TimeSpan.FromSeconds(1),
            Time = new TestTime(),
            Handler = _ => _server,
        });
    }

    /// <summary>The number of cases that succeeded and that were refused, by subject.</summary>
    public SortedDictionary<string, (long Succeeded, long Refused)> Results { get; } = new(StringComparer.Ordinal);

    /// <summary>The case that hangs; null if none does.</summary>
    public long? Hanging => Volatile.Read(ref _current) is var number and >= 0 && Stopwatch.GetElapsedTime(Volatile.Read(ref _started)) > Patience ? number : null;

    /// <summary>Runs a case.</summary>
    /// <returns>The finding; null if there is none.</returns>
    public async Task<string?> RunAsync(long number)
    {
        Random random = new(HashCode(number));
        Volatile.Write(ref _started, Stopwatch.GetTimestamp());
        Volatile.Write(ref _current, number);
        string about = "?";
        try
        {
            string? wrong;
            (about, wrong) = random.Next(10) < 6 ? await ResponseAsync(random).ConfigureAwait(false) : Texts(random);
            Count(about, succeeded: true);
            return wrong is null ? null : $"{about}: {wrong}";
        }
        catch (Exception e) when (e is AuthressApiException || (e is FormatException or ArgumentException && IsOurOwnInput(e)))
        {
            Count(e.Data["about"] as string ?? about, succeeded: false);
            return e is AuthressApiException && e.Message.Any(char.IsControl) ? $"the message holds control characters: {Uri.EscapeDataString(e.Message)}" : null;
        }
        catch (Exception e)
        {
            // A finding.
            return $"{e.GetType().Name} is not a documented exception: {e}";
        }
        finally
        {
            Volatile.Write(ref _current, -1);
        }
    }

    public void Dispose()
    {
        _api.Dispose();
        _server.Dispose();
    }

    private async Task<(string About, string? Wrong)> ResponseAsync(Random random)
    {
        string about = "responses to ";
        try
        {
            switch (random.Next(9))
            {
                case 0 or 1:
                    about += "retrieve";
                    _server.Prepare(random, ClientBodies);
                    ServiceClient got = await _api.GetServiceClientAsync("sc_a", default).ConfigureAwait(false);
                    return (about, got.ClientId == "sc_a" && Shown(got) ? null : "another client was returned");
                case 2 or 3:
                    about += "list";
                    _server.Prepare(random, PageBodies);
                    ServiceClientPage page = await _api.ListServiceClientsAsync(20, "c", default).ConfigureAwait(false);
                    return (about, page.Clients.All(client => client.ClientId.Length > 0 && Shown(client)) && page.NextCursor is null or { Length: > 0 } ? null : "a page with a client without an id");
                case 4:
                    about += "create";
                    _server.Prepare(random, ClientBodies);
                    return (about, await CreateAsync().ConfigureAwait(false));
                case 5:
                    about += "update";
                    _server.Prepare(random, ClientBodies);
                    ServiceClient updated = (await _api.UpdateServiceClientAsync("sc_a", new ServiceClientChange { Name = new(Mutation.Characters(random)), Tag = new(new TagMap { ["env"] = "test" }), RateLimit = new(RateLimit.Parse("PT5M:1000")) }, default).ConfigureAwait(false)).Client;
                    return (about, updated.ClientId == "sc_a" && Shown(updated) ? null : "another client was returned");
                case 6:
                    about += "new key";
                    _server.Prepare(random, KeyBodies);
                    using (IssuedAccessKey key = await _api.CreateAccessKeyAsync("sc_a", random.Next(3) == 0 ? _publicKey : null, default).ConfigureAwait(false))
                        return (about, key.KeyId.Length > 0 ? null : "a key without an id");
                case 7:
                    about += "new key of our own";
                    _server.Prepare(random, KeyBodies);
                    using (IssuedAccessKey key = await _api.CreateAccessKeyAsync("sc_a", "acc-hostile", () => _pair, default).ConfigureAwait(false))
                        return (about, AccessKeyCredential.Parse(key.AccessKey!) is var read && read.KeyId == key.KeyId && read.PublicKey == _pair.PublicKey ? null : "a key that is another when it is read");
                default:
                    if (random.Next(2) == 0)
                    {
                        about += "the test of a key";
                        _server.Prepare(random, [.. PageBodies, KeySet]);
                        AccessKeyProof proof = await _api.ProveAccessKeyAsync(_api, TimeSpan.FromSeconds(random.Next(2)), default).ConfigureAwait(false);
                        return (about, proof.Works is true && proof.StatusCode is not (200 or 204 or 403 or 404) ? $"proved by {proof.StatusCode}" : null);
                    }

                    about += "any route";
                    _server.Prepare(random, [.. ClientBodies, .. PageBodies]);
                    await _api.SendAsync("GET", "/v1/anything?x=1", null, default).ConfigureAwait(false);
                    return (about, null);
            }
        }
        catch (Exception e)
        {
            e.Data["about"] = about;
            throw;
        }
    }

    private async Task<string?> CreateAsync()
    {
        try
        {
            ServiceClient made = await _api.CreateServiceClientAsync(new ServiceClientChange { Name = new("billing") }, default).ConfigureAwait(false);
            return made.ClientId.Length > 0 ? null : "a client without an id";
        }
        catch (AuthressApiException e) when (e.OutcomeUnknown)
        {
            _server.Prepare(new Random(1), PageBodies);
            await _api.FindCreatedAsync([e], default).ConfigureAwait(false);
            throw;
        }
    }

    private (string About, string? Wrong) Texts(Random random)
    {
        string about = "texts as ";
        try
        {
            switch (random.Next(64))
            {
                case < 30:
                    about += "access key";
                    string text = random.Next(8) == 0 ? Mutation.Characters(random) : Mutation.Text(random, _key);
                    return (about, Read(text));
                case < 40:
                    about += "access key of other bytes";
                    string[] parts = _key.Split('.');
                    return (about, Read(string.Join('.', parts[0], parts[1], parts[2], Convert.ToBase64String(Mutation.Bytes(random, Convert.FromBase64String(parts[3]))))));
                case < 44:
                    // The JSON and PEM around the RSA key. A changed modulus would test only the arithmetic.
                    about += "access key of the older form";
                    return (about, Read(random.Next(2) == 0
                        ? Convert.ToBase64String(Mutation.Body(random, """{"audience":"acc.accounts.authress.io","clientId":"sc_o","keyId":"k","privateKey":"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"}"""))
                        : _older[..random.Next(_older.Length)]));
                case < 50:
                    about += "token";
                    _ = AccessTokenClaims.Read(Mutation.Text(random, "eyJhbGciOiJFZERTQSIsImtpZCI6ImsifQ.eyJzdWIiOiJzY19hIiwiYXVkIjoiYWNjLmFjY291bnRzLmF1dGhyZXNzLmlvIn0.c2ln"));
                    return (about, null);
                case < 55:
                    about += "API URL";
                    Uri url = ApiUrl.Parse(Mutation.Text(random, "https://login.example.com:8443"));
                    return (about, url.Scheme == "https" || url.IsLoopback ? null : $"plain http to {url}");
                case < 58:
                    about += "public key";
                    _ = PublicKeyText.Same(Mutation.Text(random, _publicKey), _publicKey);
                    return (about, null);
                case < 61:
                    about += "tags";
                    TagMap tags = TagMap.Parse(Mutation.Text(random, "env=prod;team='a;b';x=\"y\""));
                    return (about, ServiceClientFields.SameTags(tags, TagMap.Parse(tags.ToString())) ? null : "the tags differ from their text");
                default:
                    about += "rate limit";
                    RateLimit limit = RateLimit.Parse(Mutation.Text(random, "PT1H:1000"));
                    return (about, RateLimit.Parse(limit.ToString()).Equals(limit) ? null : "the limit differs from its text");
            }
        }
        catch (Exception e)
        {
            e.Data["about"] = about;
            throw;
        }
    }

    // A key that is accepted can sign.
    private static string? Read(string text)
    {
        AccessKeyCredential key = AccessKeyCredential.Parse(text);
        if (key.ClientId.Length == 0 || key.KeyId.Length == 0)
            return "a key without ids";
        return key.Algorithm != "EdDSA" || key.Sign([1, 2, 3]).Length == 64 ? null : "a signature of another length";
    }

    private static bool Shown(ServiceClient client) =>
        client.ToString() is not null && client.Tag.ToString() is not null && (client.RateLimit?.ToString() ?? "") is not null
        && (client.AccessKey is null || client.AccessKey.All(key => key.KeyId.Length > 0 && key.Age is null or { Ticks: > long.MinValue }));

    // A response is no argument. Only the name of an update is, and may be invalid Unicode.
    private static bool IsOurOwnInput(Exception e) => e.Data["about"] is string about && (about.StartsWith("texts", StringComparison.Ordinal) || (about == "responses to update" && e.StackTrace!.Contains(nameof(ServiceClientChange.Validate), StringComparison.Ordinal)));

    private void Count(string about, bool succeeded)
    {
        (long good, long refused) = Results.GetValueOrDefault(about);
        Results[about] = succeeded ? (good + 1, refused) : (good, refused + 1);
    }

    // System.HashCode differs in every process.
    private int HashCode(long number) => unchecked((int)((((ulong)number * 0x9E3779B97F4A7C15UL) ^ ((ulong)_seed * 0xC2B2AE3D27D4EB4FUL)) >> 20));

    private static string TestKey()
    {
        // A fixed seed: a case must be the same in the next run.
        byte[] bytes = new byte[32];
        new Random(7).NextBytes(bytes);
        return string.Join('.', "sc_hostile", "k1", "acc-hostile", Convert.ToBase64String([.. Convert.FromHexString("302e020100300506032b657004220420"), .. bytes]));
    }

    private static string OlderKey()
    {
        using RSA rsa = RSA.Create(2048);
        JsonObject json = new() { ["audience"] = "acc.accounts.authress.io", ["clientId"] = "sc_o", ["keyId"] = "k", ["privateKey"] = rsa.ExportPkcs8PrivateKeyPem() };
        return Convert.ToBase64String(Encoding.UTF8.GetBytes(json.ToJsonString()));
    }
}
