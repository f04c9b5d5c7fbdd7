using Authress.Emulator;
using Authress.PinnedShell;
using Authress.Playground.Accounts;
using Authress.Playground.Shells;

namespace Authress.Playground;

/// <summary>Starts a local Authress, and runs the tour, the prompt or a script in a shell that is connected to it.</summary>
internal sealed class Playground(PlaygroundOptions options)
{
    /// <returns>The exit code of the process.</returns>
    public async Task<int> RunAsync()
    {
        bool prompts = options is { Command: null, File: null };
        bool canPrompt = prompts && !Console.IsInputRedirected && !Console.IsOutputRedirected;
        if (options.NoTour && !canPrompt)
            return await RefuseAsync("-NoTour opens a prompt, which needs a terminal. Use -Command or a file instead.", ExitCode.Usage);
        if (!File.Exists(Repository.ModuleManifest))
            return await RefuseAsync($"The module is not built: {Repository.ModuleManifest} does not exist. Run: dotnet build", ExitCode.Failure);

        if (PlaygroundShell.Choose(out string? notice) is not PlaygroundShell shell)
            return await RefuseAsync($"PowerShell {Pwsh.Version} is not restored, and no pwsh 7.4 or later is on PATH. Run: dotnet build", ExitCode.Failure);
        if (notice is not null)
            await Console.Error.WriteLineAsync(notice);

        Account? own = Account.FromEnvironment();
        if (own is not null && (canPrompt || !prompts))
        {
            string kind = own.IsLocal ? "an API on this machine, such as an emulator" : "a real account";
            await Console.Error.WriteLineAsync($"This is {kind}: {own.ApiUrl}, from {Account.ApiUrlVariable} and {Account.AccessKeyVariable}. Changes affect this account.");
        }

        // A script for the user's own account needs no emulator.
        if (own is not null && (!prompts || options.NoTour))
            return Run(shell, own);

        await using EmulatorServer emulator = await EmulatorServer.StartAsync(new EmulatorOptions(), CancellationToken.None);
        Account local = new(emulator.ApiUrl.ToString(), emulator.AccessKey);
        if (!prompts || options.NoTour)
            return Run(shell, local);

        int exitCode = shell.Run(local, ScriptText.Call(ScriptText.Path("Show-Tour.ps1"), [ScriptText.Path("Tour.ps1")]));
        if (exitCode != ExitCode.Success || !canPrompt)
            return exitCode;

        Console.WriteLine();
        Console.WriteLine($"Your turn: this session is connected to {(own ?? local).ApiUrl}.");
        Console.WriteLine("To list the commands, run Get-Command -Module Authress. To leave, run exit.");
        return shell.Prompt(own ?? local);
    }

    private int Run(PlaygroundShell shell, Account account) => options switch
    {
        { Command: string script } => shell.Run(account, script),
        { File: string file } => shell.Run(account, ScriptText.Call(file, options.FileArguments)),
        _ => shell.Prompt(account),
    };

    private static async Task<int> RefuseAsync(string message, int exitCode)
    {
        await Console.Error.WriteLineAsync(message);
        return exitCode;
    }
}
