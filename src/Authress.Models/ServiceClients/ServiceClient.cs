namespace Authress;

/// <summary>
/// A service client: the identity of a machine, a service or a script in Authress. It is flat, and its properties are named
/// like the cmdlets' parameters, so that it survives a CSV file and <c>Select-Object</c>.
/// </summary>
/// <remarks>
/// Changes take effect in Authress when the object is passed to <c>Set-AuthressServiceClient</c>.
/// </remarks>
public sealed class ServiceClient
{
    /// <summary>Creates a service client with that id. Authress assigns the id, and it never changes.</summary>
    /// <param name="clientId">The unique id, 1 to 64 characters.</param>
    public ServiceClient(string clientId)
    {
        ClientId = clientId ?? throw new ArgumentNullException(nameof(clientId));
        Tag = [];
    }

    /// <summary>The unique id, such as <c>sc_a9RdHnQzsXJeAzk3TyBw5Lq</c>. Assigned by Authress.</summary>
    public string ClientId { get; }

    /// <summary>The display name, up to 128 characters; null if it has none.</summary>
    public string? Name { get; set; }

    /// <summary>Labels, each a key and a value of up to 128 characters. Never null.</summary>
    public TagMap Tag
    {
        get;
        set => field = value ?? [];
    }

    /// <summary>Whether the client may check authorization on behalf of any user.</summary>
    public bool GrantUserPermissionsAccess { get; set; }

    /// <summary>Whether the client may create tokens for <b>any</b> user. Whoever holds one of its keys can act as any user.</summary>
    public bool GrantTokenGeneration { get; set; }

    /// <summary>How many requests the client may make in a period; null if it is not limited.</summary>
    public RateLimit? RateLimit { get; set; }

    /// <summary>When Authress created the client.</summary>
    public DateTimeOffset? CreatedTime { get; internal set; }

    /// <summary>
    /// The client's access keys, without their secrets; null if the response omits them, as a list may.
    /// </summary>
    public AccessKeyList? AccessKey { get; internal set; }

    /// <summary>The fetched object with its unknown JSON members. Private to the client library.</summary>
    internal object? Snapshot { get; set; }

    /// <summary>The id.</summary>
    public override string ToString() => ClientId;
}
