using System.Management.Automation;
using Authress.PowerShell.Errors;

namespace Authress.PowerShell.Binding;

/// <summary>
/// Takes a piped object that has at least one of the properties that the cmdlet reads, and leaves any other alone. For
/// an object of which nothing is used PowerShell then writes its own error; taken, it would pass unnoticed, and what
/// the command line names would be done once for each.
/// </summary>
/// <param name="properties">The properties that the cmdlet reads.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PipedObjectTransformationAttribute(params string[] properties) : ArgumentTransformation
{
    /// <summary>
    /// Whether text is taken as well. To leave it alone takes an exception, for PowerShell knows no other way, and where
    /// thousands of ids are piped that is a fifth of all the time. Who sets it must refuse text that is not used.
    /// </summary>
    public bool TakesText { get; set; }

    private protected override object? Read(object? value)
    {
        if (TakesText && value is string)
            return PSObject.AsPSObject(value);
        PSObject? piped = value is null ? null : PSObject.AsPSObject(value);
        return piped is not null && properties.Any(property => piped.Properties[property] is not null) ? piped : throw NotMine(Messages.NothingToBind);
    }
}
