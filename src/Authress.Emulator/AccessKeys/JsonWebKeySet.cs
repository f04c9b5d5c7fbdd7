using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Authress.Emulator.Http;

namespace Authress.Emulator.AccessKeys;

/// <summary>The public documents that verify a client's tokens (RFC 7517, RFC 8037).</summary>
internal static class JsonWebKeySet
{
    private const string PlainJson = "application/json; charset=utf-8";

    public static ApiResponse ToResponse(IEnumerable<VerificationKey> keys) => ApiResponse.Json(StatusCodes.Status200OK, json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("keys");
        foreach (VerificationKey key in keys)
            Write(json, key);
        json.WriteEndArray();
        json.WriteEndObject();
    }, PlainJson);

    public static ApiResponse IssuerConfiguration(string issuer) => ApiResponse.Json(StatusCodes.Status200OK, json =>
    {
        json.WriteStartObject();
        json.WriteString("issuer", issuer);
        json.WriteString("jwks_uri", $"{issuer}/.well-known/openid-configuration/jwks");
        json.WriteStartArray("id_token_signing_alg_values_supported");
        json.WriteStringValue("EdDSA");
        json.WriteStringValue("RS256");
        json.WriteEndArray();
        json.WriteEndObject();
    }, PlainJson);

    private static void Write(Utf8JsonWriter json, VerificationKey key)
    {
        json.WriteStartObject();
        json.WriteString("kid", key.KeyId);
        json.WriteString("use", "sig");
        if (key.Algorithm == KeyAlgorithm.EdDsa)
        {
            json.WriteString("kty", "OKP");
            json.WriteString("crv", "Ed25519");
            json.WriteString("alg", "EdDSA");
            json.WriteString("x", Base64Url.EncodeToString(key.RawEd25519));
        }
        else
        {
            using RSA rsa = key.OpenRsa();
            RSAParameters parameters = rsa.ExportParameters(includePrivateParameters: false);
            json.WriteString("kty", "RSA");
            json.WriteString("alg", "RS256");
            json.WriteString("n", Base64Url.EncodeToString(parameters.Modulus));
            json.WriteString("e", Base64Url.EncodeToString(parameters.Exponent));
        }

        json.WriteEndObject();
    }
}
