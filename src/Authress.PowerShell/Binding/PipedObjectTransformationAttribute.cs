using System.Management.Automation;
using Authress.Client.ServiceClients;

namespace Authress.PowerShell.Binding;

/// <summary>
/// Takes a piped object that has a property that the cmdlet reads. Any other is left alone, so that PowerShell writes its own
/// error; otherwise the command line's values would be applied once for each object that nothing was read from.
/// </summary>
/// <param name="properties">The properties that the cmdlet reads.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PipedObjectTransformationAttribute(params string[] properties) : ArgumentTransformation
{
    /// <summary>Whether the cmdlet also reads the fields of a service client.</summary>
    public bool TakesFields { get; set; }

    /// <summary>
    /// Whether text is accepted too. PowerShell refuses by exception only, which takes a fifth of the time where thousands of
    /// ids are piped. A cmdlet that sets this must refuse unused text itself.
    /// </summary>
    public bool TakesText { get; set; }

    private protected override object? Read(object? value)
    {
        if (TakesText && value is string)
            return PSObject.AsPSObject(value);
        PSObject? piped = value is null ? null : PSObject.AsPSObject(value);
        return piped is not null && (properties.Any(Has) || (TakesFields && ServiceClientFields.All.Any(field => Has(field.Name))))
            ? piped
            : throw NotMine(Messages.NothingToBind);

        bool Has(string property) => piped.Properties[property] is not null;
    }
}
