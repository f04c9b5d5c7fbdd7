using System.Management.Automation;
using Authress.Client.ServiceClients;
using Authress.PowerShell.Binding;

namespace Authress.PowerShell.ServiceClients;

/// <summary>The field values of a command line or a piped record. Null and empty mean not given.</summary>
internal sealed class GivenFields
{
    private readonly Dictionary<ServiceClientField, object> _values = [];

    /// <summary>The value of a field; null if none is given.</summary>
    public object? this[ServiceClientField field]
    {
        get => _values.TryGetValue(field, out object? value) ? value : null;
        set
        {
            if (value is null || field.IsEmpty(value))
                _values.Remove(field);
            else
                _values[field] = value;
        }
    }

    /// <summary>Sets the given fields in a change, over any edits in it, and the grants in a row's options, where it has the API's own form.</summary>
    public void AddTo(ServiceClientChange change, PSObject? row)
    {
        foreach (KeyValuePair<ServiceClientField, bool> grant in ApiOptions.Read(row))
            change.Set(grant.Key, grant.Value);
        foreach (KeyValuePair<ServiceClientField, object> given in _values)
            change.Set(given.Key, given.Value);
    }

    /// <summary>Sets the given fields in a change and clears others, over any edits in it.</summary>
    /// <param name="change">The change.</param>
    /// <param name="row">The piped row; null where there is none.</param>
    /// <param name="clear">The fields to clear.</param>
    /// <param name="twice">The first field that is both set and cleared.</param>
    /// <returns>Whether there is no such field.</returns>
    public bool TryAddTo(ServiceClientChange change, PSObject? row, ClearableField[] clear, out string twice)
    {
        AddTo(change, row);
        ServiceClientField[] cleared = [.. clear.Select(name => ServiceClientFields.Find(name.ToString()))];
        twice = cleared.FirstOrDefault(_values.ContainsKey)?.Name ?? string.Empty;
        foreach (ServiceClientField field in cleared)
            change.Clear(field);
        return twice.Length == 0;
    }
}
