using System.Diagnostics;
using System.Management.Automation;
using Authress.Client;

namespace Authress.PowerShell.Connections;

/// <summary>
/// <para type="synopsis">Makes one cheap signed call and tells whether address and credential work.</para>
/// </summary>
[Cmdlet(VerbsDiagnostic.Test, "AuthressConnection")]
[OutputType(typeof(ConnectionTestResult), typeof(bool))]
public sealed class TestAuthressConnectionCommand : AuthressCommand
{
    /// <summary>Returns true or false alone.</summary>
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
            ApiProbe probe = Read((api, cancellation) => api.ProbeAsync(cancellation));
            return new ConnectionTestResult(Current, success: true, probe.Latency) { StatusCode = probe.StatusCode, ClockSkew = probe.ClockSkew };
        }
        catch (AuthressApiException e)
        {
            return new ConnectionTestResult(Current, success: false, watch.Elapsed)
            {
                StatusCode = e.StatusCode,
                ClockSkew = e.ClockSkew,
                Message = e.Message,
                Exception = e,
            };
        }
    }
}
