using System.Collections;
using System.Globalization;

namespace Authress.PowerShell.Binding;

/// <summary>
/// Accepts ids as strings, alone or in an array. An object is bound by property name; converted to a string, it would
/// become an id such as <c>@{Name=x}</c>.
/// </summary>
public abstract class IdTransformation : ArgumentTransformation
{
    /// <summary>Whether the parameter takes one id. Otherwise the binder would ignore a piped list silently.</summary>
    public bool IsSingle { get; set; }

    private protected sealed override bool ReadsText => true;

    private protected abstract string Property { get; }

    private protected abstract string Refusal { get; }

    private protected abstract string? IdOf(object value);

    private protected sealed override object? Read(object? value) => value switch
    {
        null or string => value,
        IEnumerable and not IDictionary when IsSingle => ((IEnumerable)value).Cast<object?>().Select(One).ToArray() is [var only] ? only : throw Refuse(Messages.NotOneId),
        IEnumerable and not IDictionary => ((IEnumerable)value).Cast<object?>().Select(One).ToArray(),
        _ => One(value),
    };

    private string? One(object? value)
    {
        object? item = Unwrap(value);
        return item switch
        {
            null => null,
            string text => text,
            _ => IdOf(item) ?? throw RefuseObject(string.Format(CultureInfo.CurrentCulture, Refusal, item.GetType().Name), item, Property),
        };
    }
}

/// <summary>Accepts ids of service clients, or the service clients.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ClientIdTransformationAttribute : IdTransformation
{
    private protected override string Property => nameof(ServiceClient.ClientId);

    private protected override string Refusal => Messages.NotAClientId;

    private protected override string? IdOf(object value) => (value as ServiceClient)?.ClientId;
}

/// <summary>Accepts ids of access keys, or the access keys.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class KeyIdTransformationAttribute : IdTransformation
{
    private protected override string Property => nameof(AccessKey.KeyId);

    private protected override string Refusal => Messages.NotAKeyId;

    private protected override string? IdOf(object value) => (value as AccessKey)?.KeyId;
}
