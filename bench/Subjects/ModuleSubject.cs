using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Runtime.Loader;
using Authress.Bench.StartUp;
using Engine = System.Management.Automation.PowerShell;

namespace Authress.Bench.Subjects;

/// <summary>The cmdlets, in a session in this process with the module as it ships.</summary>
internal sealed class ModuleSubject : IBenchmarkSubject
{
    // Functions, so that the measurement excludes parsing.
    private const string Statements = """
        function Measure-Get { $clients = $records | Get-AuthressServiceClient @throttle; @($clients).Count }
        function Measure-Create { $clients = $records | New-AuthressServiceClient @throttle; @($clients).Count }
        function Measure-Delete { $records | Remove-AuthressServiceClient -Confirm:$false @throttle }
        function Measure-List { $measurement.Begin(); Get-AuthressServiceClient | Measure-Stream -Measurement $measurement }
        """;

    private readonly Runspace _session;

    public ModuleSubject()
    {
        InitialSessionState state = Session.State();
        state.Commands.Add(new SessionStateCmdletEntry("Measure-Stream", typeof(StreamMeter), helpFileName: null));
        _session = RunspaceFactory.CreateRunspace(state);
        _session.Open();
        Prepare($"Import-Module '{Repository.Module}'; Connect-Authress");
        Prepare(Statements);
        CheckIsolation();
    }

    public string Version => "System.Management.Automation " + typeof(Engine).Assembly.GetName().Version!.ToString(3);

    public Task<Outcome> RunAsync(BenchmarkJob job)
    {
        Set("records", job.Operation == Operation.Create ? job.Names().Select(NewClient).ToArray() : job.Ids());
        Prepare(string.Create(CultureInfo.InvariantCulture, $$"""
            $throttle = @{}
            if ((Get-Command Get-AuthressServiceClient).Parameters.ContainsKey('ThrottleLimit')) { $throttle.ThrottleLimit = {{job.InFlight}} }
            """));
        using Engine engine = Engine.Create(_session).AddCommand("Measure-" + job.Operation);
        PSDataCollection<PSObject> output = [];
        Measurement measurement = new();
        Set("measurement", measurement);
        engine.Invoke(null, output);
        int failed = engine.Streams.Error.Count;
        Outcome outcome = measurement.End(new Tally(
            output.Count == 1 ? (int)output[0].BaseObject : job.Count - failed,
            failed,
            engine.Streams.Error.FirstOrDefault()?.ToString()));
        Set("records", null);
        return Task.FromResult(outcome);
    }

    public void Dispose() => _session.Dispose();

    private static PSObject NewClient(string name) => new()
    {
        Properties = { new PSNoteProperty("Name", name), new PSNoteProperty("Tag", "env=bench") },
    };

    // A client library in this program's folder would bypass the module's copy and load context.
    private static void CheckIsolation()
    {
        string? context = AssemblyLoadContext.All
            .Where(context => context.Assemblies.Any(assembly => assembly.GetName().Name == "Authress.Client"))
            .Select(context => context.Name)
            .Single();
        if (context != "Authress")
            throw new InvalidOperationException($"The client library was loaded into '{context}' instead of the module's context.");
    }

    private void Set(string name, object? value) => _session.SessionStateProxy.SetVariable(name, value);

    private void Prepare(string script)
    {
        using Engine engine = Engine.Create(_session);
        engine.AddScript(script, useLocalScope: false).Invoke();
        if (engine.Streams.Error is [{ } error, ..])
            throw new InvalidOperationException($"{error} {error.Exception}", error.Exception);
    }
}
