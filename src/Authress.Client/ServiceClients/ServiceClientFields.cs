namespace Authress.Client.ServiceClients;

/// <summary>
/// The fields of a service client, each declared once. A new field needs its declaration here, a property of
/// <see cref="ServiceClient"/> and a member of <see cref="ServiceClientJson"/>; the tests name what is missing in PowerShell.
/// </summary>
public static class ServiceClientFields
{
    private const int MaximumTextLength = 128;

    private static readonly List<ServiceClientField> Declared = [];

    /// <summary>The name.</summary>
    public static ServiceClientField<string?> Name { get; } = Text(
        nameof(ServiceClient.Name),
        MaximumTextLength,
        client => client.Name,
        (client, value) => client.Name = value,
        json => json.Name,
        (json, value) => json.Name = value);

    /// <summary>All tags.</summary>
    public static ServiceClientField<TagMap> Tag { get; } = Declare(new ServiceClientField<TagMap>(
        nameof(ServiceClient.Tag),
        client => client.Tag,
        (client, value) => client.Tag = value,
        json => json.Tags.ToTagMap(),
        (json, value) => json.Tags = value.ToJson())
    {
        ApiName = nameof(ServiceClientJson.Tags),
        Cleared = () => [],
        HasNoValue = tags => tags.Count == 0,
        AreSame = SameTags,
        Copy = tags => new TagMap(tags),
        Check = CheckTags,
    });

    /// <summary>Whether the client may check authorization on behalf of any user.</summary>
    public static ServiceClientField<bool> GrantUserPermissionsAccess { get; } = Grant(
        nameof(ServiceClient.GrantUserPermissionsAccess),
        client => client.GrantUserPermissionsAccess,
        (client, value) => client.GrantUserPermissionsAccess = value,
        options => options.GrantUserPermissionsAccess,
        (options, value) => options.GrantUserPermissionsAccess = value);

    /// <summary>Whether the client may create tokens for any user.</summary>
    public static ServiceClientField<bool> GrantTokenGeneration { get; } = Grant(
        nameof(ServiceClient.GrantTokenGeneration),
        client => client.GrantTokenGeneration,
        (client, value) => client.GrantTokenGeneration = value,
        options => options.GrantTokenGeneration,
        (options, value) => options.GrantTokenGeneration = value);

    /// <summary>The rate limit.</summary>
    public static ServiceClientField<RateLimit?> RateLimit { get; } = Declare(new ServiceClientField<RateLimit?>(
        nameof(ServiceClient.RateLimit),
        client => client.RateLimit,
        (client, value) => client.RateLimit = value,
        json => json.RateLimits.ToRateLimit(),
        (json, value) => json.RateLimits = json.RateLimits.ReplaceFirst(value))
    {
        ApiName = nameof(ServiceClientJson.RateLimits),
        Cleared = () => null,
        Check = CheckRateLimit,
    });

    /// <summary>All fields, in the order in which they are declared and shown.</summary>
    public static IReadOnlyList<ServiceClientField> All => Declared;

    /// <summary>The field of that name.</summary>
    /// <param name="name">The name, in any case.</param>
    /// <exception cref="InvalidOperationException">There is no such field.</exception>
    public static ServiceClientField Find(string name) => Declared.First(field => string.Equals(field.Name, name, StringComparison.OrdinalIgnoreCase));

    internal static bool SameTags(TagMap one, TagMap other) =>
        one.Count == other.Count && one.All(tag => other.TryGetValue(tag.Key, out string? value) && value == tag.Value);

    // A text that may be missing.
    private static ServiceClientField<string?> Text(
        string name,
        int maximumLength,
        Func<ServiceClient, string?> get,
        Action<ServiceClient, string?> set,
        Func<ServiceClientJson, string?> read,
        Action<ServiceClientJson, string?> write) => Declare(new ServiceClientField<string?>(name, get, set, read, write)
        {
            Cleared = () => null,
            HasNoValue = string.IsNullOrEmpty,
            Check = value => CheckText(value, () => InvariantText.Format(Messages.TextField, name.ToLowerInvariant()), maximumLength),
        });

    // A member of options: null and missing mean false.
    private static ServiceClientField<bool> Grant(
        string name,
        Func<ServiceClient, bool> get,
        Action<ServiceClient, bool> set,
        Func<ServiceClientOptionsJson, bool?> read,
        Action<ServiceClientOptionsJson, bool> write) => Declare(new ServiceClientField<bool>(
            name,
            get,
            set,
            json => json.Options is { } options && (read(options) ?? false),
            (json, value) =>
            {
                json.Options = json.Options?.Copy() ?? new ServiceClientOptionsJson();
                write(json.Options, value);
            }));

    private static ServiceClientField<T> Declare<T>(ServiceClientField<T> field)
    {
        Declared.Add(field);
        return field;
    }

    private static void CheckTags(TagMap tags)
    {
        foreach (KeyValuePair<string, string> tag in tags)
        {
            if (tag.Key.Length == 0)
                throw new ArgumentException(Messages.TagWithoutKey);
            CheckUnicode(tag.Key, () => Messages.TagKey);
            CheckText(tag.Value, () => InvariantText.Format(Messages.TagValue, tag.Key), MaximumTextLength);
        }
    }

    private static void CheckText(string? text, Func<string> what, int maximumLength)
    {
        CheckUnicode(text, what);
        if (text?.Length > maximumLength)
            throw new ArgumentException(InvariantText.Format(Messages.FieldTooLong, what(), text.Length, maximumLength));
    }

    // Half of a surrogate pair can't be written as UTF-8; the JSON writer would replace it with another character.
    private static void CheckUnicode(string? text, Func<string> what)
    {
        if (text is not null && !UnicodeText.IsValid(text))
            throw new ArgumentException(InvariantText.Format(Messages.FieldNotUnicode, what()));
    }

    // RateLimit's constructor accepts anything, so that unknown limits from Authress can be shown.
    private static void CheckRateLimit(RateLimit? limit)
    {
        try
        {
            if (limit is not null)
                Authress.RateLimit.Create(limit.Duration, limit.Quota);
        }
        catch (FormatException e)
        {
            throw new ArgumentException(e.Message, e);
        }
    }
}

/// <content>The fields by name, for C#.</content>
public sealed partial class ServiceClientChange
{
    /// <summary>The name; null clears it.</summary>
    public FieldChange<string?> Name
    {
        get => Get(ServiceClientFields.Name);
        set => Set(ServiceClientFields.Name, value);
    }

    /// <summary>All tags; an empty map clears them.</summary>
    public FieldChange<TagMap> Tag
    {
        get => Get(ServiceClientFields.Tag);
        set => Set(ServiceClientFields.Tag, value);
    }

    /// <summary>Whether the client may check authorization on behalf of any user.</summary>
    public FieldChange<bool> GrantUserPermissionsAccess
    {
        get => Get(ServiceClientFields.GrantUserPermissionsAccess);
        set => Set(ServiceClientFields.GrantUserPermissionsAccess, value);
    }

    /// <summary>Whether the client may create tokens for any user.</summary>
    public FieldChange<bool> GrantTokenGeneration
    {
        get => Get(ServiceClientFields.GrantTokenGeneration);
        set => Set(ServiceClientFields.GrantTokenGeneration, value);
    }

    /// <summary>The rate limit; null clears it.</summary>
    public FieldChange<RateLimit?> RateLimit
    {
        get => Get(ServiceClientFields.RateLimit);
        set => Set(ServiceClientFields.RateLimit, value);
    }
}
