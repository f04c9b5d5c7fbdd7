namespace Authress.PowerShell.ServiceClients;

/// <summary>Applies -Skip and -First to the results, after the filters.</summary>
/// <param name="skip">How many to skip.</param>
/// <param name="first">How many to return after that.</param>
internal sealed class ResultWindow(ulong skip, ulong first)
{
    private ulong _skip = skip;
    private ulong _left = first;

    /// <summary>Whether all results after the skipped ones are returned.</summary>
    public bool IsUnlimited { get; } = first == ulong.MaxValue;

    /// <summary>Whether no further result is returned.</summary>
    public bool IsFull => _left == 0;

    /// <summary>Counts a result.</summary>
    /// <returns>Whether it is returned.</returns>
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
