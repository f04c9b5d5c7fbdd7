using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Authress.Bench.Server;

/// <summary>The response bodies, generated once, so that the server's own cost is low.</summary>
internal sealed class CannedResponses
{
    public const int PageSize = 20;

    private const string IdPlace = "{id}";

    private readonly byte[][] _client;
    private readonly ConcurrentDictionary<(int Start, int Total), byte[]> _pages = new();

    public CannedResponses()
    {
        string publicKey = Convert.ToBase64String([.. Convert.FromHexString("302a300506032b6570032100"), .. RandomNumberGenerator.GetBytes(32)]);
        string client = JsonSerializer.Serialize(new
        {
            clientId = IdPlace,
            createdTime = "2026-01-31T12:00:00.000Z",
            name = "Nightly deployment",
            options = new { grantUserPermissionsAccess = false, grantTokenGeneration = false },
            rateLimits = new[] { new { duration = "PT1H", quota = 1000 } },
            tags = new { env = "bench", team = "platform" },
            verificationKeys = new[] { new { keyId = "a1b2", publicKey, generationDate = "2026-01-31T12:00:00.000Z" } },
            links = new { self = new { href = "/v1/clients/" + IdPlace } },
        });
        _client = [.. client.Split(IdPlace).Select(Encoding.UTF8.GetBytes)];
        Created = Client("sc_created");
        CreatedKey = JsonSerializer.SerializeToUtf8Bytes(new
        {
            keyId = "a1b2",
            publicKey,
            generationDate = "2026-01-31T12:00:00.000Z",
            accessKey = ThrowAwayKey.Create(),
            clientSecret = RandomNumberGenerator.GetHexString(40),
        });
    }

    public byte[] Created { get; }

    public byte[] CreatedKey { get; }

    public byte[] Refused { get; } = """{"title":"Too many requests.","errorCode":"TooManyRequests","errorId":"bench"}"""u8.ToArray();

    public byte[] Client(string clientId)
    {
        ArrayBufferWriter<byte> json = new(512);
        Write(json, clientId);
        return json.WrittenSpan.ToArray();
    }

    /// <summary>A page of a list with that many clients; the cursor is the index of its first client.</summary>
    public byte[] Page(string? cursor, int total)
    {
        int start = cursor is null ? 0 : int.Parse(cursor, CultureInfo.InvariantCulture);
        return _pages.GetOrAdd((start, total), MakePage);
    }

    private byte[] MakePage((int Start, int Total) page)
    {
        int end = Math.Min(page.Start + PageSize, page.Total);
        ArrayBufferWriter<byte> json = new(PageSize * 512);
        json.Write("{\"clients\":["u8);
        for (int i = page.Start; i < end; i++)
        {
            if (i > page.Start)
                json.Write(","u8);
            Write(json, string.Create(CultureInfo.InvariantCulture, $"sc_listed{i:D8}"));
        }

        json.Write("],\"pagination\":{"u8);
        if (end < page.Total)
            json.Write(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"\"next\":{{\"cursor\":\"{end}\"}}")));
        json.Write("},\"links\":{\"self\":{\"href\":\"/v1/clients\"}}}"u8);
        return json.WrittenSpan.ToArray();
    }

    private void Write(ArrayBufferWriter<byte> json, string clientId)
    {
        json.Write(_client[0]);
        foreach (byte[] part in _client.AsSpan(1))
        {
            Encoding.UTF8.GetBytes(clientId, json);
            json.Write(part);
        }
    }
}
