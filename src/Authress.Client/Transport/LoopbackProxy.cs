using System.Net;

namespace Authress.Client.Transport;

/// <summary>
/// The way to an API over plain http, which is always on this machine: through a proxy only where that is on this machine as
/// well. Any other, such as the system's own, would be shown the token on the network.
/// </summary>
internal sealed class LoopbackProxy(IWebProxy proxy) : IWebProxy
{
    public ICredentials? Credentials
    {
        get => proxy.Credentials;
        set => proxy.Credentials = value;
    }

    public Uri GetProxy(Uri destination) => Find(destination) ?? destination;

    public bool IsBypassed(Uri host) => Find(host) is null;

    private Uri? Find(Uri destination) => !proxy.IsBypassed(destination) && proxy.GetProxy(destination) is { IsLoopback: true } found ? found : null;
}
