using System.CommandLine;
using Authress.Emulator;
using Authress.Emulator.Storage;

ParseResult command = CommandLine.Create(RunAsync).Parse(args);
if (command.Errors.Count == 0)
    return await command.InvokeAsync();
foreach (string problem in command.Errors.Select(error => error.Message))
    await Console.Error.WriteLineAsync(problem);
await CommandLine.Create(RunAsync).Parse("--help").InvokeAsync(new InvocationConfiguration { Output = Console.Error });
return 2;

static async Task<int> RunAsync(EmulatorOptions options, CancellationToken stop)
{
    try
    {
        // Disposed on Ctrl+C and SIGTERM, so that the data file is written and the port is free.
        await using EmulatorServer emulator = await EmulatorServer.StartAsync(options, stop);
        await Console.Out.WriteLineAsync(emulator.ReadyLine());
        TaskCompletionSource stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using (stop.Register(stopped.SetResult))
            await stopped.Task;
        return 0;
    }
    catch (Exception problem) when (problem is DataFileException or IOException or UnauthorizedAccessException)
    {
        await Console.Error.WriteLineAsync(problem.Message);
        return 1;
    }
}
