using System.Collections.ObjectModel;
using System.ComponentModel;
using System.Globalization;
using System.Management.Automation;
using System.Reflection;
using Authress.PowerShell.Display;

namespace Authress.PowerShell.Binding;

/// <summary>
/// A service client's properties in scripts: those of .NET, but a value is converted as the parameters convert it. PowerShell
/// itself converts any text to true, even <c>'False'</c>, and any object to text. Public for the types file; not meant for
/// scripts.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ServiceClientAdapter : PSPropertyAdapter
{
    // Of each instance: PowerShell makes one before it looks for the type, whose assembly would not be loaded yet.
    private readonly PropertyInfo[] _properties = typeof(ServiceClient).GetProperties(BindingFlags.Public | BindingFlags.Instance);

    /// <inheritdoc />
    public override Collection<PSAdaptedProperty> GetProperties(object baseObject) => [.. _properties.Select(property => new PSAdaptedProperty(property.Name, property))];

    /// <inheritdoc />
    public override PSAdaptedProperty? GetProperty(object baseObject, string propertyName) =>
        _properties.FirstOrDefault(property => string.Equals(property.Name, propertyName, StringComparison.OrdinalIgnoreCase)) is { } found ? new PSAdaptedProperty(found.Name, found) : null;

    /// <inheritdoc />
    public override string GetPropertyTypeName(PSAdaptedProperty adaptedProperty) => LanguagePrimitives.ConvertTo<string>(Find(adaptedProperty).PropertyType);

    /// <inheritdoc />
    public override bool IsGettable(PSAdaptedProperty adaptedProperty) => true;

    /// <inheritdoc />
    public override bool IsSettable(PSAdaptedProperty adaptedProperty) => Find(adaptedProperty).GetSetMethod() is not null;

    /// <inheritdoc />
    public override object? GetPropertyValue(PSAdaptedProperty adaptedProperty) => Find(adaptedProperty).GetValue(adaptedProperty.BaseObject);

    /// <inheritdoc />
    /// <exception cref="SetValueException">The value is not one of the property's: a grant that is neither true nor false, a name without a text of its own, or no rate limit; or the property can't be set.</exception>
    public override void SetPropertyValue(PSAdaptedProperty adaptedProperty, object value)
    {
        PropertyInfo property = Find(adaptedProperty);
        if (!IsSettable(adaptedProperty))
            throw new SetValueException(CommandText.Format(Messages.ReadOnlyProperty, property.Name));
        property.SetValue(adaptedProperty.BaseObject, Convert(value, property.PropertyType));
    }

    private static PropertyInfo Find(PSAdaptedProperty adapted) => (PropertyInfo)(adapted ?? throw new ArgumentNullException(nameof(adapted))).Tag;

    private static object? Convert(object? value, Type type) =>
        type == typeof(bool) ? Grant(value)
        : type == typeof(string) ? Text(value)
        : type == typeof(TagMap) ? Parse(value, TagTransformationAttribute.Parse)
        : type == typeof(RateLimit) ? Parse(value, RateLimitTransformationAttribute.Parse)
        : LanguagePrimitives.ConvertTo(value, type, CultureInfo.InvariantCulture);

    private static bool Grant(object? value) =>
        BooleanTransformationAttribute.Parse(value) ?? throw new SetValueException(CommandText.Format(Messages.NotABoolean, value ?? "$null"));

    private static string? Text(object? value) => value is null
        ? null
        : PlainText.From(value) ?? throw new SetValueException(string.Format(CultureInfo.CurrentCulture, Messages.NotText, PlainText.Unwrap(value)!.GetType().Name));

    private static T? Parse<T>(object? value, Func<object?, T?> parse)
    {
        try
        {
            return parse(ArgumentTransformation.Unwrap(value));
        }
        catch (FormatException e)
        {
            throw new SetValueException(e.Message, e);
        }
    }
}
