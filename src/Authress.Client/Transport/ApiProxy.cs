using System.Net;

namespace Authress.Client.Transport;

/// <summary>
/// The proxy as requests use it. Its URL has no user name and password, because .NET quotes the URL in its messages; they are
/// passed as credentials.
/// </summary>
/// <param name="proxy">The proxy that the user or the system specified.</param>
/// <param name="onlyLoopback">
/// Whether only a proxy on this machine is used, as for an API URL with plain http, which is always on this machine. Any
/// other would receive the token over the network in plain text.
/// </param>
internal sealed class ApiProxy(IWebProxy proxy, bool onlyLoopback) : IWebProxy
{
    public ICredentials? Credentials
    {
        get => proxy.Credentials;
        set => proxy.Credentials = value;
    }

    public Uri GetProxy(Uri destination) => Find(destination) is { } found ? WithoutUserInfo(found) : destination;

    public bool IsBypassed(Uri host) => Find(host) is null;

    private Uri? Find(Uri destination) =>
        !proxy.IsBypassed(destination) && proxy.GetProxy(destination) is { } found && (found.IsLoopback || !onlyLoopback) ? found : null;

    private static Uri WithoutUserInfo(Uri url) => url.UserInfo.Length == 0 ? url : new UriBuilder(url) { UserName = string.Empty, Password = string.Empty }.Uri;
}
