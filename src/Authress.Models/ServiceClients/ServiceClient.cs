namespace Authress;

/// <summary>
/// A service client: the identity of a machine, a service or a script in Authress. It is flat and its properties have
/// the names of the cmdlets' parameters, so that it survives a CSV file and <c>Select-Object</c>.
/// </summary>
/// <remarks>
/// Changing a property changes nothing in Authress until the object is given to <c>Set-AuthressServiceClient</c>.
/// </remarks>
public sealed class ServiceClient
{
    /// <summary>Creates a service client with that id; the id is given by Authress and never changes.</summary>
    /// <param name="clientId">The unique id, 1 to 64 characters.</param>
    public ServiceClient(string clientId)
    {
        ClientId = clientId ?? throw new ArgumentNullException(nameof(clientId));
        Tag = [];
    }

    /// <summary>The unique id, such as <c>sc_a9RdHnQzsXJeAz</c>. Given by Authress.</summary>
    public string ClientId { get; }

    /// <summary>The name that people give it, up to 128 characters; null where it has none.</summary>
    public string? Name { get; set; }

    /// <summary>Labels of a key and a value, each value up to 128 characters. Never null.</summary>
    public TagMap Tag
    {
        get;
        set => field = value ?? [];
    }

    /// <summary>Whether the client may check authorization on behalf of any user.</summary>
    public bool GrantUserPermissionsAccess { get; set; }

    /// <summary>Whether the client may create tokens for <b>any</b> user. Whoever holds such a client's key can be anybody.</summary>
    public bool GrantTokenGeneration { get; set; }

    /// <summary>How many requests the client may make in a period; null where it is not limited.</summary>
    public RateLimit? RateLimit { get; set; }

    /// <summary>When Authress made the client.</summary>
    public DateTimeOffset? CreatedTime { get; internal set; }

    /// <summary>
    /// The client's access keys, without their secrets; null where the answer did not carry them, as a list's may not.
    /// </summary>
    public AccessKeyList? AccessKey { get; internal set; }

    /// <summary>What was fetched, with the JSON members that this model does not know. Private to the client library.</summary>
    internal object? Snapshot { get; set; }

    /// <summary>The id, so that a client in a string names itself.</summary>
    public override string ToString() => ClientId;
}
