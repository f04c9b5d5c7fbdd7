using System.Diagnostics;
using System.Management.Automation;

namespace Authress.PowerShell.Secrets;

/// <summary>Asks git about a file with a secret: whether it is tracked, or could be committed by accident.</summary>
internal static class GitWorkTree
{
    private const int IgnoredExitCode = 0;

    private static readonly string[] CheckIgnore = ["check-ignore", "--quiet"];
    private static readonly string[] LsFiles = ["--literal-pathspecs", "ls-files", "--error-unmatch"];

    // Set in a hook of git, and about another folder; or by the user, for other searches.
    private static readonly string[] Variables =
    [
        "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR", "GIT_CEILING_DIRECTORIES",
        "GIT_LITERAL_PATHSPECS", "GIT_GLOB_PATHSPECS", "GIT_NOGLOB_PATHSPECS", "GIT_ICASE_PATHSPECS",
    ];

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

    /// <summary>Finds git on PATH. By its full path: a search by name could begin in the current folder.</summary>
    /// <returns>Null if there is none.</returns>
    public static string? FindGit(PSCmdlet cmdlet) => (cmdlet.InvokeCommand.GetCommand("git", CommandTypes.Application) as ApplicationInfo)?.Path;

    /// <summary>Whether git tracks a file. Can be called on any thread.</summary>
    /// <param name="git">The path of git; null if there is none.</param>
    /// <param name="file">The full path.</param>
    /// <returns>Null if the file is in no work tree, or git does not answer.</returns>
    public static bool? IsTracked(string? git, string file)
    {
        if (git is null)
            return null;
        string real;
        try
        {
            real = FilePath.WithoutLinks(file);
        }
        catch (IOException)
        {
            return null;
        }

        return !IsInside(Path.GetDirectoryName(real)) ? null : Run(git, real, LsFiles) switch
        {
            0 => true,
            1 => false,
            _ => null,
        };
    }

    private static bool IsIgnored(PSCmdlet cmdlet, string file) => FindGit(cmdlet) is { } git && Run(git, file, CheckIgnore) == IgnoredExitCode;

    // Returns the exit code; null if git can't be started, or does not end.
    private static int? Run(string git, string file, string[] command)
    {
        // A monitor that the repository configures must not be started.
        string[] arguments = [.. command.Prepend("core.fsmonitor=false").Prepend("-c").Append("--").Append(Path.GetFileName(file))];
#if NET
        ProcessStartInfo start = new(git, arguments)
#else
        // On Windows no name has a quotation mark, or ends in a backslash.
        ProcessStartInfo start = new(git, string.Join(" ", arguments.Select(argument => $"\"{argument}\"")))
#endif
        {
            WorkingDirectory = Path.GetDirectoryName(file)!,
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        foreach (string variable in Variables)
            start.Environment.Remove(variable);
        try
        {
            using Process process = Process.Start(start)!;
            if (process.WaitForExit((int)Timeout.TotalMilliseconds))
                return process.ExitCode;
            process.Kill();
            return null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
