using System.CommandLine;

namespace Authress.Emulator;

/// <summary>The program's command line.</summary>
internal static class CommandLine
{
    /// <summary>Creates the command.</summary>
    /// <param name="run">Runs an emulator until the token is canceled, and returns the exit code.</param>
    public static RootCommand Create(Func<EmulatorOptions, CancellationToken, Task<int>> run)
    {
        Option<int> port = new("--port") { HelpName = "PORT", Description = "The loopback port to listen on; 0, the default, picks a free one." };
        Option<string?> data = new("--data") { HelpName = "FILE", Description = "Keep the account in this file across restarts." };
        Option<int> latency = new("--latency") { HelpName = "MS", Description = "Delay every response by this many milliseconds." };
        port.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: string text }] && !ushort.TryParse(text, out _))
                result.AddError($"--port needs a whole number from 0 to {ushort.MaxValue}.");
        });
        latency.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: string text }] && !(int.TryParse(text, out int number) && number >= 0))
                result.AddError("--latency needs a whole number of milliseconds.");
        });
        data.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: "" }])
                result.AddError("--data needs a file.");
        });

        RootCommand root = new("A local Authress. When it is ready it prints one line of JSON: apiUrl, accountId and an administrator's accessKey.") { port, data, latency };
        root.SetAction((arguments, cancellation) => run(
            new EmulatorOptions
            {
                Port = arguments.GetValue(port),
                DataFile = arguments.GetValue(data),
                Latency = TimeSpan.FromMilliseconds(arguments.GetValue(latency)),
            },
            cancellation));
        return root;
    }
}
