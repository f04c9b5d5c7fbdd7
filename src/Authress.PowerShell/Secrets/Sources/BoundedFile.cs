namespace Authress.PowerShell.Secrets.Sources;

/// <summary>Reads a small text file: one that holds an access key, a record of a rotation, or exceptions.</summary>
internal static class BoundedFile
{
    // Much longer than an access key or a record, and enough for hundreds of exceptions.
    private const int MaximumLength = 64 * 1024;

    /// <summary>Reads the text.</summary>
    /// <param name="file">The full path.</param>
    /// <exception cref="IOException">It can't be read or is too long. The length is not checked beforehand, because a device has none.</exception>
    public static string Read(string file)
    {
        using StreamReader reader = new(file);
        char[] text = new char[MaximumLength + 1];
        int length = reader.ReadBlock(text, 0, text.Length);
        return length <= MaximumLength ? new string(text, 0, length) : throw new IOException(InvariantText.Format(Messages.FileTooLong, MaximumLength));
    }
}
