using System.Net;
using System.Security.Cryptography;
using Authress.Client.AccessKeys;

namespace Authress.Client.Tests.Transport;

/// <summary>Makes clients and the access keys that they sign with; a key in a file would be found by every scanner of secrets.</summary>
internal static class TestApi
{
    /// <summary>Whether these tests run on Mono, whose HTTP library is neither .NET's nor .NET Framework's.</summary>
    public static bool IsOnMono { get; } = Type.GetType("Mono.Runtime") is not null;

    public const string ClientId = "sc_tests";
    public const string KeyId = "k1";
    public const string AccountId = "acc-tests";

    private static readonly string Key = NewAccessKey();

    /// <summary>RFC 8410: what stands before the 32 bytes of an Ed25519 seed in its PKCS#8.</summary>
    public static byte[] Pkcs8(byte[] seed) => [.. Convert.FromHexString("302e020100300506032b657004220420"), .. seed];

    public static string AccessKeyOf(byte[] privateKey, string clientId = ClientId) =>
        string.Join('.', clientId, KeyId, AccountId, Convert.ToBase64String(privateKey));

    public static string NewAccessKey(string clientId = ClientId) => AccessKeyOf(Pkcs8(RandomNumberGenerator.GetBytes(32)), clientId);

    /// <summary>A client with the usual retries that doesn't wait for them, unless another clock is given.</summary>
    /// <param name="accessKey">The key that signs; one that no server knows where it is null.</param>
    public static AuthressApi Connect(
        Uri url,
        string? accessKey = null,
        TimeSpan? timeout = null,
        long maximumResponseBytes = AuthressApiOptions.DefaultMaximumResponseBytes,
        Func<DateTimeOffset>? now = null,
        string suffix = "tests 1.0",
        int retries = AuthressApiOptions.DefaultMaximumRetryCount,
        TimeSpan? retryWait = null,
        TimeProvider? time = null,
        Func<HttpMessageHandler, HttpMessageHandler>? handler = null) => new(new AuthressApiOptions
        {
            ApiUrl = url,
            AccessKey = AccessKeyCredential.Parse(accessKey ?? Key),
            Timeout = timeout ?? TimeSpan.FromSeconds(AuthressApiOptions.DefaultTimeoutSeconds),
            MaximumResponseBytes = maximumResponseBytes,
            Now = now ?? (() => DateTimeOffset.UtcNow),
            UserAgentSuffix = suffix,
            MaximumRetryCount = retries,
            MaximumRetryWait = retryWait ?? TimeSpan.FromSeconds(AuthressApiOptions.DefaultMaximumRetryWaitSeconds),
            Time = time ?? new TestTime(),
            Handler = handler,
        });

    public static AuthressApi ConnectWithToken(Uri url, string token) => new(new AuthressApiOptions
    {
        ApiUrl = url,
        AccessToken = new NetworkCredential("", token).SecurePassword,
    });
}
