using System.ComponentModel;
using System.Globalization;
using System.Management.Automation;
using Authress.PowerShell.Display;

namespace Authress.PowerShell.Binding;

/// <summary>
/// The accessors of a service client's properties in scripts. A value is converted as the parameters convert it; PowerShell
/// itself converts any text to true, even <c>'False'</c>, and any object to text. Public for the types file; not meant for scripts.
/// </summary>
/// <remarks>
/// A getter returns an object where the setter is to take any: PowerShell wants one type. Properties of a types file come
/// before those of .NET. It also lists the properties that precede the grants, so that a CSV
/// file begins with the id.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class ServiceClientProperty
{
    /// <summary>The id.</summary>
    /// <param name="client">The client.</param>
    public static string GetClientId(PSObject client) => Client(client).ClientId;

    /// <summary>The name.</summary>
    /// <param name="client">The client.</param>
    public static object? GetName(PSObject client) => Client(client).Name;

    /// <summary>Sets the name.</summary>
    /// <param name="client">The client.</param>
    /// <param name="value">The name, up to 128 characters; text or a plain value.</param>
    /// <exception cref="SetValueException">It has no text of its own, such as a list or a secret.</exception>
    public static void SetName(PSObject client, object? value) => Client(client).Name = value is null
        ? null
        : PlainText.From(value) ?? throw new SetValueException(string.Format(CultureInfo.CurrentCulture, Messages.NotText, PlainText.Unwrap(value)!.GetType().Name));

    /// <summary>The tags.</summary>
    /// <param name="client">The client.</param>
    public static object GetTag(PSObject client) => Client(client).Tag;

    /// <summary>Sets the tags.</summary>
    /// <param name="client">The client.</param>
    /// <param name="value">All tags that it is to have, in any form that the parameters take.</param>
    /// <exception cref="SetValueException">It is something else.</exception>
    public static void SetTag(PSObject client, object? value)
    {
        try
        {
            Client(client).Tag = TagTransformationAttribute.Parse(value);
        }
        catch (FormatException e)
        {
            throw new SetValueException(e.Message, e);
        }
    }

    /// <summary>Whether the client may check authorization on behalf of any user.</summary>
    /// <param name="client">The client.</param>
    public static object GetUserPermissionsAccess(PSObject client) => Client(client).GrantUserPermissionsAccess;

    /// <summary>Sets whether the client may check authorization on behalf of any user.</summary>
    /// <param name="client">The client.</param>
    /// <param name="value">true, false, 1 or 0, also as text.</param>
    /// <exception cref="SetValueException">The value is anything else.</exception>
    public static void SetUserPermissionsAccess(PSObject client, object value) => Client(client).GrantUserPermissionsAccess = Grant(value);

    /// <summary>Whether the client may create tokens for any user.</summary>
    /// <param name="client">The client.</param>
    public static object GetTokenGeneration(PSObject client) => Client(client).GrantTokenGeneration;

    /// <summary>Sets whether the client may create tokens for any user.</summary>
    /// <param name="client">The client.</param>
    /// <param name="value">true, false, 1 or 0, also as text.</param>
    /// <exception cref="SetValueException">The value is anything else.</exception>
    public static void SetTokenGeneration(PSObject client, object value) => Client(client).GrantTokenGeneration = Grant(value);

    private static ServiceClient Client(PSObject client)
    {
        if (client is null)
            throw new ArgumentNullException(nameof(client));
        return (ServiceClient)client.BaseObject;
    }

    private static bool Grant(object? value) =>
        BooleanTransformationAttribute.Parse(value) ?? throw new SetValueException(CommandText.Format(Messages.NotABoolean, value ?? "$null"));
}
