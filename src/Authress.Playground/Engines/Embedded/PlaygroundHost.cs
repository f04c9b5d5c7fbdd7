using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;

namespace Authress.Playground.Engines.Embedded;

/// <summary>The console that an embedded session runs in.</summary>
internal sealed class PlaygroundHost : PSHost
{
    /// <summary>The code of the last <c>exit</c>; null while nobody asked to leave.</summary>
    public int? RequestedExitCode { get; private set; }

    public override string Name => "Authress.Playground";

    public override Version Version { get; } = typeof(PlaygroundHost).Assembly.GetName().Version!;

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override PSHostUserInterface UI { get; } = new PlaygroundHostUserInterface();

    public override CultureInfo CurrentCulture => CultureInfo.CurrentCulture;

    public override CultureInfo CurrentUICulture => CultureInfo.CurrentUICulture;

    public override void SetShouldExit(int exitCode) => RequestedExitCode = exitCode;

    // A choice of Suspend, or a breakpoint, asks for one.
    public override void EnterNestedPrompt() => throw new PSNotSupportedException("The playground's embedded engine has no nested prompt.");

    public override void ExitNestedPrompt() => throw new PSNotSupportedException("The playground's embedded engine has no nested prompt.");

    // Native programs share this console as it is: there is no state to set aside for them.
    public override void NotifyBeginApplication()
    {
    }

    public override void NotifyEndApplication()
    {
    }
}
