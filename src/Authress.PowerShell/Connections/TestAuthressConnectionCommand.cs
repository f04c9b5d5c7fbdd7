using System.Diagnostics;
using System.Management.Automation;
using Authress.Client;
using Authress.PowerShell.Display;

namespace Authress.PowerShell.Connections;

/// <summary>
/// <para type="synopsis">Sends one cheap signed request to test whether URL and credential work.</para>
/// </summary>
[Cmdlet(VerbsDiagnostic.Test, "AuthressConnection", HelpUri = CommandText.HelpPages + "Test-AuthressConnection.md")]
[OutputType(typeof(ConnectionTestResult), typeof(bool))]
public sealed class TestAuthressConnectionCommand : AuthressCommand
{
    /// <summary>Returns only true or false.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <inheritdoc />
    protected override void EndProcessing()
    {
        ConnectionTestResult result = Probe();
        WriteObject(Quiet ? result.Success : result);
    }

    private ConnectionTestResult Probe()
    {
        Stopwatch watch = Stopwatch.StartNew();
        try
        {
            ApiProbeResult probe = Read((api, cancellation) => api.ProbeAsync(cancellation));
            return new ConnectionTestResult(Current, success: true, probe.Latency) { StatusCode = probe.StatusCode, ClockSkew = probe.ClockSkew };
        }
        catch (AuthressApiException e)
        {
            // A client without permission to list has still been authenticated.
            bool recognized = e.StatusCode == 403 && e.IsAuthressError;
            return new ConnectionTestResult(Current, recognized, watch.Elapsed)
            {
                StatusCode = e.StatusCode,
                ClockSkew = e.ClockSkew,
                Message = recognized ? Messages.ConnectedWithoutList : e.Message,
                Exception = e,
            };
        }
    }
}
