using System.Globalization;

namespace Authress.PowerShell.Binding;

/// <summary>
/// Accepts only a service client. PowerShell would convert any text to one without a name, tags or grants, and an update
/// would remove those of the client.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ServiceClientTransformationAttribute : ArgumentTransformation
{
    private protected override object? Read(object? value) =>
        value is null or ServiceClient ? value : throw RefuseObject(string.Format(CultureInfo.CurrentCulture, Messages.NotAServiceClient, value.GetType().Name));
}
