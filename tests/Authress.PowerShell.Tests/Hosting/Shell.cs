using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Reflection;
using System.Security;
using Microsoft.PowerShell;
using Engine = System.Management.Automation.PowerShell;

namespace Authress.PowerShell.Tests.Hosting;

/// <summary>A real PowerShell session in this process with the built module imported, as it is shipped.</summary>
internal sealed class Shell : IDisposable
{
    private readonly CapturingHost _host;

    public Shell(int width = 120)
    {
        _host = new CapturingHost(width);
        InitialSessionState state = InitialSessionState.CreateDefault2();
        state.ThrowOnRunspaceOpenError = true;
        if (OperatingSystem.IsWindows())
            state.ExecutionPolicy = ExecutionPolicy.Bypass;
        Runspace = RunspaceFactory.CreateRunspace(_host, state);
        Runspace.Open();
        Run($"Import-Module '{ModuleManifest}'").Ok();
    }

    /// <summary>The checkout's root.</summary>
    public static string RepositoryRoot { get; } = Path.GetFullPath(Metadata("RepositoryRoot"));

    /// <summary>The module as it is shipped.</summary>
    public static string ModuleFolder { get; } = Path.Combine(RepositoryRoot, "artifacts", "Authress");

    public static string ModuleManifest { get; } = Path.Combine(ModuleFolder, "Authress.psd1");

    public Runspace Runspace { get; }

    /// <summary>The label of the choice that answers every question; null for a host that can't ask.</summary>
    public string? Answer
    {
        get => _host.Answer;
        set => _host.Answer = value;
    }

    public static SecureString Secret(string text)
    {
        SecureString secret = new();
        foreach (char c in text)
            secret.AppendChar(c);
        return secret;
    }

    public static string Reveal(object? secret) => new System.Net.NetworkCredential(string.Empty, Assert.IsType<SecureString>(secret is PSObject o ? o.BaseObject : secret)).Password;

    /// <summary>A copy as a job, a remote session or a file gives it back.</summary>
    public static PSObject Deserialized(object value) => Assert.IsType<PSObject>(PSSerializer.Deserialize(PSSerializer.Serialize(value)));

    /// <summary>Sets a variable.</summary>
    public void Set(string name, object? value) => Runspace.SessionStateProxy.SetVariable(name, value);

    /// <summary>Connects the session.</summary>
    /// <param name="apiUrl">Where to.</param>
    /// <param name="accessKey">As whom.</param>
    /// <param name="more">Further arguments.</param>
    public void Connect(Uri apiUrl, string accessKey, string more = "")
    {
        Set("key", Secret(accessKey));
        Run($"Connect-Authress {apiUrl} $key {more}").Ok();
        Set("key", null);
    }

    /// <summary>Runs a script, with those objects as <c>$input</c>.</summary>
    public ShellResult Run(string script, params object?[] input)
    {
        _host.TakeText();
        _host.TakeQuestions();
        using Engine engine = Engine.Create(Runspace);
        engine.AddScript(script, useLocalScope: false);
        PSDataCollection<PSObject> output = [];
        ErrorRecord? end = null;
        try
        {
            engine.Invoke(input.Length == 0 ? null : input, output);
        }
        catch (RuntimeException e)
        {
            end = e.ErrorRecord;
        }

        return new ShellResult
        {
            Output = [.. output],
            Errors = end is null ? [.. engine.Streams.Error] : [.. engine.Streams.Error, end],
            Terminated = end is not null,
            Warnings = [.. engine.Streams.Warning.Select(w => w.Message)],
            Verbose = [.. engine.Streams.Verbose.Select(v => v.Message)],
            Debug = [.. engine.Streams.Debug.Select(d => d.Message)],
            HostText = _host.TakeText(),
            Questions = _host.TakeQuestions(),
        };
    }

    /// <summary>What the host was shown since the last script began.</summary>
    public string TakeHostText() => _host.TakeText();

    /// <summary>What a script shows on a screen.</summary>
    public string Show(string script) => Run($"& {{ {script} }} | Out-Default").HostText;

    public void Dispose() => Runspace.Dispose();

    private static string Metadata(string key) =>
        typeof(Shell).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;
}
