using System.Management.Automation;
using Microsoft.PowerShell.Commands.Internal.Format;

namespace Authress.Playground.Engines.Embedded.Commands;

/// <summary>Format-List, with the engine's own formatter behind it.</summary>
[Cmdlet(VerbsCommon.Format, "List")]
internal sealed class FormatListCommand : OuterFormatTableAndListBase
{
    public FormatListCommand() => EngineInternals.AttachFormatter(this, "List");
}
