using System.Management.Automation;
using Authress.Emulator;
using Authress.Emulator.Requests;

namespace Authress.PowerShell.Tests.Hosting;

/// <summary>An emulated account with a session that is connected to it as its administrator.</summary>
internal sealed class Account : IAsyncLifetime, IAsyncDisposable
{
    private DirectoryInfo? _folder;

    internal EmulatorServer Server { get; private set; } = null!;

    internal Shell Shell { get; private set; } = null!;

    /// <summary>The emulator's clock.</summary>
    internal ShiftedClock Clock { get; } = new();

    /// <summary>A folder for the files of the test, removed with the account.</summary>
    internal string Folder => (_folder ??= Directory.CreateTempSubdirectory("authress-tests-")).FullName;

    /// <summary>The requests that would change something.</summary>
    internal IReadOnlyList<RequestRecord> Changes => [.. Server.Requests.Where(r => r.Method != "GET")];

    public async ValueTask InitializeAsync()
    {
        Server = await EmulatorServer.StartAsync(new EmulatorOptions { Clock = Clock });
        Shell = new Shell();
        Shell.Connect(Server.ApiUrl, Server.AccessKey);
    }

    /// <summary>Reconnects the session, with further arguments.</summary>
    internal void Connect(string more) => Shell.Connect(Server.ApiUrl, Server.AccessKey, more);

    public async ValueTask DisposeAsync()
    {
        Shell.Dispose();
        await Server.DisposeAsync();
        _folder?.Delete(recursive: true);
    }

    /// <summary>Makes a client behind the module's back.</summary>
    internal string Seed(string json = "{}") => Server.SeedClient(json);

    /// <summary>Has the session send one request after the other, so that they arrive in the order of the input.</summary>
    internal void InOrder() => Run("$PSDefaultParameterValues['*-Authress*:ThrottleLimit'] = 1").Ok();

    internal ShellResult Run(string script, params object?[] input) => Shell.Run(script, input);

    /// <summary>A client as Get gives it.</summary>
    internal PSObject Fetch(string clientId) => Run($"Get-AuthressServiceClient '{clientId}'").Ok().Single;
}
