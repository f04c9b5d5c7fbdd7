using System.CommandLine;
using Authress.Bench;
using Authress.Bench.AccountReport;
using Authress.Bench.Chaos;
using Authress.Bench.Find;
using Authress.Bench.Fuzz;
using Authress.Bench.Rotations;
using Authress.Bench.Server;
using Authress.Bench.Subjects;

Option<bool> quick = new("--quick") { Description = "A short run instead of about 13 minutes, to check that everything works. Its numbers are not meaningful." };
Option<FileInfo?> output = new("--output") { Description = "The Markdown file to write. The default is docs/benchmarks.md, or none with --quick." };

RootCommand root = new("""
    Measures the module, the client library and others against a bare HttpClient, over a canned server on this machine.
    Authress's JavaScript client is measured where node is on PATH and AUTHRESS_JS names a folder in which @authress/sdk
    has been installed by npm.
    """)
{
    quick,
    output,
};
root.SetAction((arguments, cancellation) => AllBenchmarks.RunAsync(
    arguments.GetValue(quick) ? Plan.Quick : Plan.Full,
    arguments.GetValue(output) ?? (arguments.GetValue(quick) ? null : new FileInfo(Repository.ReportFile)),
    cancellation));

// Each subcommand is a separate program.
root.Subcommands.Add(ChaosCommand.Create());
root.Subcommands.Add(ServerCommand.Create());
root.Subcommands.Add(SubjectCommand.Create());
root.Subcommands.Add(FuzzCommand.Create());
root.Subcommands.Add(RotationCommand.Create());
root.Subcommands.Add(FindCommand.Create());
root.Subcommands.Add(ReportCommand.Create());

ParseResult parsed = root.Parse(args);
if (parsed.Errors.Count == 0)
    return await parsed.InvokeAsync();
foreach (string problem in parsed.Errors.Select(error => error.Message))
    await Console.Error.WriteLineAsync(problem);
await root.Parse("--help").InvokeAsync(new InvocationConfiguration { Output = Console.Error });
return 2;
