namespace Authress.Client.ServiceClients;

/// <summary>What to change in a service client, or what a new one is made of; what is not given stays as it is.</summary>
public sealed class ServiceClientChange
{
    /// <summary>The most characters that a name or a tag's value may have.</summary>
    public const int MaximumTextLength = 128;

    /// <summary>The name; null takes it away.</summary>
    public FieldChange<string?> Name { get; set; }

    /// <summary>All tags; an empty set takes them away.</summary>
    public FieldChange<TagMap> Tag { get; set; }

    /// <summary>Whether the client may check authorization on behalf of any user.</summary>
    public FieldChange<bool> GrantUserPermissionsAccess { get; set; }

    /// <summary>Whether the client may create tokens for any user.</summary>
    public FieldChange<bool> GrantTokenGeneration { get; set; }

    /// <summary>The rate limit; null takes it away.</summary>
    public FieldChange<RateLimit?> RateLimit { get; set; }

    /// <summary>Whether nothing is given.</summary>
    public bool IsEmpty => !(Name.IsGiven || Tag.IsGiven || GrantUserPermissionsAccess.IsGiven || GrantTokenGeneration.IsGiven || RateLimit.IsGiven);

    /// <summary>Whether it may have been carried out already.</summary>
    internal bool IsInDoubt { get; private init; }

    /// <summary>What somebody changed in a client that was fetched.</summary>
    /// <param name="edited">The client. Where it was not fetched but made by hand, all that it holds counts as changed.</param>
    /// <param name="emptied">The fields that were emptied. They are left out, since an empty value never clears.</param>
    public static ServiceClientChange FromEdited(ServiceClient edited, out IReadOnlyList<string> emptied)
    {
        if (edited is null)
            throw new ArgumentNullException(nameof(edited));
        ServiceClientChange change = new();
        List<string> emptyFields = [];
        ServiceClient? fetched = (edited.Snapshot as ServiceClientJson)?.ToModel(edited.ClientId);

        if (edited.Name is { Length: > 0 } name)
            change.Name = Compare(name, fetched, fetched?.Name, string.Equals);
        else if (fetched?.Name is { Length: > 0 })
            emptyFields.Add(nameof(Name));

        if (edited.Tag.Count > 0)
            change.Tag = Compare(new TagMap(edited.Tag), fetched, fetched?.Tag!, ServiceClientMerge.SameTags);
        else if (fetched?.Tag.Count > 0)
            emptyFields.Add(nameof(Tag));

        if (edited.RateLimit is { } limit)
            change.RateLimit = Compare(limit, fetched, fetched?.RateLimit, Equals);
        else if (fetched?.RateLimit is not null)
            emptyFields.Add(nameof(RateLimit));

        change.GrantUserPermissionsAccess = Compare(edited.GrantUserPermissionsAccess, fetched, fetched?.GrantUserPermissionsAccess ?? false, (a, b) => a == b);
        change.GrantTokenGeneration = Compare(edited.GrantTokenGeneration, fetched, fetched?.GrantTokenGeneration ?? false, (a, b) => a == b);
        emptied = emptyFields;
        return change;
    }

    /// <summary>
    /// Once the change is written: the fields that were edited in the client are from now on compared with what they were
    /// edited to. The others still with what was fetched, for their values in the object are as old as that; and so are
    /// fields that were set beside the object, which the object does not hold.
    /// </summary>
    /// <param name="edited">The client that the change was read from.</param>
    public void Settle(ServiceClient edited)
    {
        if (edited is null)
            throw new ArgumentNullException(nameof(edited));
        if (edited.Snapshot is not ServiceClientJson fetched)
            return;
        ServiceClientJson settled = fetched.ToWritable();
        if (Name.HasBasis)
            settled.Name = Name.Value;
        if (Tag.HasBasis)
            settled.Tags = Tag.Value.ToDictionary(tag => tag.Key, tag => (string?)tag.Value, StringComparer.Ordinal);
        if (RateLimit.HasBasis)
            settled.RateLimits = RateLimit.Value is { } limit ? [limit.ToJson()] : null;
        settled.Options = new ServiceClientOptionsJson
        {
            GrantUserPermissionsAccess = GrantUserPermissionsAccess.HasBasis ? GrantUserPermissionsAccess.Value : fetched.Options?.GrantUserPermissionsAccess,
            GrantTokenGeneration = GrantTokenGeneration.HasBasis ? GrantTokenGeneration.Value : fetched.Options?.GrantTokenGeneration,
            Unknown = fetched.Options?.Unknown,
        };
        edited.Snapshot = settled;
    }

    /// <summary>
    /// The same change, which may have been carried out already, to merge into what is there now: a field that is neither as
    /// it was before nor as it was to be has been changed by somebody else since.
    /// </summary>
    /// <param name="before">The client as it was read before the change was sent.</param>
    internal ServiceClientChange Since(ServiceClientJson before)
    {
        return new ServiceClientChange
        {
            IsInDoubt = true,
            Name = Rebase(Name, before.Name),
            Tag = Rebase(Tag, before.Tags.ToTagMap()),
            GrantUserPermissionsAccess = Rebase(GrantUserPermissionsAccess, before.Options?.GrantUserPermissionsAccess ?? false),
            GrantTokenGeneration = Rebase(GrantTokenGeneration, before.Options?.GrantTokenGeneration ?? false),
            RateLimit = Rebase(RateLimit, before.RateLimits.ToRateLimit()),
        };

        static FieldChange<T> Rebase<T>(FieldChange<T> field, T basis) => field.IsGiven ? new FieldChange<T>(field.Value, basis) : default;
    }

    /// <summary>Checks the lengths that Authress documents, so that nothing is sent that it must refuse.</summary>
    /// <exception cref="ArgumentException">
    /// A name or a tag's value is too long or not valid Unicode, or a rate limit is none that Authress knows.
    /// </exception>
    public void Validate()
    {
        RefuseBrokenText(Name.Value, "The name");
        if (Name.Value is { Length: > MaximumTextLength } name)
            throw new ArgumentException($"The name has {name.Length} characters; it may have {MaximumTextLength}.");
        foreach (KeyValuePair<string, string> tag in Tag.Value ?? [])
        {
            RefuseBrokenText(tag.Key, "The key of a tag");
            RefuseBrokenText(tag.Value, $"The value of the tag '{tag.Key}'");
            if (tag.Value.Length > MaximumTextLength)
                throw new ArgumentException($"The value of the tag '{tag.Key}' has {tag.Value.Length} characters; it may have {MaximumTextLength}.");
        }

        try
        {
            // A limit can be made by hand without being checked, since what Authress sends must be shown, known or not.
            if (RateLimit.Value is { } limit)
                Authress.RateLimit.Create(limit.Duration, limit.Quota);
        }
        catch (FormatException e)
        {
            throw new ArgumentException(e.Message, e);
        }
    }

    // Half of a surrogate pair can't be written as UTF-8; the JSON writer would put another character in its place.
    private static void RefuseBrokenText(string? text, string what)
    {
        if (text is not null && !UnicodeText.IsValid(text))
            throw new ArgumentException($"{what} is not valid Unicode: half of a surrogate pair stands alone.");
    }

    private static FieldChange<T> Compare<T>(T value, ServiceClient? fetched, T basis, Func<T, T, bool> same) =>
        fetched is null ? new FieldChange<T>(value)
        : same(value, basis) ? default
        : new FieldChange<T>(value, basis);
}
