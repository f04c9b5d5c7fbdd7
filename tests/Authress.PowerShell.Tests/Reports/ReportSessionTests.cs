using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Authress.Emulator;
using Authress.PowerShell.Tests.Hosting;

namespace Authress.PowerShell.Tests.Reports;

/// <summary>An account, and a session in a folder of its own, which is $folder, with a journal; $vaults is the stand-in for SecretManagement.</summary>
public abstract class ReportSessionTests : IAsyncLifetime
{
    private protected Account Account { get; } = new();

    public async ValueTask InitializeAsync()
    {
        await Account.InitializeAsync();
        Account.Shell.Set("folder", Account.Folder);
        Account.Shell.Set("vaults", StandIns.SecretManagement);
        Account.Run("Set-Location $folder; $ConfirmPreference = 'None'; $PSDefaultParameterValues['*:JournalPath'] = Join-Path $folder journal").Ok();
    }

    public async ValueTask DisposeAsync()
    {
        await Account.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected IEnumerable<string> PageCommands()
    {
        string page = File.ReadAllText(Path.Combine(Account.Folder, "report.html"));
        return Regex.Matches(page, "<code class=\"fix\">(.*?)</code>").Select(code => WebUtility.HtmlDecode(Regex.Replace(code.Groups[1].Value, "</?span>", string.Empty)));
    }

    private protected JsonObject Sarif() => JsonNode.Parse(File.ReadAllText(Path.Combine(Account.Folder, "report.sarif")))!["runs"]![0]!.AsObject();

    /// <summary>A second account.</summary>
    private protected sealed class EmulatorHandle : IDisposable
    {
        public EmulatorServer Server { get; } = EmulatorServer.StartAsync(new EmulatorOptions()).GetAwaiter().GetResult();

        public void Dispose() => Server.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }
}
