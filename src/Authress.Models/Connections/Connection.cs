namespace Authress;

/// <summary>
/// A connection to an Authress account: its URL and identity. Neither scripts nor files can see its
/// credential. Thread-safe, so that one connection serves many runspaces.
/// </summary>
public sealed class Connection
{
    internal Connection(Uri apiUrl, AuthenticationMethod authentication, object client)
    {
        ApiUrl = apiUrl;
        Authentication = authentication;
        Client = client;
    }

    /// <summary>The API URL.</summary>
    public Uri ApiUrl { get; }

    /// <summary>The account, taken from the access key or given to <c>Connect-Authress</c>; null if neither names it.</summary>
    public string? AccountId { get; internal set; }

    /// <summary>The service client that requests are made as; null if the token doesn't name it.</summary>
    public string? ClientId { get; internal set; }

    /// <summary>The id of the access key that signs; null if the access token doesn't name it.</summary>
    public string? KeyId { get; internal set; }

    /// <summary>Whether an access key signs each token or a ready token is used.</summary>
    public AuthenticationMethod Authentication { get; }

    /// <summary>Whether requests that change anything are refused before they are sent.</summary>
    public bool ReadOnly { get; internal set; }

    /// <summary>How long one attempt of a request may take.</summary>
    public TimeSpan Timeout { get; internal set; }

    /// <summary>The client library's client. An object, because its type lives in another load context.</summary>
    internal object Client { get; }

    /// <summary>Objects that this connection has returned, for completion.</summary>
    internal CompletionCache Cache { get; } = new();

    /// <summary>The identity and URL, never a secret: <c>sc_a9RdHnQzsXJeAzk3TyBw5Lq at https://login.example.com</c>.</summary>
    public override string ToString() => $"{ClientId ?? "token"} at {ApiUrl.GetLeftPart(UriPartial.Authority)}";
}
