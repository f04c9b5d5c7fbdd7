namespace Authress.Client.ServiceClients;

/// <summary>The change to one field: a new value, or none.</summary>
/// <typeparam name="T">The field's type.</typeparam>
public readonly struct FieldChange<T>
{
    /// <summary>Sets the field, whatever it holds in Authress.</summary>
    /// <param name="value">The new value; null or empty clears it.</param>
    public FieldChange(T value)
    {
        Value = value;
        OriginalValue = value;
        IsGiven = true;
    }

    /// <summary>Sets a field that was edited in a fetched client.</summary>
    /// <param name="value">The edited value.</param>
    /// <param name="originalValue">The fetched value. It is a conflict if Authress has neither when the change is written.</param>
    public FieldChange(T value, T originalValue)
        : this(value)
    {
        OriginalValue = originalValue;
        HasOriginalValue = true;
    }

    /// <summary>Whether the field is set; false keeps it.</summary>
    public bool IsGiven { get; }

    /// <summary>The new value.</summary>
    public T Value { get; }

    /// <summary>Whether the fetched value is known.</summary>
    public bool HasOriginalValue { get; }

    /// <summary>The fetched value.</summary>
    public T OriginalValue { get; }
}
