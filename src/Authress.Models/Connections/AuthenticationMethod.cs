namespace Authress;

/// <summary>How a connection authenticates.</summary>
public enum AuthenticationMethod
{
    /// <summary>A service client's access key signs a short-lived token; the key itself is never sent.</summary>
    AccessKey,

    /// <summary>An access token is sent unchanged.</summary>
    AccessToken,
}
