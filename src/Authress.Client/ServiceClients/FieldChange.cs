namespace Authress.Client.ServiceClients;

/// <summary>What becomes of one field: kept, or set to a value.</summary>
/// <typeparam name="T">The field's type.</typeparam>
public readonly struct FieldChange<T>
{
    /// <summary>Sets the field.</summary>
    /// <param name="value">The new value; null or empty clears it.</param>
    public FieldChange(T value)
    {
        Value = value;
        Basis = value;
        IsGiven = true;
    }

    /// <summary>Sets a field that somebody edited.</summary>
    /// <param name="value">What it was edited to.</param>
    /// <param name="basis">What it was when it was fetched. If Authress now holds neither, two people changed it.</param>
    public FieldChange(T value, T basis)
        : this(value)
    {
        Basis = basis;
        HasBasis = true;
    }

    /// <summary>Whether the field is set; false keeps it.</summary>
    public bool IsGiven { get; }

    /// <summary>The new value.</summary>
    public T Value { get; }

    /// <summary>Whether it is known what the field was when it was fetched.</summary>
    public bool HasBasis { get; }

    /// <summary>What the field was when it was fetched.</summary>
    public T Basis { get; }

    /// <summary>The new value, or else the present one.</summary>
    public T Or(T present) => IsGiven ? Value : present;
}
