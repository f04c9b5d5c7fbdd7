using Authress.Emulator;
using Authress.Playground.Accounts;
using Authress.Playground.Engines;

namespace Authress.Playground;

/// <summary>Starts a local Authress, and runs in PowerShell what was asked for.</summary>
internal sealed class Playground(PlaygroundOptions options)
{
    /// <returns>The exit code of the process.</returns>
    public async Task<int> RunAsync()
    {
        bool prompts = options is { Command: null, File: null };
        bool canPrompt = prompts && !Console.IsInputRedirected && !Console.IsOutputRedirected;
        if (options.NoTour && !canPrompt)
            return await RefuseAsync("-NoTour leaves a prompt, and this is no terminal. Try -Command or a file.", ExitCode.Usage);
        if (!File.Exists(Repository.ModuleManifest))
            return await RefuseAsync($"The module is not built: there is no {Repository.ModuleManifest}. Try: dotnet build", ExitCode.Failure);

        IPowerShellEngine engine;
        try
        {
            engine = EngineChoice.Choose(options.Engine);
        }
        catch (UsageException exception)
        {
            return await RefuseAsync(exception.Message, ExitCode.Usage);
        }

        Account? own = Account.FromEnvironment();
        if (own is not null && (canPrompt || !prompts))
            await Console.Error.WriteLineAsync($"This is a real account: {own.ApiUrl}, from {Account.ApiUrlVariable} and {Account.AccessKeyVariable}. What you change is changed.");

        // A script for one's own account needs no other.
        if (own is not null && (!prompts || options.NoTour))
            return Run(engine, own);

        await using EmulatorServer emulator = await EmulatorServer.StartAsync(new EmulatorOptions(), CancellationToken.None);
        var local = new Account(emulator.ApiUrl.ToString(), emulator.AccessKey);
        if (!prompts || options.NoTour)
            return Run(engine, local);

        int exitCode = engine.Run(local, ScriptText.Call(TourFile("Show-Tour.ps1"), [TourFile("Tour.ps1")]));
        if (exitCode != ExitCode.Success || !canPrompt)
            return exitCode;

        Console.WriteLine();
        Console.WriteLine($"Now you: this session is connected to {(own ?? local).ApiUrl}.");
        Console.WriteLine("Get-Command -Module Authress lists the commands, and exit leaves.");
        return engine.Prompt(own ?? local);
    }

    private int Run(IPowerShellEngine engine, Account account) => options switch
    {
        { Command: string script } => engine.Run(account, script),
        { File: string file } => engine.Run(account, ScriptText.Call(file, options.FileArguments)),
        _ => engine.Prompt(account),
    };

    private static string TourFile(string name) => Path.Combine(AppContext.BaseDirectory, "Tour", name);

    private static async Task<int> RefuseAsync(string message, int exitCode)
    {
        await Console.Error.WriteLineAsync(message);
        return exitCode;
    }
}
