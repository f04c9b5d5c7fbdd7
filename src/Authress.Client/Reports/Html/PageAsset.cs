using System.Text;
using Org.BouncyCastle.Security;

namespace Authress.Client.Reports.Html;

/// <summary>The style or the script of the page, which the content security policy allows by its hash.</summary>
internal sealed class PageAsset
{
    public PageAsset(string content)
    {
        // A browser hashes the text with its own line ends, whatever a checkout made of them.
        Content = content.Replace("\r\n", "\n");
        Source = $"'sha256-{Convert.ToBase64String(DigestUtilities.CalculateDigest("SHA-256", Encoding.UTF8.GetBytes(Content)))}'";
    }

    /// <summary>The text.</summary>
    public string Content { get; }

    /// <summary>The source expression of a content security policy that allows this text.</summary>
    public string Source { get; }

    /// <summary>The text of an embedded file.</summary>
    public static string Read(string name)
    {
        using StreamReader reader = new(typeof(PageAsset).Assembly.GetManifestResourceStream(name)!, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
