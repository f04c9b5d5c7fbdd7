using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Security;

namespace Authress.PowerShell.Binding;

/// <summary>
/// Text. A secret, a list or an object is an error, since PowerShell would convert it to text such as
/// <c>System.Security.SecureString</c>. Values that PowerShell read from JSON as dates or numbers become the text that they
/// were.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class TextTransformationAttribute : ArgumentTransformation
{
    /// <summary>Whether the parameter takes a list of texts.</summary>
    public bool AcceptsList { get; set; }

    /// <summary>Whether the parameter is a path, which a file or folder is as well.</summary>
    public bool AcceptsFiles { get; set; }

    /// <summary>
    /// The property that a parameter for piped text is bound from where a row is piped. Only with
    /// <see cref="ValidateTextAttribute" />.
    /// </summary>
    public string? Property { get; set; }

    private protected override bool ReadsText => true;

    private protected override object? Read(object? value) => value switch
    {
        null => null,
        PSObject row when Property is not null && row.Properties[Property] is PSNoteProperty property && Unwrap(property.Value) is string => NoText.Instance,
        IEnumerable list and not (string or IDictionary) when AcceptsList => list.Cast<object?>().Select(item => Text(Unwrap(item))).ToArray(),
        _ => Text(value),
    };

    private string? Text(object? value) => value switch
    {
        null => null,
        FileSystemInfo file when AcceptsFiles => file.FullName,
        PathInfo path when AcceptsFiles => path.Path,
        SecureString or PSCredential => throw Refuse(string.Format(CultureInfo.CurrentCulture, Messages.SecretForText, value.GetType().Name)),
        _ => PlainText.From(value) ?? throw RefuseObject(string.Format(CultureInfo.CurrentCulture, Messages.NotText, PlainText.Unwrap(value)!.GetType().Name)),
    };
}
