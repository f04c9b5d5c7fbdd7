using System.Text.RegularExpressions;
using Authress.Emulator.AccessKeys;

namespace Authress.Emulator.Requests;

/// <summary>
/// Removes text that looks like an access key, a private key or a token from a request. A client must send a token only in
/// the Authorization header; if it sends a secret elsewhere, the log must not leak it.
/// </summary>
internal sealed partial class SecretFilter
{
    private const string Replacement = "(left out)";

    public bool FoundSecrets { get; private set; }

    public string Clean(string text)
    {
        string clean = SecretForms().Replace(text, Replacement);
        FoundSecrets |= clean != text;
        return clean;
    }

    public string CleanBody(string body)
    {
        string clean = SecretMembers().Replace(body, $"$1\"{Replacement}\"");
        FoundSecrets |= clean != body;
        return Clean(clean);
    }

    // An Ed25519 PKCS#8 key in base64 (in a URL or in JSON some of it may be escaped), with whatever is joined to it on the left by dots; two parts of base64url JSON
    // joined by a dot, which is a token; base64 of JSON that is long enough to be a key of the legacy form; PEM; a client secret.
    [GeneratedRegex(
        @"(?:[A-Za-z0-9_-]+\.)*MC4CAQAwBQYDK2Vw[A-Za-z0-9+/=_%\\-]*|eyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?|eyJ[A-Za-z0-9+/=_-]{200,}|-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]*(?:-----END [A-Z ]*PRIVATE KEY-----)?|" + Identifiers.ClientSecretPattern,
        RegexOptions.CultureInvariant)]
    private static partial Regex SecretForms();

    [GeneratedRegex(@"(""(?:accessKey|clientSecret|privateKey|access_token|client_secret)""\s*:\s*)""(?:[^""\\]|\\.)*""", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex SecretMembers();
}
