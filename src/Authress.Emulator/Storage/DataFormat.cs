using System.Runtime.InteropServices;
using System.Text.Json;
using Authress.Emulator.AccessKeys;
using Authress.Emulator.ServiceClients;

namespace Authress.Emulator.Storage;

/// <summary>The JSON of the data file.</summary>
internal static class DataFormat
{
    private const string FormatName = "Authress emulator";
    private const int FormatVersion = 1;

    public static void Write(Utf8JsonWriter json, Account account, StoreSnapshot snapshot)
    {
        json.WriteStartObject();
        json.WriteString("format", FormatName);
        json.WriteNumber("formatVersion", FormatVersion);
        json.WriteString("accountId", account.AccountId);
        json.WriteStartObject("administrator");
        json.WriteString("clientId", account.AdminClientId);
        json.WriteString("accessKey", account.AdminAccessKey);
        json.WritePropertyName("key");
        WriteKey(json, account.AdminKey);
        json.WriteEndObject();
        json.WriteNumber("lastSequence", snapshot.LastSequence);
        json.WriteStartArray("clients");
        foreach (ServiceClient client in snapshot.Clients)
            WriteClient(json, client);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    public static (Account Account, StoreSnapshot Clients) Read(JsonElement root)
    {
        if (root.GetProperty("format").GetString() != FormatName || root.GetProperty("formatVersion").GetInt32() != FormatVersion)
            throw new FormatException($"it is not marked as '{FormatName}' in version {FormatVersion}");

        JsonElement administrator = root.GetProperty("administrator");
        Account account = new(
            Text(root, "accountId"),
            Text(administrator, "clientId"),
            ReadKey(administrator.GetProperty("key")),
            Text(administrator, "accessKey"));
        ServiceClient[] clients = [.. root.GetProperty("clients").EnumerateArray().Select(ReadClient)];
        if (clients.DistinctBy(client => client.ClientId).Count() != clients.Length
            || clients.Zip(clients.Skip(1)).Any(pair => pair.First.Sequence >= pair.Second.Sequence))
        {
            throw new FormatException("its clients are not unique or not in order");
        }

        return (account, new StoreSnapshot(0, root.GetProperty("lastSequence").GetInt64(), clients));
    }

    private static void WriteClient(Utf8JsonWriter json, ServiceClient client)
    {
        json.WriteStartObject();
        json.WriteString("clientId", client.ClientId);
        json.WriteNumber("sequence", client.Sequence);
        json.WriteString("createdTime", client.CreatedTime);
        json.WriteStartObject("document");
        client.Document.WriteMembers(json);
        json.WriteEndObject();
        json.WriteStartArray("keys");
        foreach (VerificationKey key in client.Keys)
            WriteKey(json, key);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static ServiceClient ReadClient(JsonElement client) => new(
        Text(client, "clientId"),
        client.GetProperty("sequence").GetInt64(),
        client.GetProperty("createdTime").GetDateTimeOffset(),
        ClientDocumentReader.Read(JsonMarshal.GetRawUtf8Value(client.GetProperty("document")).ToArray()),
        [.. client.GetProperty("keys").EnumerateArray().Select(ReadKey)]);

    private static void WriteKey(Utf8JsonWriter json, VerificationKey key)
    {
        json.WriteStartObject();
        json.WriteString("keyId", key.KeyId);
        json.WriteString("algorithm", key.Algorithm.ToString());
        json.WriteString("publicKey", key.PublicKey);
        json.WriteString("generationDate", key.GenerationDate);
        json.WriteEndObject();
    }

    private static VerificationKey ReadKey(JsonElement key)
    {
        VerificationKey read = new(
            Text(key, "keyId"),
            Text(key, "publicKey"),
            key.GetProperty("generationDate").GetDateTimeOffset(),
            Enum.Parse<KeyAlgorithm>(Text(key, "algorithm")));
        return read.Algorithm != KeyAlgorithm.EdDsa || Ed25519Keys.IsPublicKey(read.PublicKey)
            ? read
            : throw new FormatException($"key {read.KeyId} is no Ed25519 key");
    }

    private static string Text(JsonElement from, string name) =>
        from.GetProperty(name).GetString() is { Length: > 0 } text ? text : throw new FormatException($"'{name}' is empty");
}
