#if NET
using System.Globalization;
#endif
using System.Management.Automation;
using Authress.PowerShell.Errors;
using Authress.PowerShell.Secrets;

namespace Authress.PowerShell.Connections;

/// <summary>A text file with an access key in it.</summary>
internal static class KeyFile
{
    // Far more than a key of either form takes; a file of that size is something else.
    private const int MaximumLength = 64 * 1024;

    /// <summary>Reads the key. Warns where other users of the machine can read it too.</summary>
    public static string Read(PSCmdlet cmdlet, string path)
    {
        try
        {
            string file = FilePath.Resolve(cmdlet, path);
            string key = ReadBounded(file);
#if NET
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & (UnixFileMode.GroupRead | UnixFileMode.OtherRead)) != 0)
                cmdlet.WriteWarning(PrintableText.Escape(string.Format(CultureInfo.CurrentCulture, Messages.KeyFileExposed, file)));
#endif
            return key;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            cmdlet.ThrowTerminatingError(ErrorFactory.KeyFileUnreadable(path, e));
            throw;
        }
    }

    // The length that a file tells is no bound: a device tells none and never ends.
    private static string ReadBounded(string file)
    {
        using StreamReader reader = new(file);
        char[] text = new char[MaximumLength + 1];
        int length = reader.ReadBlock(text, 0, text.Length);
        return length <= MaximumLength ? new string(text, 0, length) : throw new IOException(FormattableString.Invariant($"It has more than {MaximumLength:N0} characters, which no access key has."));
    }
}
