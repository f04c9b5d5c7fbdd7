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
    private protected override object? Read(object? value)
    {
        PSObject? piped = value is null ? null : PSObject.AsPSObject(value);
        return piped is not null && properties.Any(property => piped.Properties[property] is not null) ? piped : throw NotMine(Messages.NothingToBind);
    }
}
