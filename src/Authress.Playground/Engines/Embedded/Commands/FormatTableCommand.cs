using System.Management.Automation;
using Microsoft.PowerShell.Commands.Internal.Format;

namespace Authress.Playground.Engines.Embedded.Commands;

/// <summary>Format-Table, with the engine's own formatter behind it.</summary>
[Cmdlet(VerbsCommon.Format, "Table")]
internal sealed class FormatTableCommand : OuterFormatTableBase
{
    public FormatTableCommand() => EngineInternals.AttachFormatter(this, "Table");
}
