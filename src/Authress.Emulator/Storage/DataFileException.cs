namespace Authress.Emulator.Storage;

/// <summary>The emulator's data file cannot be read as one. It is left as it is.</summary>
public sealed class DataFileException : Exception
{
    /// <summary>Makes an exception without a message.</summary>
    public DataFileException()
    {
    }

    /// <summary>Makes an exception with a message that names the file.</summary>
    public DataFileException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception with a message that names the file, and what was wrong with it.</summary>
    public DataFileException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
