using System.Management.Automation;
using System.Reflection;

namespace Authress.PowerShell.Display;

/// <summary>The colours that a person chose in <c>$PSStyle</c>; none in Windows PowerShell, which lacks it.</summary>
internal static class Colour
{
    // Not in the reference assembly, which serves both editions.
    private static readonly object? Style = typeof(PSObject).Assembly.GetType("System.Management.Automation.PSStyle")?.GetProperty("Instance")?.GetValue(null);

    /// <summary>Text in the colour of warnings. PowerShell takes the colour out again where the output has none.</summary>
    /// <param name="text">The text.</param>
    public static string Warning(string text) =>
        Property(Property(Style, "Formatting"), "Warning") is string start && Property(Style, "Reset") is string end ? start + text + end : text;

    private static object? Property(object? owner, string name) => owner?.GetType().GetProperty(name, BindingFlags.Public | BindingFlags.Instance)?.GetValue(owner);
}
