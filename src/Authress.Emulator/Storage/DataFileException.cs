namespace Authress.Emulator.Storage;

/// <summary>The emulator's data file can't be read. It is not changed.</summary>
public sealed class DataFileException : Exception
{
    /// <summary>Creates an exception without a message.</summary>
    public DataFileException()
    {
    }

    /// <summary>Creates an exception with a message that names the file.</summary>
    public DataFileException(string message)
        : base(message)
    {
    }

    /// <summary>Creates an exception with a message that names the file and the problem, and with its cause.</summary>
    public DataFileException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
