namespace Authress.PowerShell.ServiceClients;

/// <summary>The fields of a service client that can be cleared.</summary>
public enum ClearableField
{
    /// <summary>The name.</summary>
    Name,

    /// <summary>All tags.</summary>
    Tag,

    /// <summary>The rate limit.</summary>
    RateLimit,
}
