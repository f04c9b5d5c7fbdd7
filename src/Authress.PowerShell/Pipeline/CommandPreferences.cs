using System.Collections.Concurrent;
using System.Management.Automation;
using System.Reflection;
using Authress.PowerShell.Bulk;

namespace Authress.PowerShell.Pipeline;

/// <summary>A cmdlet's common parameters and their preference variables.</summary>
/// <param name="cmdlet">The cmdlet.</param>
internal sealed class CommandPreferences(PSCmdlet cmdlet)
{
    // By the cmdlet's class; null for one without confirmation. Reading an attribute takes as long as binding a parameter.
    private static readonly ConcurrentDictionary<Type, ConfirmImpact?> Impacts = new();

    /// <summary>The action on an error: -ErrorAction.</summary>
    public ActionPreference ErrorAction => Read<ActionPreference>(Given("ErrorAction") ?? Variable("ErrorActionPreference"));

    /// <summary>Whether debug messages are shown or captured: -Debug.</summary>
    public bool ShowsDebug => Given("Debug") is { } debug
        ? LanguagePrimitives.IsTrue(debug)
        : !LanguagePrimitives.TryConvertTo(Variable("DebugPreference"), out ActionPreference chosen) || chosen is not (ActionPreference.SilentlyContinue or ActionPreference.Ignore);

    /// <summary>Whether the command only says what it would do: -WhatIf.</summary>
    public bool WhatIf => LanguagePrimitives.IsTrue(Given("WhatIf") ?? Variable("WhatIfPreference"));

    /// <summary>Whether PowerShell may ask before a change: -Confirm.</summary>
    public bool MayConfirm
    {
        get
        {
            if (Impacts.GetOrAdd(cmdlet.GetType(), ReadImpact) is not { } impact)
                return false;
            if (Given("Confirm") is { } confirm)
                return LanguagePrimitives.IsTrue(confirm);
            ConfirmImpact threshold = Read<ConfirmImpact>(Variable("ConfirmPreference"));
            return threshold != ConfirmImpact.None && threshold <= impact;
        }
    }

    /// <summary>
    /// The maximum number of requests in flight: 1 if a confirmation prompt may appear or an earlier command has
    /// -PipelineVariable, or, unless -ThrottleLimit is specified, if an error ends the command.
    /// </summary>
    /// <param name="limit">-ThrottleLimit, or its default.</param>
    public int ChooseThrottle(int limit)
    {
        bool endsAtError = ErrorAction is ActionPreference.Stop or ActionPreference.Inquire;
        bool isOne = MayConfirm
            || (endsAtError && Given(nameof(BulkCommand.ThrottleLimit)) is null)
            || (cmdlet.MyInvocation.ExpectingInput && EarlierCommands.HavePipelineVariable(cmdlet.CommandRuntime));
        return isOne ? 1 : limit;
    }

    private object? Given(string parameter) => cmdlet.MyInvocation.BoundParameters.TryGetValue(parameter, out object? value) ? value : null;

    private object? Variable(string name) => cmdlet.SessionState.PSVariable.GetValue(name);

    private static T Read<T>(object? value) => LanguagePrimitives.TryConvertTo(value, out T preference) ? preference : default!;

    private static ConfirmImpact? ReadImpact(Type command) =>
        command.GetCustomAttribute<CmdletAttribute>() is { SupportsShouldProcess: true } attribute ? attribute.ConfirmImpact : null;
}
