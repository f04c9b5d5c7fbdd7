using System.Globalization;
using System.Management.Automation;
using System.Net;

namespace Authress.PowerShell.Connections;

/// <summary>Creates the proxy that a user specified.</summary>
internal static class ConnectionProxy
{
    /// <summary>The proxy; null for the system's own.</summary>
    /// <param name="proxy">-Proxy.</param>
    /// <param name="credential">-ProxyCredential.</param>
    /// <exception cref="ArgumentException">The proxy can't be used. Without this check, only the first request would fail.</exception>
    public static WebProxy? Create(Uri? proxy, PSCredential? credential)
    {
        if (proxy is null)
            return credential is null ? null : throw new ArgumentException(Messages.ProxyMissing);
        if (!IsUsable(proxy))
            throw new ArgumentException(string.Format(CultureInfo.CurrentCulture, Messages.ProxyUnusable, Redaction.HideUserInfo(proxy.OriginalString)));
        return new WebProxy(proxy) { Credentials = credential?.GetNetworkCredential() };
    }

    private static bool IsUsable(Uri proxy) =>
        proxy.IsAbsoluteUri && proxy.Host.Length > 0 && proxy.UserInfo.Length == 0
#if NET
        && proxy.Scheme is "http" or "https" or "socks4" or "socks4a" or "socks5";
#else
        && proxy.Scheme is "http";
#endif
}
