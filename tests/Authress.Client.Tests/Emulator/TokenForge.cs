using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;

namespace Authress.Client.Tests.Emulator;

/// <summary>Makes tokens, right ones and wrong ones, from an access key.</summary>
internal sealed class TokenForge
{
    private static readonly byte[] SubjectPublicKeyInfoPrefix = [0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00];

    private readonly byte[] _seed;

    public TokenForge(string accessKey)
    {
        string[] parts = accessKey.Split('.');
        (ClientId, KeyId, AccountId) = (parts[0], parts[1], parts[2]);
        _seed = Convert.FromBase64String(parts[3])[^32..];
    }

    public TokenForge(string clientId, string keyId, string accountId, byte[] seed) =>
        (ClientId, KeyId, AccountId, _seed) = (clientId, keyId, accountId, seed);

    public string ClientId { get; }

    public string KeyId { get; }

    public string AccountId { get; }

    public static string PublicKeyOf(byte[] seed) => Convert.ToBase64String([.. SubjectPublicKeyInfoPrefix, .. Rfc8032.PublicKey(seed)]);

    public JsonObject Header() => new() { ["alg"] = "EdDSA", ["typ"] = "at+jwt", ["kid"] = KeyId };

    public JsonObject Payload(Uri apiUrl, DateTimeOffset? now = null)
    {
        long issued = (now ?? DateTimeOffset.UtcNow).ToUnixTimeSeconds();
        return new()
        {
            ["iss"] = $"{apiUrl.GetLeftPart(UriPartial.Authority)}/v1/clients/{ClientId}",
            ["sub"] = ClientId,
            ["client_id"] = ClientId,
            ["aud"] = $"{AccountId}.accounts.authress.io",
            ["iat"] = issued,
            ["exp"] = issued + 86400,
            ["scope"] = "openid",
        };
    }

    public string Token(Uri apiUrl, Action<JsonObject, JsonObject>? corrupt = null, DateTimeOffset? now = null)
    {
        JsonObject header = Header();
        JsonObject payload = Payload(apiUrl, now);
        corrupt?.Invoke(header, payload);
        return Sign(header.ToJsonString(), payload.ToJsonString());
    }

    public string Sign(string header, string payload)
    {
        string signed = $"{Encode(header)}.{Encode(payload)}";
        return $"{signed}.{Base64Url.EncodeToString(Rfc8032.Sign(_seed, Encoding.ASCII.GetBytes(signed)))}";
    }

    public static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
