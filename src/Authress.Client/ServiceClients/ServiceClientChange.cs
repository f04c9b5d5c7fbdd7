using System.Text.Json;
using System.Text.Json.Serialization;
using Authress.Client.Json;

namespace Authress.Client.ServiceClients;

/// <summary>The changes to a service client, or the content of a new one. A field that is not given remains unchanged.</summary>
public sealed partial class ServiceClientChange
{
    // An update writes null for a missing value; a new client omits it.
    private static readonly AuthressJsonContext GivenOnly =
        new(new JsonSerializerOptions(AuthressJsonContext.Default.Options) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull });

    // Each value is the FieldChange<T> of its field.
    private readonly Dictionary<ServiceClientField, object> _changes = [];

    /// <summary>Whether no field is given.</summary>
    public bool IsEmpty => _changes.Count == 0;

    /// <summary>The fields that are given.</summary>
    public IEnumerable<ServiceClientField> Fields => ServiceClientFields.All.Where(_changes.ContainsKey);

    /// <summary>Whether Authress may have applied the change already.</summary>
    internal bool OutcomeUnknown { get; private init; }

    /// <summary>The edits to a fetched client.</summary>
    /// <param name="edited">The client. If it was not fetched, every value counts as edited.</param>
    /// <param name="emptied">The names of the fields that were emptied. They are omitted, because an empty value never clears a field.</param>
    public static ServiceClientChange FromEdited(ServiceClient edited, out IReadOnlyList<string> emptied)
    {
        if (edited is null)
            throw new ArgumentNullException(nameof(edited));
        ServiceClientChange change = new();
        ServiceClient? fetched = (edited.Snapshot as ServiceClientJson)?.ToModel(edited.ClientId);
        emptied = [.. ServiceClientFields.All.Where(field => field.AddEdit(change, edited, fetched)).Select(field => field.Name)];
        return change;
    }

    /// <summary>The change to a field.</summary>
    /// <typeparam name="T">The field's type.</typeparam>
    /// <param name="field">The field.</param>
    public FieldChange<T> Get<T>(ServiceClientField<T> field) => _changes.TryGetValue(field, out object? change) ? (FieldChange<T>)change : default;

    /// <summary>Sets the change to a field, or removes it if the change is empty.</summary>
    /// <typeparam name="T">The field's type.</typeparam>
    /// <param name="field">The field.</param>
    /// <param name="change">The change.</param>
    public void Set<T>(ServiceClientField<T> field, FieldChange<T> change)
    {
        if (change.IsGiven)
            _changes[field] = change;
        else
            _changes.Remove(field);
    }

    /// <summary>Sets a field.</summary>
    /// <param name="field">The field.</param>
    /// <param name="value">A value of the field's type.</param>
    public void Set(ServiceClientField field, object value)
    {
        if (field is null)
            throw new ArgumentNullException(nameof(field));
        field.Set(this, value);
    }

    /// <summary>Clears a field.</summary>
    /// <param name="field">The field.</param>
    /// <exception cref="InvalidOperationException">The field can't be cleared.</exception>
    public void Clear(ServiceClientField field)
    {
        if (field is null)
            throw new ArgumentNullException(nameof(field));
        field.Clear(this);
    }

    /// <summary>
    /// Makes the written values of the edited fields their original values, so that the same object can be edited and
    /// written again. All other fields are still compared with the fetched values, which the object still has.
    /// </summary>
    /// <param name="edited">The client that the change was read from.</param>
    public void AcceptChanges(ServiceClient edited)
    {
        if (edited is null)
            throw new ArgumentNullException(nameof(edited));
        if (edited.Snapshot is not ServiceClientJson fetched)
            return;
        ServiceClientJson accepted = fetched.ToWritable();
        foreach (ServiceClientField field in Fields.Where(field => field.IsEdit(this)))
            field.WriteTo(accepted, this);
        edited.Snapshot = accepted;
    }

    /// <summary>Checks the limits that Authress documents, before anything is sent.</summary>
    /// <exception cref="ArgumentException">A text is too long or not valid Unicode, or a rate limit is unknown to Authress.</exception>
    public void Validate()
    {
        foreach (ServiceClientField field in Fields)
            field.Validate(this);
    }

    /// <summary>
    /// The same change after an attempt with an unknown outcome. A field that now has neither the value before the attempt nor
    /// the new one was changed by somebody else.
    /// </summary>
    /// <param name="before">The client as it was read before the attempt.</param>
    internal ServiceClientChange Rebase(ServiceClientJson before)
    {
        ServiceClientChange rebased = new() { OutcomeUnknown = true };
        foreach (ServiceClientField field in Fields)
            field.Rebase(this, rebased, before);
        return rebased;
    }

    /// <summary>The body of a request that creates a client: only the given fields. Authress sets the others.</summary>
    internal byte[] ToNewClient()
    {
        ServiceClientJson json = new();
        foreach (ServiceClientField field in Fields)
            field.WriteTo(json, this);
        return JsonSerializer.SerializeToUtf8Bytes(json, GivenOnly.ServiceClientJson);
    }
}
