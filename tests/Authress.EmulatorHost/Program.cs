using System.Text.Json;
using System.Text.Json.Nodes;
using Authress.EmulatorHost;

// A line of JSON is read, carried out and answered with a line, one after another, until the input ends.
JsonSerializerOptions web = new(JsonSerializerDefaults.Web);
await using Emulators emulators = new();
while (await Console.In.ReadLineAsync() is { } line)
{
    Question question = JsonSerializer.Deserialize<Question>(line, web)!;
    JsonObject answer;
    try
    {
        answer = new() { ["value"] = JsonSerializer.SerializeToNode(await emulators.AnswerAsync(question), web) };
    }
    catch (Exception problem) when (problem is ArgumentException or InvalidOperationException or HttpRequestException or KeyNotFoundException)
    {
        answer = new() { ["error"] = problem.ToString() };
    }

    await Console.Out.WriteLineAsync(answer.ToJsonString());
}
