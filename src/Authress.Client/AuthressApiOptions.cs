using System.Net;
using System.Security;
using Authress.Client.AccessKeys;

namespace Authress.Client;

/// <summary>Where an <see cref="AuthressApi"/> connects to, as whom, and within which bounds.</summary>
public sealed class AuthressApiOptions
{
    /// <summary>The largest answer that is read unless something else is set: 8 MiB. A page holds at most 20 clients.</summary>
    public const long DefaultMaximumResponseBytes = 8 * 1024 * 1024;

    /// <summary>The module's version, as it stands in the user agent.</summary>
    public static string Version { get; } = typeof(AuthressApiOptions).Assembly.GetName().Version!.ToString(3);

    /// <summary>The API's address, as <see cref="Connections.ApiUrl.Parse"/> gives it.</summary>
    public required Uri ApiUrl { get; init; }

    /// <summary>The access key that signs. Either this or <see cref="AccessToken"/>.</summary>
    public AccessKeyCredential? AccessKey { get; init; }

    /// <summary>A ready token, sent as it is.</summary>
    public SecureString? AccessToken { get; init; }

    /// <summary>The account; needed only where the access key does not name it.</summary>
    public string? AccountId { get; init; }

    /// <summary>How long one try of a request may take, to the last byte of its answer. 30 seconds unless set.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How many times a failed request is tried again where that is safe. 5 unless set; 0 for never.</summary>
    public int MaximumRetryCount { get; init; } = 5;

    /// <summary>
    /// The most that one request waits between its tries, all waits together; 60 seconds unless set. A <c>Retry-After</c>
    /// that asks for more than is left of it ends the tries at once.
    /// </summary>
    public TimeSpan MaximumRetryWait { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The size in bytes of the largest answer that is read.</summary>
    public long MaximumResponseBytes { get; init; } = DefaultMaximumResponseBytes;

    /// <summary>Whether requests that change anything are refused before they are sent.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>The proxy; null for the system's own.</summary>
    public IWebProxy? Proxy { get; init; }

    /// <summary>What the user agent ends with, such as the host's name and version.</summary>
    public string UserAgentSuffix { get; init; } = string.Empty;

    /// <summary>The clock that tokens are dated by.</summary>
    internal Func<DateTimeOffset> Now { get; init; } = () => DateTimeOffset.UtcNow;

    /// <summary>The clock that waits between tries are measured by.</summary>
    internal TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>What stands between the client and the network; null for nothing.</summary>
    internal Func<HttpMessageHandler, HttpMessageHandler>? Handler { get; init; }

    /// <summary>The same with another access key, for requests that only read.</summary>
    internal AuthressApiOptions ReadingWith(AccessKeyCredential key, Uri? apiUrl, string? accountId) => new()
    {
        ApiUrl = apiUrl ?? ApiUrl,
        AccessKey = key,
        AccountId = accountId,
        ReadOnly = true,
        Timeout = Timeout,
        MaximumRetryCount = MaximumRetryCount,
        MaximumRetryWait = MaximumRetryWait,
        MaximumResponseBytes = MaximumResponseBytes,
        Proxy = Proxy,
        UserAgentSuffix = UserAgentSuffix,
        Now = Now,
        Time = Time,
        Handler = Handler,
    };
}
