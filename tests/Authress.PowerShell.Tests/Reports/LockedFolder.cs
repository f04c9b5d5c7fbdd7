namespace Authress.PowerShell.Tests.Reports;

/// <summary>A folder named locked that can't be listed. Who may list any, such as root, gets a link that leads to itself.</summary>
public sealed class LockedFolder : IDisposable
{
    private readonly string _path;
    private readonly bool _isLink;

    /// <summary>Makes one.</summary>
    /// <param name="parent">The folder that it is made in.</param>
    public LockedFolder(string parent)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has other permissions, and its links need a privilege.");
        _path = Path.Combine(parent, "locked");
        Directory.CreateDirectory(_path);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(_path, UnixFileMode.None);
        _isLink = CanList();
        if (!_isLink)
            return;
        Directory.Delete(_path);
        File.CreateSymbolicLink(_path, _path);
    }

    public void Dispose()
    {
        if (_isLink)
            File.Delete(_path);
        else
            Directory.Delete(_path);
    }

    private bool CanList()
    {
        try
        {
            return Directory.GetFiles(_path).Length == 0;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }
}
