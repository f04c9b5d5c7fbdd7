using System.Net;
using System.Security;
using Authress.Client.AccessKeys;

namespace Authress.Client;

/// <summary>The URL, credential and limits of an <see cref="AuthressApi"/>.</summary>
public sealed class AuthressApiOptions
{
    /// <summary>The default of <see cref="Timeout"/>, in seconds.</summary>
    public const int DefaultTimeoutSeconds = 30;

    /// <summary>The default of <see cref="MaximumRetryCount"/>.</summary>
    public const int DefaultMaximumRetryCount = 5;

    /// <summary>The default of <see cref="MaximumRetryWait"/>, in seconds.</summary>
    public const int DefaultMaximumRetryWaitSeconds = 60;

    /// <summary>The default of <see cref="MaximumResponseBytes"/>: 8 MiB. A page has at most 20 clients.</summary>
    public const long DefaultMaximumResponseBytes = 8 * 1024 * 1024;

    /// <summary>The module's version, for the user agent.</summary>
    public static string Version { get; } = typeof(AuthressApiOptions).Assembly.GetName().Version!.ToString(3);

    /// <summary>The API URL, as <see cref="Connections.ApiUrl.Parse"/> returns it.</summary>
    public required Uri ApiUrl { get; init; }

    /// <summary>The access key that signs. Either this or <see cref="AccessToken"/>.</summary>
    public AccessKeyCredential? AccessKey { get; init; }

    /// <summary>A ready token, sent unchanged.</summary>
    public SecureString? AccessToken { get; init; }

    /// <summary>The account; needed only if the access key doesn't name it.</summary>
    public string? AccountId { get; init; }

    /// <summary>How long one attempt may take, to the last byte of the response.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(DefaultTimeoutSeconds);

    /// <summary>How many times a failed request is retried, if that is safe; 0 for never.</summary>
    public int MaximumRetryCount { get; init; } = DefaultMaximumRetryCount;

    /// <summary>
    /// The maximum total wait of one request before its retries. A <c>Retry-After</c> that exceeds the rest of it ends the
    /// retries immediately.
    /// </summary>
    public TimeSpan MaximumRetryWait { get; init; } = TimeSpan.FromSeconds(DefaultMaximumRetryWaitSeconds);

    /// <summary>The size in bytes of the largest response that is read.</summary>
    public long MaximumResponseBytes { get; init; } = DefaultMaximumResponseBytes;

    /// <summary>Whether requests that change anything are refused before they are sent.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>The proxy; null for the system's.</summary>
    public IWebProxy? Proxy { get; init; }

    /// <summary>The end of the user agent, such as the host's name and version.</summary>
    public string UserAgentSuffix { get; init; } = string.Empty;

    /// <summary>The clock for token timestamps.</summary>
    internal Func<DateTimeOffset> Now { get; init; } = () => DateTimeOffset.UtcNow;

    /// <summary>The clock for waits before retries.</summary>
    internal TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Wraps the HTTP message handler, for tests; null for the original one.</summary>
    internal Func<HttpMessageHandler, HttpMessageHandler>? Handler { get; init; }

    /// <summary>The same options with another access key, read-only.</summary>
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
