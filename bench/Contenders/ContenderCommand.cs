using System.CommandLine;
using System.Text.Json;

namespace Authress.Bench.Contenders;

/// <summary>A contender as a program: takes orders on its standard input and ends with it.</summary>
internal static class ContenderCommand
{
    public static Command Create()
    {
        Argument<ContenderKind> kind = new("kind");
        Command command = new("contender", "One of those that are measured; takes orders as lines of JSON.") { kind };
        command.Hidden = true;
        command.SetAction((arguments, _) => RunAsync(arguments.GetValue(kind)));
        return command;
    }

    private static async Task<int> RunAsync(ContenderKind kind)
    {
        Uri url = new(Environment.GetEnvironmentVariable("AUTHRESS_API_URL")!);
        string key = Environment.GetEnvironmentVariable("AUTHRESS_KEY")!;
        using IContender contender = kind switch
        {
            ContenderKind.Http => new BareHttpContender(url),
            ContenderKind.RestSharp => new RestSharpContender(url),
            ContenderKind.Library => LibraryContender.Create(url, key),
            ContenderKind.Module => new ModuleContender(),
            _ => throw new NotSupportedException($"{kind} is not measured by a process of this program."),
        };
        await Console.Out.WriteLineAsync(JsonSerializer.Serialize(new Introduction(contender.Version), ProtocolJson.Default.Introduction));
        while (await Console.In.ReadLineAsync() is { } line)
        {
            Order order = JsonSerializer.Deserialize(line, ProtocolJson.Default.Order)!;

            // What the last order left behind is not this one's to clear up.
            GC.Collect();
            Outcome outcome = await contender.RunAsync(order);
            await Console.Out.WriteLineAsync(JsonSerializer.Serialize(outcome, ProtocolJson.Default.Outcome));
        }

        return 0;
    }
}
