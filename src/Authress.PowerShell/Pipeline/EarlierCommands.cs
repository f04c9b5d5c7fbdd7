using System.Collections;
using System.Management.Automation;
using System.Reflection;

namespace Authress.PowerShell.Pipeline;

/// <summary>The commands before a cmdlet, in its own pipeline and in those that a proxy function runs it for.</summary>
/// <remarks>
/// PowerShell has no public members for this, and the text of the command line shows neither splatted nor default values. A
/// PowerShell without these members gets the safe result, which costs only speed.
/// </remarks>
internal static class EarlierCommands
{
    private const BindingFlags Members = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    /// <summary>
    /// Whether one of them has -PipelineVariable. PowerShell sets that variable when the command writes, so a result that is
    /// written after another input has been read would be shown with the value that belongs to that input.
    /// </summary>
    /// <param name="runtime">The cmdlet's runtime.</param>
    public static bool HavePipelineVariable(ICommandRuntime runtime)
    {
        try
        {
            object? pipeline = null;
            for (object? current = runtime; current is not null; current = Next(current))
            {
                object? own = Read(current, "PipelineProcessor");
                if (!ReferenceEquals(own, pipeline) && Before(current, own).Any(earlier => Read(earlier, "PipelineVariable") is string { Length: > 0 }))
                    return true;
                pipeline = own;
            }

            return false;
        }
        catch (MissingMemberException)
        {
            return true;
        }
    }

    private static IEnumerable<object?> Before(object runtime, object? pipeline) =>
        (Read(pipeline, "Commands") as IEnumerable ?? throw new MissingMemberException()).Cast<object>()
            .Select(command => Read(command, "CommandRuntime"))
            .TakeWhile(other => !ReferenceEquals(other, runtime));

    // What receives the output. For a command that a proxy function runs, that is in the pipeline of the function's caller.
    private static object? Next(object runtime) =>
        Read(Read(runtime, "OutputPipe"), "DownstreamCmdlet") is { } command ? Read(command, "CommandRuntime") : null;

    private static object? Read(object? source, string property) =>
        (source?.GetType().GetProperty(property, Members) ?? throw new MissingMemberException(property)).GetValue(source);
}
