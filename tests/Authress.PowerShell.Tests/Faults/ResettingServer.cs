using System.Net;
using System.Net.Sockets;

namespace Authress.PowerShell.Tests.Faults;

/// <summary>A server that resets every connection as soon as a request comes on it.</summary>
internal sealed class ResettingServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _accepting;

    private ResettingServer()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Url => UrlOf(_listener);

    public static ResettingServer Start() => new();

    /// <summary>A URL at which nothing listens: its port was just released.</summary>
    public static Uri UnusedUrl()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return UrlOf(listener);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _accepting;
        _listener.Dispose();
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        byte[] one = new byte[1];
        try
        {
            while (true)
            {
                using TcpClient client = await _listener.AcceptTcpClientAsync(_stopping.Token);
                await client.GetStream().ReadExactlyAsync(one, _stopping.Token);

                // No time to linger: closing then resets the connection.
                client.LingerState = new LingerOption(true, 0);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The run has ended.
        }
    }

    private static Uri UrlOf(TcpListener listener) => new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
}
