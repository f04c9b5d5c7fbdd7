using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Authress.Emulator.AccessKeys;
using Authress.Emulator.Http;

namespace Authress.Emulator.Faults;

/// <summary>
/// Acts, and responds with every Ed25519 public key in another form than the standard base64 of its DER
/// SubjectPublicKeyInfo, as Authress may.
/// </summary>
/// <param name="Form">The form.</param>
public sealed record PublicKeyFormFault([property: JsonRequired] PublicKeyForm Form) : Fault
{
    private const string Member = "publicKey";

    internal override ApiResponse? Shape(ApiResponse? carriedOut, FaultContext context)
    {
        if (carriedOut is not { Body.Length: > 0 })
            return carriedOut;
        JsonNode? body = JsonNode.Parse(carriedOut.Body.Span);
        Rewrite(body);
        return carriedOut with { Body = JsonSerializer.SerializeToUtf8Bytes(body) };
    }

    private void Rewrite(JsonNode? node)
    {
        if (node is JsonArray items)
        {
            foreach (JsonNode? item in items)
                Rewrite(item);
        }
        else if (node is JsonObject members)
        {
            foreach (JsonNode? value in members.Select(member => member.Value).ToArray())
                Rewrite(value);
            if (members[Member] is JsonValue key && key.TryGetValue(out string? text) && Ed25519Keys.IsPublicKey(text))
                members[Member] = Encode(Convert.FromBase64String(text));
        }
    }

    private string? Encode(byte[] der)
    {
        byte[] raw = der[Ed25519Keys.SubjectPublicKeyInfoPrefix.Length..];
        return Form switch
        {
            PublicKeyForm.Pem => PemEncoding.WriteString("PUBLIC KEY", der),
            PublicKeyForm.DerUrl => Base64Url.EncodeToString(der),
            PublicKeyForm.Raw => Convert.ToBase64String(raw),
            PublicKeyForm.RawUrl => Base64Url.EncodeToString(raw),
            PublicKeyForm.Hex => Convert.ToHexStringLower(raw),
            PublicKeyForm.Jwk => new JsonObject { ["kty"] = "OKP", ["crv"] = "Ed25519", ["x"] = Base64Url.EncodeToString(raw) }.ToJsonString(),
            PublicKeyForm.OpenSsh => OpenSsh(raw),
            _ => null,
        };
    }

    // RFC 4253, section 6.6, and RFC 8709: the length of each part precedes it.
    private static string OpenSsh(byte[] raw)
    {
        const string name = "ssh-ed25519";
        byte[] blob = new byte[sizeof(int) + name.Length + sizeof(int) + raw.Length];
        BinaryPrimitives.WriteInt32BigEndian(blob, name.Length);
        Encoding.ASCII.GetBytes(name, blob.AsSpan(sizeof(int)));
        BinaryPrimitives.WriteInt32BigEndian(blob.AsSpan(sizeof(int) + name.Length), raw.Length);
        raw.CopyTo(blob, blob.Length - raw.Length);
        return $"{name} {Convert.ToBase64String(blob)}";
    }
}

/// <summary>How a public key is written.</summary>
public enum PublicKeyForm
{
    /// <summary>PEM of the SubjectPublicKeyInfo.</summary>
    Pem,

    /// <summary>base64url of the DER SubjectPublicKeyInfo, without padding.</summary>
    DerUrl,

    /// <summary>Standard base64 of the 32 bytes.</summary>
    Raw,

    /// <summary>base64url of the 32 bytes, without padding.</summary>
    RawUrl,

    /// <summary>The 32 bytes in hexadecimal digits.</summary>
    Hex,

    /// <summary>The text of a JSON Web Key (RFC 8037).</summary>
    Jwk,

    /// <summary>A line of OpenSSH's.</summary>
    OpenSsh,

    /// <summary>Null: the key is not echoed.</summary>
    Omitted,
}
