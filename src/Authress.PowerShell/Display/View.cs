using System.Collections;
using System.ComponentModel;
using System.Globalization;
using System.Management.Automation;

namespace Authress.PowerShell.Display;

/// <summary>
/// An object as the format file shows it, typed and deserialized alike. The types file attaches it to each object in a hidden
/// member set, because Constrained Language Mode lets a view read properties and call no method, and a member set is not
/// serialized. Public for the types file; not meant for scripts.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class View
{
    private readonly PSObject _shown;

    private View(PSObject shown) => _shown = shown;

    /// <summary>The view of an object.</summary>
    /// <param name="shown">The object.</param>
    public static View Of(PSObject shown) => new(shown);

    /// <summary>The client's id.</summary>
    public string ClientId => Text(nameof(ClientId));

    /// <summary>The key's id.</summary>
    public string KeyId => Text(nameof(KeyId));

    /// <summary>The account's id.</summary>
    public string AccountId => Text(nameof(AccountId));

    /// <summary>The name.</summary>
    public string Name => Text(nameof(Name));

    /// <summary>The name, shortened for a table.</summary>
    public string ShortName => Short(Name, 22);

    /// <summary>The public key.</summary>
    public string PublicKey => Text(nameof(PublicKey));

    /// <summary>The message.</summary>
    public string Message => Text(nameof(Message));

    /// <summary>How many of the five possible keys a client has, such as <c>2/5</c>; blank if the response had no keys.</summary>
    public string KeyCount => Value("AccessKey") is ICollection keys
        ? string.Format(CultureInfo.CurrentCulture, "{0}/5", keys.Count)
        : string.Empty;

    /// <summary>The ids of a client's keys, or <c>none</c>; blank if the response had no keys.</summary>
    public string KeyIds => Value("AccessKey") switch
    {
        ICollection { Count: 0 } => "none",
        ICollection keys => PrintableText.Escape(string.Join(", ", keys.Cast<object>().Select(key => Plain(PSObject.AsPSObject(key).Properties[nameof(KeyId)]?.Value)))),
        _ => string.Empty,
    };

    /// <summary>Whether a new key's secret is there; the secret itself is not shown.</summary>
    public string Secret => Value("AccessKey") is null ? string.Empty : "SecureString";

    /// <summary>Whether a token's text is there; the text itself is not shown.</summary>
    public string TokenSecret => Value("Token") is null ? string.Empty : "SecureString";

    /// <summary>When the token expires, to the second.</summary>
    public string ExpirationDate => Time(nameof(ExpirationDate), "yyyy-MM-dd HH:mm:ss'Z'");

    /// <summary>A key's age in its largest unit, such as <c>3 days</c>. A stale key is marked with <c>!</c>, and with colour where the host has any.</summary>
    public string Age => KeyAge.Get(_shown) is { } age
        ? age >= KeyAge.Stale ? Colour.Warning(KeyAge.Describe(age) + " !") : KeyAge.Describe(age)
        : string.Empty;

    /// <summary>A client's grants in short: <c>users, tokens</c>. The more powerful one is marked.</summary>
    public string Grants
    {
        get
        {
            List<string> grants = [];
            if (Value(nameof(ServiceClient.GrantUserPermissionsAccess)) is true)
                grants.Add("users");
            if (Value(nameof(ServiceClient.GrantTokenGeneration)) is true)
                grants.Add(Colour.Warning("tokens !"));
            return string.Join(", ", grants);
        }
    }

    /// <summary>Tags in their text form.</summary>
    public string Tags => Value(nameof(ServiceClient.Tag)) switch
    {
        TagMap map => PrintableText.Escape(map.ToString()),
        IDictionary map => PrintableText.Escape(new TagMap(map.Keys.Cast<object>().Select(key => new KeyValuePair<string, string>(Plain(key), Plain(map[key])))).ToString()),
        var other => PrintableText.Escape(Plain(other)),
    };

    /// <summary>Tags in their text form, shortened for a table.</summary>
    public string ShortTags => Short(Tags, 28);

    /// <summary>When the client was created, to the second.</summary>
    public string CreatedTime => Time(nameof(CreatedTime), "yyyy-MM-dd HH:mm:ss'Z'");

    /// <summary>When the key was created, to the minute.</summary>
    public string GenerationDate => Time(nameof(GenerationDate), Moment.ToMinute);

    /// <summary>When the key was created, to the second.</summary>
    public string ExactGenerationDate => Time(nameof(GenerationDate), "yyyy-MM-dd HH:mm:ss'Z'");

    /// <summary>A rotation's state. One that needs a person is marked.</summary>
    public string RotationState => Text("State") is var state && state == nameof(Authress.RotationState.NeedsAttention) ? Colour.Warning(state) : state;

    /// <summary>When a rotation's replaced key may go, to the minute.</summary>
    public string DueTime => Time(nameof(DueTime), Moment.ToMinute);

    /// <summary>A rotation's destination, shortened for a table: the file's or the secret's own name.</summary>
    public string Destination => Short(
        Text(nameof(AccessKeyRotation.OutFile)) is { Length: > 0 } file ? System.IO.Path.GetFileName(file)
        : Text(nameof(AccessKeyRotation.SecretName)) is { Length: > 0 } secret ? secret
        : Text(nameof(Destination)),
        19);

    /// <summary>A rotation's destination.</summary>
    public string WholeDestination => Text(nameof(Destination));

    /// <summary>The id of a rotation's new key.</summary>
    public string NewKeyId => Text(nameof(NewKeyId));

    /// <summary>The id of the key that a rotation replaces.</summary>
    public string ReplacedKeyId => Text(nameof(ReplacedKeyId));

    /// <summary>How far a rotation has come.</summary>
    public string RotationStep => Text("Step");

    /// <summary>When a rotation's step began, to the minute.</summary>
    public string StepTime => Time(nameof(StepTime), Moment.ToMinute);

    /// <summary>The error of a rotation's last attempt.</summary>
    public string LastError => Text(nameof(LastError));

    /// <summary>The full path of an access key that was found.</summary>
    public string Path => Text(nameof(Path));

    /// <summary>Where an access key was found: the path, relative where that is known, and the line.</summary>
    public string Location
    {
        get
        {
            string path = _shown.BaseObject is AccessKeySighting { RelativePath: { } relative } ? PrintableText.Escape(relative) : Path;
            return (path.Length > 0 ? path : AccessKeySighting.PipedText) + ":" + Text(nameof(AccessKeySighting.Line));
        }
    }

    /// <summary>Whether git tracks the file of an access key that was found, which is marked; blank if that is not known.</summary>
    public string Tracked => Value(nameof(AccessKeySighting.IsTracked)) switch
    {
        true => Colour.Warning("yes !"),
        false => "no",
        _ => string.Empty,
    };

    /// <summary>Until when a key is kept that a rotation has replaced, without the year, or <c>due</c>.</summary>
    public string KeptUntil => (_shown.BaseObject as AccessKey)?.KeptUntil switch
    {
        null => string.Empty,
        { } until when until <= DateTimeOffset.UtcNow => Colour.Warning("due !"),
        { } until => until.UtcDateTime.ToString("MM-dd HH:mm'Z'", CultureInfo.InvariantCulture),
    };

    /// <summary>A finding's severity. What must be corrected is marked.</summary>
    public string Severity => Text(nameof(Severity)) is var severity && severity == nameof(FindingSeverity.Error) ? Colour.Warning(severity) : severity;

    /// <summary>A finding's rule.</summary>
    public string Rule => Text(nameof(Rule));

    /// <summary>
    /// What a finding is about: the client's name and, on a line of their own, its id and the key's; the message where it is about no
    /// client. In most cultures PowerShell wraps within words, and the ids' line fits into 80 columns.
    /// </summary>
    public string About
    {
        get
        {
            if (ClientId.Length == 0)
                return Message;
            string ids = KeyId.Length == 0 ? ClientId : ClientId + " " + KeyId;
            return Text(nameof(AccessKeyFinding.ClientName)) is { Length: > 0 } name ? Short(name, 46) + "\n" + ids : ids;
        }
    }

    /// <summary>Whether the key works, or <c>unknown</c>.</summary>
    public object Works => Value(nameof(Works)) ?? "unknown";

    /// <summary>The duration of a request, such as <c>12 ms</c>.</summary>
    public string Latency => Value(nameof(Latency)) is TimeSpan time
        ? string.Format(CultureInfo.CurrentCulture, "{0:N0} ms", time.TotalMilliseconds)
        : string.Empty;

    /// <summary>How far this machine's clock is off, such as <c>3 s ahead</c>.</summary>
    public string ClockSkew => Value(nameof(ClockSkew)) switch
    {
        TimeSpan time when time == TimeSpan.Zero => "none",
        TimeSpan time => string.Format(CultureInfo.CurrentCulture, "{0:N0} s {1}", time.Duration().TotalSeconds, time > TimeSpan.Zero ? "ahead" : "behind"),
        _ => string.Empty,
    };

    private static string Short(string text, int length) => text.Length > length ? text.Remove(length - 1) + "…" : text;

    private static string Plain(object? value) => Convert.ToString(value is PSObject wrapped ? wrapped.BaseObject : value, CultureInfo.InvariantCulture) ?? string.Empty;

    private object? Value(string property) => _shown.Properties[property]?.Value is var value && value is PSObject wrapped ? wrapped.BaseObject : value;

    // Text comes from elsewhere: everything in it that would move the cursor or colour the screen is escaped.
    private string Text(string property) => PrintableText.Escape(Plain(_shown.Properties[property]?.Value));

    // In UTC and marked as such: the same reading as in CSV and JSON, on every machine.
    private string Time(string property, string format) => Moment.Read(_shown, property) is { } moment
        ? moment.UtcDateTime.ToString(format, CultureInfo.InvariantCulture)
        : Text(property);
}
