using Authress.Emulator.Http;
using Microsoft.Net.Http.Headers;

namespace Authress.Emulator.Requests;

/// <summary>The requests received, oldest first; beyond its capacity the oldest are dropped.</summary>
internal sealed class RequestLog(int capacity, TimeProvider clock)
{
    private const int LongestBody = 65_536;

    private static readonly string[] CredentialHeaders =
        [HeaderNames.Authorization, HeaderNames.ProxyAuthorization, HeaderNames.Cookie];

    private readonly Lock _gate = new();
    private readonly Queue<Entry> _entries = new();
    private long _count;
    private int _inFlight;

    /// <summary>A request in the log; its record is completed when the response is sent.</summary>
    internal sealed class Entry(RequestRecord record)
    {
        public RequestRecord Record { get; set; } = record;
    }

    public Entry Add(ApiRequest request, string? fault)
    {
        SecretFilter filter = new();
        string authorization = request.Headers.Authorization.ToString();
        RequestRecord record = new()
        {
            Sequence = 0,
            ReceivedAt = clock.GetUtcNow(),
            Method = request.Method,
            Target = filter.Clean(request.Target),
            ClientId = request.Caller.ClientId,
            KeyId = request.Caller.KeyId,
            AuthorizationScheme = authorization.Length == 0 ? null : filter.Clean(authorization.Split(' ')[0]),
            Headers = request.Headers
                .Where(header => !CredentialHeaders.Contains(header.Key, StringComparer.OrdinalIgnoreCase))
                .ToDictionary(header => header.Key, header => filter.Clean(header.Value.ToString()), StringComparer.OrdinalIgnoreCase),
            Body = Shorten(filter.CleanBody(request.BodyText)),
            SecretsLeftOut = filter.FoundSecrets,
            Fault = fault,
        };

        lock (_gate)
        {
            Entry entry = new(record with { Sequence = ++_count, InFlight = ++_inFlight });
            _entries.Enqueue(entry);
            if (_entries.Count > capacity)
                _entries.Dequeue();
            return entry;
        }
    }

    public void Complete(Entry entry, int? status)
    {
        lock (_gate)
        {
            _inFlight--;
            entry.Record = entry.Record with { Status = status, RespondedAt = clock.GetUtcNow() };
        }
    }

    public IReadOnlyList<RequestRecord> Snapshot()
    {
        lock (_gate)
            return [.. _entries.Select(entry => entry.Record)];
    }

    public void Clear()
    {
        lock (_gate)
        {
            _entries.Clear();
            _count = 0;
        }
    }

    private static string Shorten(string body) => body.Length <= LongestBody ? body : body[..LongestBody];
}
