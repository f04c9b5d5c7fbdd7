using System.Globalization;
using System.Text.Json;
using Authress.Emulator.AccessKeys;

namespace Authress.Emulator.ServiceClients;

/// <summary>Writes service clients and keys as the contract's models.</summary>
internal static class ClientJson
{
    public static string PathOf(string clientId) => $"/v1/clients/{Uri.EscapeDataString(clientId)}";

    public static string Timestamp(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    public static void Write(Utf8JsonWriter json, ServiceClient client, string origin, bool withKeys)
    {
        json.WriteStartObject();
        json.WriteString("clientId", client.ClientId);
        json.WriteString("createdTime", Timestamp(client.CreatedTime));
        client.Document.WriteMembers(json);
        if (withKeys)
        {
            json.WriteStartArray("verificationKeys");
            foreach (VerificationKey key in client.Keys)
            {
                json.WriteStartObject();
                WriteKeyMembers(json, client.ClientId, key);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        WriteLinks(json, origin + PathOf(client.ClientId), null);
        json.WriteEndObject();
    }

    public static void WriteKeyMembers(Utf8JsonWriter json, string clientId, VerificationKey key)
    {
        json.WriteString("clientId", clientId);
        json.WriteString("keyId", key.KeyId);
        json.WriteString("publicKey", key.PublicKey);
        json.WriteString("generationDate", Timestamp(key.GenerationDate));
    }

    public static void WriteLinks(Utf8JsonWriter json, string self, string? next)
    {
        json.WriteStartObject("links");
        WriteLink("self", self);
        if (next is not null)
            WriteLink("next", next);
        json.WriteEndObject();

        void WriteLink(string relation, string href)
        {
            json.WriteStartObject(relation);
            json.WriteString("href", href);
            json.WriteEndObject();
        }
    }
}
