using System.Diagnostics;
using Authress.Emulator;
using Authress.PowerShell.Tests.Hosting;

namespace Authress.PowerShell.Tests.Prompt;

/// <summary>The prompt of the pinned shell, with the module imported and connected to an emulated account.</summary>
internal sealed class ConnectedPrompt : IAsyncDisposable
{
    private readonly PseudoTerminal _terminal;
    // The shell counts its own command line as the first.
    private int _line = 1;

    private ConnectedPrompt(EmulatorServer server, PseudoTerminal terminal)
    {
        Server = server;
        _terminal = terminal;
    }

    public EmulatorServer Server { get; }

    public string Screen => _terminal.Screen;

    // Its number shows that the line before it is done. A shell asks for its prompt more than once a line, so the history counts.
    private string Prompt => $"PS{_line}>";

    public static async Task<ConnectedPrompt> StartAsync()
    {
        EmulatorServer server = await EmulatorServer.StartAsync();
        // Suggestions out of the history would be read as what was typed.
        ProcessStartInfo start = PinnedShell.Pwsh.Start("-NoProfile", "-NoLogo", "-NoExit", "-Command", $$"""
            Import-Module '{{Shell.ModuleManifest}}'
            Connect-Authress
            Set-PSReadLineOption -PredictionSource None
            function global:prompt { "PS$((Get-History -Count 1).Id)> " }
            """);
        start.Environment["AUTHRESS_API_URL"] = server.ApiUrl.ToString();
        start.Environment["AUTHRESS_KEY"] = server.AccessKey;
        ConnectedPrompt prompt = new(server, PseudoTerminal.Start(start));
        try
        {
            await prompt.WaitForAsync(prompt.Prompt);
            return prompt;
        }
        catch
        {
            await prompt.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends keys.</summary>
    public Task TypeAsync(string keys) => _terminal.TypeAsync(keys);

    /// <summary>Types a line, and Enter.</summary>
    public Task EnterAsync(string line) => _terminal.EnterAsync(line);

    /// <summary>Waits until the screen shows a text.</summary>
    public Task WaitForAsync(string text) => _terminal.WaitForAsync(text);

    /// <summary>Waits until the prompt is back.</summary>
    public Task WaitForPromptAsync()
    {
        _line++;
        return _terminal.WaitForAsync(Prompt);
    }

    /// <summary>Leaves the shell.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> ExitAsync()
    {
        await EnterAsync("exit");
        return await _terminal.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _terminal.DisposeAsync();
        await Server.DisposeAsync();
    }
}
