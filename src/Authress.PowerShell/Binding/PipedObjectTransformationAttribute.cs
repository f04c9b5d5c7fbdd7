using System.Management.Automation;
using Authress.Client.ServiceClients;

namespace Authress.PowerShell.Binding;

/// <summary>
/// Accepts a piped object with a property that the cmdlet reads, and refuses any other, so that PowerShell writes its own
/// error. Otherwise the command line's values would be applied once for each unrelated object.
/// </summary>
/// <param name="properties">The properties that the cmdlet reads.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PipedObjectTransformationAttribute(params string[] properties) : ArgumentTransformation
{
    // A cmdlet reads them even where it binds only one, so as to notice another client's object, or a key.
    private static readonly string[] Ids = [nameof(AccessKey.ClientId), nameof(AccessKey.KeyId)];

    private static readonly string[] Fields =
        [.. ServiceClientFields.All.SelectMany(field => (string?[])[field.Name, field.ApiName]).OfType<string>(), ApiOptions.Property];

    private string[]? _read;

    /// <summary>The other properties that PowerShell binds from the object, if it has them. An object with one that can't be read is refused.</summary>
    public string[] Bound { get; set; } = [];

    /// <summary>Whether the cmdlet also reads the fields of a service client.</summary>
    public bool ReadsFields { get; set; }

    /// <summary>
    /// Whether text is accepted too. A refusal is an exception, which would take a fifth of the time if thousands of ids are
    /// piped. A cmdlet that sets this must refuse unused text itself.
    /// </summary>
    public bool AcceptsText { get; set; }

    private protected override object? Read(object? value)
    {
        if (AcceptsText && value is string)
            return PSObject.AsPSObject(value);
        PSObject? piped = value is null ? null : PSObject.AsPSObject(value);
        if (piped is null || !HasAny(piped, _read ??= ReadsFields ? [.. properties.Concat(Fields)] : properties))
            throw RefuseObject(Messages.NothingToBind);
        HasAny(piped, Ids);
        HasAny(piped, Bound);
        if (ReadsFields)
            CheckOptions(piped);
        return piped;
    }

    private static void CheckOptions(PSObject piped)
    {
        try
        {
            ApiOptions.Read(piped);
        }
        catch (FormatException e)
        {
            throw Refuse(e.Message);
        }
    }
}
