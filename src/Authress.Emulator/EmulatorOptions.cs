using System.Security.Cryptography.X509Certificates;
using Authress.Emulator.Tokens;

namespace Authress.Emulator;

/// <summary>The options of an emulator. By default, it has a new account in memory and a free port.</summary>
public sealed record EmulatorOptions
{
    /// <summary>The port to listen on, on the loopback addresses only. 0 picks a free one.</summary>
    public int Port { get; init; }

    /// <summary>The file that keeps the account across restarts; null to keep it in memory.</summary>
    public string? DataFile { get; init; }

    /// <summary>The delay of every response of the API.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>
    /// The emulator's clock: for dates in the responses, for the <c>Date</c> header and for the validity of tokens.
    /// Latency and delays always use real time.
    /// </summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>How long, by <see cref="Clock"/>, a key that a request creates does not work. In Authress, that can be 5 minutes.</summary>
    public TimeSpan KeyDelay { get; init; }

    /// <summary>How long, by <see cref="Clock"/>, a client's public key set lags behind the requests that create and delete keys.</summary>
    public TimeSpan KeySetLag { get; init; }

    /// <summary>
    /// The number of keys that requests may create for a client within an hour by <see cref="Clock"/>; the next request gets
    /// 429. 0 for no limit.
    /// </summary>
    public int KeysPerHour { get; init; }

    /// <summary>The OpenID Connect issuers whose tokens are accepted.</summary>
    public IReadOnlyList<TrustedIssuer> TrustedIssuers { get; init; } = [];

    /// <summary>Leaves <c>verificationKeys</c> out of the entries of a listing. Authress does not document whether it sends them.</summary>
    public bool ListOmitsKeys { get; init; }

    /// <summary>Where a listing has the next page's cursor. Authress may omit either place.</summary>
    public PagingStyle Paging { get; init; }

    /// <summary>A certificate with its private key, for https instead of http.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>How many requests the log keeps before it drops the oldest.</summary>
    public int RequestLogCapacity { get; init; } = 100_000;
}

/// <summary>Where a listing gives the link to the next page.</summary>
public enum PagingStyle
{
    /// <summary>Both in <c>pagination.next.cursor</c> and in <c>links.next.href</c>.</summary>
    CursorAndLink,

    /// <summary>Only in <c>pagination.next.cursor</c>.</summary>
    CursorOnly,

    /// <summary>Only in <c>links.next.href</c>.</summary>
    LinkOnly,
}
