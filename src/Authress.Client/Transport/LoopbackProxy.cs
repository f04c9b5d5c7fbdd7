using System.Net;

namespace Authress.Client.Transport;

/// <summary>
/// The proxy for an API URL with plain http, which is always on this machine. Passes only through a proxy on this machine as
/// well: any other would receive the token over the network in plain text.
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
