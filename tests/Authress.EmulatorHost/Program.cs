using System.Text.Json;
using System.Text.Json.Nodes;
using Authress.EmulatorHost;

// Reads calls as lines of JSON and writes their results as lines, one after another, until the input ends.
JsonSerializerOptions web = new(JsonSerializerDefaults.Web);
await using Emulators emulators = new();
while (await Console.In.ReadLineAsync() is { } line)
{
    MemberCall call = JsonSerializer.Deserialize<MemberCall>(line, web)!;
    JsonObject response;
    try
    {
        response = new() { ["value"] = JsonSerializer.SerializeToNode(await emulators.CallAsync(call), web) };
    }
    catch (Exception problem) when (problem is ArgumentException or InvalidOperationException or HttpRequestException or KeyNotFoundException)
    {
        response = new() { ["error"] = problem.ToString() };
    }

    await Console.Out.WriteLineAsync(response.ToJsonString());
}
