namespace Authress.Client.Rotations;

/// <summary>The journal can't be read or written.</summary>
public sealed class JournalException : IOException
{
    /// <summary>Creates one.</summary>
    /// <param name="place">The file, folder or secret.</param>
    /// <param name="cause">The failure.</param>
    public JournalException(string place, Exception cause)
        : base(InvariantText.Format(Messages.JournalUnusable, place, cause.Message), cause)
    {
        Place = place;
        Reason = cause.Message;
    }

    /// <summary>The file, folder or secret.</summary>
    public string Place { get; }

    /// <summary>What failed.</summary>
    public string Reason { get; }
}
