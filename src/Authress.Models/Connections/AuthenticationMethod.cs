namespace Authress;

/// <summary>How a connection proves who it is.</summary>
public enum AuthenticationMethod
{
    /// <summary>A service client's access key signs a short-lived token; the key itself is never sent.</summary>
    AccessKey,

    /// <summary>A ready access token is sent as it is.</summary>
    AccessToken,
}
