using System.CommandLine;
using System.Text.Json;

namespace Authress.Bench.Subjects;

/// <summary>A benchmark subject as a program: reads jobs from standard input, and ends with it.</summary>
internal static class SubjectCommand
{
    public static Command Create()
    {
        Argument<SubjectKind> kind = new("kind");
        Command command = new("subject", "Runs one benchmark subject, which reads jobs as lines of JSON.") { kind };
        command.Hidden = true;
        command.SetAction((arguments, _) => RunAsync(arguments.GetValue(kind)));
        return command;
    }

    private static async Task<int> RunAsync(SubjectKind kind)
    {
        Uri url = new(Environment.GetEnvironmentVariable("AUTHRESS_API_URL")!);
        string key = Environment.GetEnvironmentVariable("AUTHRESS_KEY")!;
        using IBenchmarkSubject subject = kind switch
        {
            SubjectKind.Http => new BareHttpSubject(url),
            SubjectKind.RestSharp => new RestSharpSubject(url),
            SubjectKind.Library => LibrarySubject.Create(url, key),
            SubjectKind.Module => new ModuleSubject(),
            _ => throw new NotSupportedException($"{kind} is not a subject of this program."),
        };
        await Console.Out.WriteLineAsync(JsonSerializer.Serialize(new Introduction(subject.Version), ProtocolJson.Default.Introduction));
        while (await Console.In.ReadLineAsync() is { } line)
        {
            BenchmarkJob job = JsonSerializer.Deserialize(line, ProtocolJson.Default.BenchmarkJob)!;

            // So that this job does not collect the garbage of the last one.
            GC.Collect();
            Outcome outcome = await subject.RunAsync(job);
            await Console.Out.WriteLineAsync(JsonSerializer.Serialize(outcome, ProtocolJson.Default.Outcome));
        }

        return 0;
    }
}
