using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Authress.Client.Tests.Transport;

/// <summary>
/// A server on bare sockets. Records every request byte for byte, with its original headers, and responds with any bytes or
/// none, for requests and responses that a real server would hide or never send.
/// </summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Func<ScriptedRequest, ScriptedResponse> _respond;
    private readonly Lock _gate = new();
    private readonly List<ScriptedRequest> _requests = [];
    private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _accepting;
    private int _connections;

    private ScriptedServer(Func<ScriptedRequest, ScriptedResponse> respond)
    {
        _respond = respond;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Url => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>How many connections were made, whether or not anything was sent on them.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Ends when the first request has arrived.</summary>
    public Task Arrived => _arrived.Task;

    public IReadOnlyList<ScriptedRequest> Requests
    {
        get
        {
            lock (_gate)
                return [.. _requests];
        }
    }

    public static ScriptedServer Start(Func<ScriptedRequest, ScriptedResponse> respond) => new(respond);

    public static ScriptedServer Start(ScriptedResponse response) => new(_ => response);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> serving = [];
        try
        {
            while (true)
            {
                TcpClient client = await _listener.AcceptTcpClientAsync();
                serving.Add(ServeAsync(client, Interlocked.Increment(ref _connections)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or InvalidOperationException)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(TcpClient client, int connection)
    {
        using (client)
        // On .NET Framework reading from a socket does not end with its token, and who kept the connection open keeps it.
        using (_stopping.Token.Register(client.Close))
        {
            try
            {
                NetworkStream stream = client.GetStream();
                while (await ReadAsync(stream, connection) is { } request)
                {
                    lock (_gate)
                        _requests.Add(request);
                    ScriptedResponse reply = _respond(request);
                    _arrived.TrySetResult();
                    await stream.WriteAsync(reply.Bytes, _stopping.Token);
                    if (reply.Then == Ending.Hang)
                        await Task.Delay(Timeout.Infinite, _stopping.Token);
                    if (reply.Then == Ending.Close)
                        return;
                }
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // The caller hung up, or the test is over.
            }
        }
    }

    private async Task<ScriptedRequest?> ReadAsync(NetworkStream stream, int connection)
    {
        List<byte> head = [];
        byte[] one = new byte[1];
        while (!EndsHead(head))
        {
            if (await stream.ReadAsync(one, _stopping.Token) == 0)
                return null;
            head.Add(one[0]);
        }

        string[] lines = Encoding.Latin1.GetString([.. head]).TrimEnd('\r', '\n').Split("\r\n");
        string[] start = lines[0].Split(' ');
        ILookup<string, string> headers = lines.Skip(1)
            .Select(line => line.Split(": ", 2))
            .ToLookup(header => header[0], header => header.Length > 1 ? header[1] : "", StringComparer.OrdinalIgnoreCase);
        byte[] body = new byte[int.Parse(headers["Content-Length"].SingleOrDefault() ?? "0", CultureInfo.InvariantCulture)];
        await stream.ReadExactlyAsync(body, _stopping.Token);
        return new ScriptedRequest(start[0], start[1], headers, Encoding.UTF8.GetString(body), connection);
    }

    private static bool EndsHead(List<byte> head) => head is [.., (byte)'\r', (byte)'\n', (byte)'\r', (byte)'\n'];
}

/// <summary>A request as it stood on the wire.</summary>
/// <param name="Target">Path and query, still encoded.</param>
/// <param name="Connection">The number of the connection that it came on, from 1.</param>
internal sealed record ScriptedRequest(string Method, string Target, ILookup<string, string> Headers, string Body, int Connection)
{
    /// <summary>The bearer token.</summary>
    public string Token => Headers["Authorization"].Single()["Bearer ".Length..];

    /// <summary>The parts of the path, each decoded as a server does.</summary>
    public string[] Segments => [.. Target.Split('?')[0].Split('/').Skip(1).Select(Uri.UnescapeDataString)];
}

/// <summary>What happens to a connection after a response.</summary>
internal enum Ending
{
    KeepOpen,
    Close,
    Hang,
}

/// <summary>The bytes of a response; none for a connection that breaks or stays silent.</summary>
internal sealed record ScriptedResponse(byte[] Bytes, Ending Then)
{
    public static ScriptedResponse Dropped { get; } = new([], Ending.Close);

    public static ScriptedResponse Silence { get; } = new([], Ending.Hang);

    public static ScriptedResponse Json(string body, int status = 200, params string[] headers) =>
        Of(status, Encoding.UTF8.GetBytes(body), ["Content-Type: application/links+json", .. headers]);

    public static ScriptedResponse Html(int status = 200) =>
        Of(status, "<html><body><h1>Sign in to the guest network</h1></body></html>"u8.ToArray(), "Content-Type: text/html");

    public static ScriptedResponse Empty(int status, params string[] headers) => Of(status, [], headers);

    /// <summary>A response that is shorter than its Content-Length, after which the connection breaks or stays silent.</summary>
    public static ScriptedResponse CutShort(string body, Ending then = Ending.Close, int status = 200) =>
        Of(status, Encoding.UTF8.GetBytes(body), $"Content-Length: {Encoding.UTF8.GetByteCount(body) + 100}") with { Then = then };

    public static ScriptedResponse Of(int status, byte[] body, params string[] headers)
    {
        StringBuilder head = new($"HTTP/1.1 {status.ToString(CultureInfo.InvariantCulture)} Scripted\r\n");
        foreach (string header in headers)
            head.Append(header).Append("\r\n");
        if (status != 204 && !headers.Any(header => header.StartsWith("Content-Length", StringComparison.Ordinal)))
            head.Append("Content-Length: ").Append(body.Length.ToString(CultureInfo.InvariantCulture)).Append("\r\n");
        return new([.. Encoding.Latin1.GetBytes(head.Append("\r\n").ToString()), .. body], Ending.KeepOpen);
    }
}
