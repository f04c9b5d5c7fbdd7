using Authress.Client.ServiceClients;

namespace Authress.PowerShell.ServiceClients;

/// <summary>From the parameters of New and Set, where null or empty means not given, to what the client library takes.</summary>
internal static class ServiceClientValues
{
    public static ServiceClientChange ToChange(string? name, TagMap? tag, bool? grantUserPermissionsAccess, bool? grantTokenGeneration, RateLimit? rateLimit) =>
        AddTo(new ServiceClientChange(), name, tag, grantUserPermissionsAccess, grantTokenGeneration, rateLimit);

    /// <summary>Puts what was given on top of a change.</summary>
    public static ServiceClientChange AddTo(
        ServiceClientChange change, string? name, TagMap? tag, bool? grantUserPermissionsAccess, bool? grantTokenGeneration, RateLimit? rateLimit)
    {
        if (!string.IsNullOrEmpty(name))
            change.Name = new(name);
        if (tag is { Count: > 0 })
            change.Tag = new(tag);
        if (grantUserPermissionsAccess is { } users)
            change.GrantUserPermissionsAccess = new(users);
        if (grantTokenGeneration is { } tokens)
            change.GrantTokenGeneration = new(tokens);
        if (rateLimit is not null)
            change.RateLimit = new(rateLimit);
        return change;
    }
}
