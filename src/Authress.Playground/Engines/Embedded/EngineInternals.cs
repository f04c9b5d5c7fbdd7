using System.Management.Automation;
using System.Management.Automation.Internal;
using System.Reflection;
using Microsoft.PowerShell.Commands.Internal.Format;

namespace Authress.Playground.Engines.Embedded;

/// <summary>The three things that PowerShell's own commands and console may do and other people's may not.</summary>
/// <remarks>
/// PowerShell ships the engine and its commands as two assemblies, and the second sees the internals of the first.
/// The commands here stand in for those, so they need the same two doors. The engine's version is pinned, and a test goes through each.
/// </remarks>
internal static class EngineInternals
{
    private const BindingFlags NonPublic = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    private static readonly Assembly Engine = typeof(PSCmdlet).Assembly;

    /// <summary>Gives a formatting command the engine's formatter, of which it is only the face.</summary>
    /// <param name="command">The command, before it has begun.</param>
    /// <param name="shape">Table or List.</param>
    public static void AttachFormatter(FrontEndCommandBase command, string shape)
    {
        Type shapes = EngineType("Microsoft.PowerShell.Commands.Internal.Format.FormatShape");
        object formatter = Create("Microsoft.PowerShell.Commands.Internal.Format.InnerFormatShapeCommand", Enum.Parse(shapes, shape));
        FieldInfo field = typeof(FrontEndCommandBase).GetField("implementation", NonPublic)
            ?? throw new MissingFieldException(nameof(FrontEndCommandBase), "implementation");
        field.SetValue(command, formatter);
    }

    /// <summary>The exception that stops the commands before this one and lets those after it finish.</summary>
    public static Exception StopUpstream(InternalCommand command) =>
        (Exception)Create("System.Management.Automation.StopUpstreamCommandsException", command);

    /// <summary>An error that Out-Default shows on the error stream, as it does one that a command has written.</summary>
    public static PSObject AsWrittenError(ErrorRecord error)
    {
        var written = new PSObject(error);
        PropertyInfo stream = typeof(PSObject).GetProperty("WriteStream", NonPublic) ?? throw new MissingMemberException(nameof(PSObject), "WriteStream");
        stream.SetValue(written, Enum.Parse(stream.PropertyType, "Error"));
        return written;
    }

    private static object Create(string typeName, object argument) =>
        Activator.CreateInstance(EngineType(typeName), NonPublic, binder: null, [argument], culture: null)!;

    private static Type EngineType(string name) => Engine.GetType(name, throwOnError: true)!;
}
