using System.Net;
using System.Security;

namespace Authress;

/// <summary>Converts between SecureString and plain text.</summary>
internal static class SecretText
{
    /// <summary>The secret in plain text.</summary>
    public static string Reveal(SecureString secret) => new NetworkCredential(string.Empty, secret).Password;

    /// <summary>Whether two secrets are equal.</summary>
    public static bool Same(SecureString one, SecureString other) => Reveal(one) == Reveal(other);

    /// <summary>A secret from plain text.</summary>
    public static SecureString Protect(string text) => new NetworkCredential(string.Empty, text).SecurePassword;
}
