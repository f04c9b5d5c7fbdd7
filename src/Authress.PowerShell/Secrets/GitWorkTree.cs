using System.Diagnostics;
using System.Management.Automation;

namespace Authress.PowerShell.Secrets;

/// <summary>Finds out whether a file with a secret could be committed to a git repository by accident.</summary>
internal static class GitWorkTree
{
    private const int IgnoredExitCode = 0;

    // Much longer than git takes.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <summary>Whether a file lies in a work tree that does not ignore it. Without git on PATH, no rule is known, and none ignores it.</summary>
    /// <param name="cmdlet">The cmdlet, which finds git.</param>
    /// <param name="file">The full path.</param>
    public static bool MayCommit(PSCmdlet cmdlet, string file)
    {
        string real = FilePath.WithoutLinks(file);
        return IsInside(Path.GetDirectoryName(real)) && !IsIgnored(cmdlet, real);
    }

    // A linked work tree has a file of that name.
    private static bool IsInside(string? folder)
    {
        for (; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            string repository = Path.Combine(folder, ".git");
            if (Directory.Exists(repository) || File.Exists(repository))
                return true;
        }

        return false;
    }

    private static bool IsIgnored(PSCmdlet cmdlet, string file)
    {
        // By its full path: a search by name could begin in the current folder.
        if (cmdlet.InvokeCommand.GetCommand("git", CommandTypes.Application) is not ApplicationInfo git)
            return false;
        string name = Path.GetFileName(file).Replace("\"", "\\\"");

        // A monitor that the repository configures must not be started.
        ProcessStartInfo start = new(git.Path, string.Join(" ", ["-c", "core.fsmonitor=false", "check-ignore", "--quiet", "--", $"\"{name}\""]))
        {
            WorkingDirectory = Path.GetDirectoryName(file)!,
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using Process process = Process.Start(start)!;
            if (process.WaitForExit((int)Timeout.TotalMilliseconds))
                return process.ExitCode == IgnoredExitCode;
            process.Kill();
            return false;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // git can't be started, so its rules are not known.
            return false;
        }
    }
}
