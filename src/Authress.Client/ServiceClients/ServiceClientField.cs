namespace Authress.Client.ServiceClients;

/// <summary>
/// A field of a service client that can be changed. <see cref="ServiceClientFields"/> declares each one; parsing, creating,
/// comparing, merging, clearing and validating follow from the declaration.
/// </summary>
public abstract class ServiceClientField
{
    private protected ServiceClientField(string name) => Name = name;

    /// <summary>The name of the model's property and of the cmdlets' parameter.</summary>
    public string Name { get; }

    /// <summary>The name in the API's JSON, where it is another.</summary>
    public string? ApiName { get; internal init; }

    /// <summary>The type of the field's values.</summary>
    public abstract Type ValueType { get; }

    /// <summary>Whether the field can be left without a value.</summary>
    public abstract bool IsClearable { get; }

    /// <summary>Whether a value counts as empty. An empty value never clears a field, because it may come from an empty cell.</summary>
    /// <param name="value">A value of the field's type, or null.</param>
    public abstract bool IsEmpty(object? value);

    /// <summary>Sets the field in a change.</summary>
    internal abstract void Set(ServiceClientChange change, object value);

    /// <summary>Clears the field in a change.</summary>
    /// <exception cref="InvalidOperationException">The field can't be cleared.</exception>
    internal abstract void Clear(ServiceClientChange change);

    /// <summary>Copies the field from a response into the model.</summary>
    internal abstract void ReadInto(ServiceClient client, ServiceClientJson json);

    /// <summary>Adds the field to a change if it was edited.</summary>
    /// <param name="change">The change.</param>
    /// <param name="edited">The client as it is now.</param>
    /// <param name="fetched">The client as it was fetched; null if it was not fetched; all values then count as edited.</param>
    /// <returns>Whether the field was emptied, and therefore omitted.</returns>
    internal abstract bool AddEdit(ServiceClientChange change, ServiceClient edited, ServiceClient? fetched);

    /// <summary>Whether a change sets the field to a value other than the object's.</summary>
    internal abstract bool Differs(ServiceClientJson json, ServiceClientChange change);

    /// <summary>Writes the changed value to an object.</summary>
    internal abstract void WriteTo(ServiceClientJson json, ServiceClientChange change);

    /// <summary>Whether the change to the field is an edit of a fetched client.</summary>
    internal abstract bool IsEdit(ServiceClientChange change);

    /// <summary>Adds the same change to another one, with the value in <paramref name="before"/> as its original.</summary>
    internal abstract void Rebase(ServiceClientChange change, ServiceClientChange rebased, ServiceClientJson before);

    /// <summary>The three values of a field that was changed here and in Authress; null if there is no conflict.</summary>
    internal abstract FieldConflict? FindConflict(ServiceClientJson now, ServiceClientChange change);

    /// <summary>Checks the changed value against the limits that Authress documents.</summary>
    /// <exception cref="ArgumentException">Authress would refuse the value.</exception>
    internal abstract void Validate(ServiceClientChange change);
}

/// <inheritdoc />
/// <typeparam name="T">The type of the field's values.</typeparam>
public sealed class ServiceClientField<T> : ServiceClientField
{
    private readonly Func<ServiceClient, T> _get;
    private readonly Action<ServiceClient, T> _set;
    private readonly Func<ServiceClientJson, T> _read;
    private readonly Action<ServiceClientJson, T> _write;

    /// <summary>Declares a field.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="get">Reads the model's property.</param>
    /// <param name="set">Writes the model's property.</param>
    /// <param name="read">Reads the JSON member.</param>
    /// <param name="write">Writes the JSON member. Replaces nested objects: an object that is merged shares them with the response.</param>
    internal ServiceClientField(
        string name, Func<ServiceClient, T> get, Action<ServiceClient, T> set, Func<ServiceClientJson, T> read, Action<ServiceClientJson, T> write)
        : base(name)
    {
        _get = get;
        _set = set;
        _read = read;
        _write = write;
    }

    /// <summary>Creates the value of a cleared field; null for a field that always has a value.</summary>
    internal Func<T>? Cleared { get; init; }

    /// <summary>Whether a value counts as empty.</summary>
    internal Func<T, bool> HasNoValue { get; init; } = value => value is null;

    /// <summary>Whether two values are equal for Authress.</summary>
    internal Func<T, T, bool> AreSame { get; init; } = EqualityComparer<T>.Default.Equals;

    /// <summary>Copies a value, so that later edits don't reach a change that is already queued.</summary>
    internal Func<T, T> Copy { get; init; } = value => value;

    /// <summary>Throws an ArgumentException for a value that Authress would refuse.</summary>
    internal Action<T> Check { get; init; } = _ => { };

    /// <inheritdoc />
    public override Type ValueType => typeof(T);

    /// <inheritdoc />
    public override bool IsClearable => Cleared is not null;

    /// <inheritdoc />
    public override bool IsEmpty(object? value) => value is null || HasNoValue((T)value);

    internal override void Set(ServiceClientChange change, object value) => change.Set(this, new FieldChange<T>((T)value));

    internal override void Clear(ServiceClientChange change) =>
        change.Set(this, new FieldChange<T>(Cleared is null ? throw new InvalidOperationException($"{Name} can't be cleared.") : Cleared()));

    internal override void ReadInto(ServiceClient client, ServiceClientJson json) => _set(client, _read(json));

    internal override bool AddEdit(ServiceClientChange change, ServiceClient edited, ServiceClient? fetched)
    {
        T value = _get(edited);
        if (HasNoValue(value))
            return fetched is not null && !HasNoValue(_get(fetched));
        if (fetched is null)
            change.Set(this, new FieldChange<T>(Copy(value)));
        else if (!AreSame(value, _get(fetched)))
            change.Set(this, new FieldChange<T>(Copy(value), _get(fetched)));
        return false;
    }

    internal override bool Differs(ServiceClientJson json, ServiceClientChange change) => !AreSame(change.Get(this).Value, _read(json));

    internal override void WriteTo(ServiceClientJson json, ServiceClientChange change) => _write(json, change.Get(this).Value);

    internal override bool IsEdit(ServiceClientChange change) => change.Get(this).HasOriginalValue;

    internal override void Rebase(ServiceClientChange change, ServiceClientChange rebased, ServiceClientJson before) =>
        rebased.Set(this, new FieldChange<T>(change.Get(this).Value, _read(before)));

    internal override FieldConflict? FindConflict(ServiceClientJson now, ServiceClientChange change)
    {
        FieldChange<T> edit = change.Get(this);
        T present = _read(now);
        return !edit.HasOriginalValue || AreSame(present, edit.OriginalValue) || AreSame(present, edit.Value)
            ? null
            : new FieldConflict(edit.OriginalValue, edit.Value, present);
    }

    internal override void Validate(ServiceClientChange change) => Check(change.Get(this).Value);
}

/// <summary>A field that was changed to different values here and in Authress.</summary>
/// <param name="Original">The value when the client was fetched.</param>
/// <param name="Edited">The value that was set here.</param>
/// <param name="Present">The current value in Authress.</param>
internal sealed record FieldConflict(object? Original, object? Edited, object? Present);
