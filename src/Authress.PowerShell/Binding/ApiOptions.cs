using System.Collections;
using System.Globalization;
using System.Management.Automation;
using Authress.Client.ServiceClients;

namespace Authress.PowerShell.Binding;

/// <summary>The grants of a piped object in the API's own form, which keeps them in an object named options.</summary>
internal static class ApiOptions
{
    /// <summary>The property's name.</summary>
    public const string Property = "Options";

    /// <summary>The grants; none where the piped object has no options.</summary>
    /// <param name="piped">The piped object.</param>
    /// <exception cref="FormatException">The options are no object, or a grant in them is neither true nor false.</exception>
    public static IReadOnlyList<KeyValuePair<ServiceClientField, bool>> Read(PSObject? piped)
    {
        object? options = piped is null ? null : ArgumentTransformation.Unwrap(PipedProperty.Value(piped, Property));
        if (options is null or DBNull or "")
            return [];
        if (options is not (IDictionary or PSObject))
            throw new FormatException(string.Format(CultureInfo.CurrentCulture, Messages.NotOptions, options));
        List<KeyValuePair<ServiceClientField, bool>> grants = [];
        foreach (ServiceClientField grant in ServiceClientFields.All.Where(field => field.ValueType == typeof(bool)))
        {
            if (Member(options, grant.Name) is { } value)
                grants.Add(new(grant, BooleanTransformationAttribute.Parse(value) ?? throw new FormatException(string.Format(CultureInfo.CurrentCulture, Messages.NotABoolean, value))));
        }

        return grants;
    }

    private static object? Member(object options, string name) => options is IDictionary dictionary
        ? dictionary.Keys.Cast<object>().FirstOrDefault(key => name.Equals(key.ToString(), StringComparison.OrdinalIgnoreCase)) is { } found ? dictionary[found] : null
        : PipedProperty.Value((PSObject)options, name);
}
