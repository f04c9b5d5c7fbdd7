using System.Runtime.InteropServices;
using Authress.Emulator;
using Authress.Emulator.Storage;

CommandLine command;
try
{
    command = CommandLine.Parse(args);
}
catch (FormatException problem)
{
    await Console.Error.WriteLineAsync($"{problem.Message}\n\n{CommandLine.Usage}");
    return 2;
}

if (command.AsksForHelp)
{
    await Console.Out.WriteLineAsync(CommandLine.Usage);
    return 0;
}

TaskCompletionSource stop = new(TaskCreationOptions.RunContinuationsAsynchronously);
using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
try
{
    await using EmulatorServer emulator = await EmulatorServer.StartAsync(command.Options);
    await Console.Out.WriteLineAsync(emulator.ReadyLine());
    await stop.Task;
    return 0;
}
catch (Exception problem) when (problem is DataFileException or IOException or UnauthorizedAccessException)
{
    await Console.Error.WriteLineAsync(problem.Message);
    return 1;
}

void Stop(PosixSignalContext signal)
{
    // The process ends by itself, when the data file is written and the port is free.
    signal.Cancel = true;
    stop.TrySetResult();
}
