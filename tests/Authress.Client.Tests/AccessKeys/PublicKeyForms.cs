using System.Security.Cryptography;

namespace Authress.Client.Tests.AccessKeys;

/// <summary>An Ed25519 public key in every form in which it is passed around, and what only looks like one.</summary>
internal static class PublicKeyForms
{
    private const string Ed25519 = "302a300506032b6570032100";

    private static readonly Dictionary<string, Func<byte[], string>> Forms = new()
    {
        ["DER"] = key => Convert.ToBase64String(Der(key)),
        ["DER in URL-safe letters"] = key => UrlSafe(Der(key)),
        ["DER in URL-safe letters with padding"] = key => UrlSafe(Der(key)) + "=",
        ["DER in two lines"] = key => Convert.ToBase64String(Der(key)).Insert(20, "\r\n"),
        ["raw"] = Convert.ToBase64String,
        ["raw in URL-safe letters"] = UrlSafe,
        ["PEM"] = key => PemEncoding.WriteString("PUBLIC KEY", Der(key)),
        ["PEM with a line break after it"] = key => PemEncoding.WriteString("PUBLIC KEY", Der(key)) + "\r\n",
        ["JWK"] = key => $$"""{"kty":"OKP","crv":"Ed25519","kid":"k","x":"{{UrlSafe(key)}}"}""",
        ["OpenSSH line"] = key => $"ssh-ed25519 {OpenSsh("ssh-ed25519", key)} somebody@example.com\n",
        ["OpenSSH line without a comment"] = key => $"ssh-ed25519 {OpenSsh("ssh-ed25519", key)}",
    };

    private static readonly Dictionary<string, Func<byte[], string>> NotKeys = new()
    {
        ["nothing"] = _ => "",
        ["words"] = _ => "no public key",
        ["three bytes"] = _ => "AAAA",
        ["a key id"] = _ => "aB3xYz",
        ["44 bytes with another head"] = key => Convert.ToBase64String([.. new byte[12], .. key]),
        ["44 bytes that are no DER"] = key => Convert.ToBase64String([.. Enumerable.Repeat((byte)0x30, 12), .. key]),
        ["an X25519 key"] = key => Convert.ToBase64String([.. Convert.FromHexString("302a300506032b656e032100"), .. key]),
        ["an X25519 JWK"] = key => $$"""{"kty":"OKP","crv":"X25519","x":"{{UrlSafe(key)}}"}""",
        ["a JWK without x"] = _ => """{"kty":"OKP","crv":"Ed25519"}""",
        ["a JWK with half a surrogate pair"] = _ => """{"kty":"OKP","crv":"Ed25519","x":"\ud800"}""",
        ["a private JWK"] = key => $$"""{"kty":"OKP","crv":"Ed25519","x":"{{UrlSafe(key)}}","d":"{{UrlSafe(key)}}"}""",
        ["an RSA line"] = key => $"ssh-rsa {OpenSsh("ssh-rsa", key)}",
        ["an Ed25519 key called another type"] = key => $"ssh-rsa {OpenSsh("ssh-ed25519", key)}",
        ["another type called an Ed25519 key"] = key => $"ssh-ed25519 {OpenSsh("ssh-rsa", key)}",
        ["two OpenSSH lines"] = key => string.Concat(Enumerable.Repeat($"ssh-ed25519 {OpenSsh("ssh-ed25519", key)} somebody\n", 2)),
        ["an OpenSSH line with options before it"] = key => $"no-pty ssh-ed25519 {OpenSsh("ssh-ed25519", key)}",
        ["two keys in PEM"] = key => PemEncoding.WriteString("PUBLIC KEY", Der(key)) + "\n" + PemEncoding.WriteString("PUBLIC KEY", Der(key)),
        ["31 bytes"] = key => Convert.ToBase64String(key[1..]),
        ["33 bytes"] = key => Convert.ToBase64String([.. key, 0]),
        ["PEM of an X25519 key"] = key => PemEncoding.WriteString("PUBLIC KEY", [.. Convert.FromHexString("302a300506032b656e032100"), .. key]),
        ["PEM cut short"] = key => PemEncoding.WriteString("PUBLIC KEY", Der(key))[..60],
        ["PEM of a private key"] = key => PemEncoding.WriteString("PRIVATE KEY", [.. Convert.FromHexString("302e020100300506032b657004220420"), .. key]),
        ["DER with more after it"] = key => Convert.ToBase64String([.. Der(key), 1]),
        ["DER cut short"] = key => Convert.ToBase64String(Der(key)[..43]),
        // y = 2 has no x on the curve.
        ["32 bytes that are not on the curve"] = _ => Convert.ToBase64String([2, .. new byte[31]]),
    };

    public static TheoryData<string> Names => [.. Forms.Keys];

    public static TheoryData<string> NamesOfNotKeys => [.. NotKeys.Keys];

    public static string Write(string form, byte[] key) => Forms[form](key);

    public static string WriteNotKey(string form, byte[] key) => NotKeys[form](key);

    private static byte[] Der(byte[] key) => [.. Convert.FromHexString(Ed25519), .. key];

    private static string UrlSafe(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    // RFC 4253, section 6.6: each part is preceded by its length.
    private static string OpenSsh(string type, byte[] key) =>
        Convert.ToBase64String([0, 0, 0, (byte)type.Length, .. System.Text.Encoding.ASCII.GetBytes(type), 0, 0, 0, (byte)key.Length, .. key]);
}
