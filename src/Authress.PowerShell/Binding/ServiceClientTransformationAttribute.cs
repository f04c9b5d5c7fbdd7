using System.Globalization;
using Authress.PowerShell.Errors;

namespace Authress.PowerShell.Binding;

/// <summary>
/// Takes a service client and nothing else. PowerShell would make one of any text, without grants, name or tags, and to
/// write that would take them away.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ServiceClientTransformationAttribute : ArgumentTransformation
{
    private protected override object? Read(object? value) =>
        value is null or ServiceClient ? value : throw NotMine(string.Format(CultureInfo.CurrentCulture, Messages.NotAServiceClient, value.GetType().Name));
}
