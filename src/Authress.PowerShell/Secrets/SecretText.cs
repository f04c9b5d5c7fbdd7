using System.Net;
using System.Security;

namespace Authress.PowerShell.Secrets;

/// <summary>The one place where a SecureString becomes text.</summary>
internal static class SecretText
{
    public static string Reveal(SecureString secret) => new NetworkCredential(string.Empty, secret).Password;
}
