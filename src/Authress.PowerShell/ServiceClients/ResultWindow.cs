namespace Authress.PowerShell.ServiceClients;

/// <summary>Which results -Skip and -First let through, counted after the filters.</summary>
/// <param name="skip">How many to skip.</param>
/// <param name="first">How many to let through then.</param>
internal sealed class ResultWindow(ulong skip, ulong first)
{
    private ulong _skip = skip;
    private ulong _left = first;

    /// <summary>Whether every result after the skipped ones is let through.</summary>
    public bool IsUnlimited { get; } = first == ulong.MaxValue;

    /// <summary>Whether no result is let through any more.</summary>
    public bool IsFull => _left == 0;

    /// <summary>Counts a result.</summary>
    /// <returns>Whether it is let through.</returns>
    public bool Takes()
    {
        if (_skip > 0)
        {
            _skip--;
            return false;
        }

        _left--;
        return true;
    }
}
