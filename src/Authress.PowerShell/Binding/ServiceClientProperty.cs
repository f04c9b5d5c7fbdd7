using System.ComponentModel;
using System.Globalization;
using System.Management.Automation;

namespace Authress.PowerShell.Binding;

/// <summary>
/// The accessors of a service client's properties in scripts. A grant is converted as the parameters convert it; PowerShell
/// itself converts any text to true, even <c>'False'</c>. Public for the types file; not meant for scripts.
/// </summary>
/// <remarks>
/// Properties of a types file precede those of .NET. The file therefore also lists the properties before the grants, so that a
/// CSV file begins with the id.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class ServiceClientProperty
{
    /// <summary>The id.</summary>
    /// <param name="client">The client.</param>
    public static string GetClientId(PSObject client) => Client(client).ClientId;

    /// <summary>The name.</summary>
    /// <param name="client">The client.</param>
    public static string? GetName(PSObject client) => Client(client).Name;

    /// <summary>Sets the name.</summary>
    /// <param name="client">The client.</param>
    /// <param name="value">The name, up to 128 characters.</param>
    public static void SetName(PSObject client, string? value) => Client(client).Name = value;

    /// <summary>The tags.</summary>
    /// <param name="client">The client.</param>
    public static TagMap GetTag(PSObject client) => Client(client).Tag;

    /// <summary>Sets the tags.</summary>
    /// <param name="client">The client.</param>
    /// <param name="value">All tags of the client.</param>
    public static void SetTag(PSObject client, TagMap value) => Client(client).Tag = value;

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
        BooleanTransformationAttribute.Parse(value) ?? throw new SetValueException(string.Format(CultureInfo.CurrentCulture, Messages.NotABoolean, value ?? "$null"));
}
