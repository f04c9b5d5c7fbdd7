using System.Diagnostics;
using Authress.Emulator.Faults;
using Authress.PowerShell.Tests.Hosting;

namespace Authress.PowerShell.Tests.AccessKeys;

/// <summary>Disks that are full or can't be written to, linked folders, an end half-way, and who could read the file meanwhile.</summary>
public sealed partial class OutFileTests
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    [Fact]
    public void Returns_the_key_and_leaves_no_partial_file_on_a_full_disk()
    {
        using Mount disk = Mount.Create("size=16k");
        string path = Path.Combine(disk.Folder, "client.key");

        // Full once the file has been begun, so that the request has gone out.
        _account.Server.FaultSource = (method, _) =>
        {
            if (method == "POST")
                Fill(disk.Folder);
            return null;
        };
        ShellResult result = _account.Run($"New-AuthressAccessKey {_client} -OutFile '{path}'");
        Assert.Equal("SecretNotSaved", result.ErrorId);
        Assert.Contains(". The cmdlet returns", result.Errors[0].ToString(), StringComparison.Ordinal);
        string key = Shell.Reveal(result.Single.Properties["AccessKey"].Value);
        Assert.Single(_account.Server.FindClient(_client)!.Keys);
        Assert.StartsWith(_client + ".", key, StringComparison.Ordinal);
        Assert.Same(result.Single.BaseObject, Unwrap(result.Errors[0].TargetObject));
        Assert.Equal([Path.Combine(disk.Folder, "ballast")], Directory.GetFileSystemEntries(disk.Folder));
    }

    [Fact]
    public void Keeps_the_old_file_on_a_full_disk()
    {
        using Mount disk = Mount.Create("size=16k");
        string path = Path.Combine(disk.Folder, "client.key");
        System.IO.File.WriteAllText(path, "precious");
        _account.Server.FaultSource = (method, _) =>
        {
            if (method == "POST")
                Fill(disk.Folder);
            return null;
        };
        ShellResult result = _account.Run($"New-AuthressAccessKey {_client} -OutFile '{path}' -Force");
        Assert.Equal("SecretNotSaved", result.ErrorId);
        Assert.NotNull(result.Single.Properties["AccessKey"].Value);
        Assert.Equal("precious", System.IO.File.ReadAllText(path));
        Assert.Equal(2, Directory.GetFileSystemEntries(disk.Folder).Length);
    }

    [Fact]
    public void Creates_no_key_on_a_read_only_disk()
    {
        using Mount disk = Mount.Create("size=16k,ro");
        Assert.Equal("DestinationUnusable", _account.Run($"New-AuthressAccessKey {_client} -OutFile '{Path.Combine(disk.Folder, "client.key")}'").ErrorId);
        Assert.Empty(_account.Changes);
    }

    [Fact]
    public void Creates_no_key_if_the_path_is_a_link_to_a_folder()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Making a link needs a privilege on Windows.");
        string target = Directory.CreateDirectory(Path.Combine(_folder, "inner")).FullName;
        Directory.CreateSymbolicLink(File, target);
        Assert.Equal("DestinationUnusable", _account.Run($"New-AuthressAccessKey {_client} -OutFile '{File}' -Force").ErrorId);
        Assert.Empty(Directory.GetFileSystemEntries(target));
        Assert.Empty(_account.Changes);
    }

    [Fact]
    public void Writes_into_the_target_of_a_linked_folder()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Making a link needs a privilege on Windows.");
        string target = Directory.CreateDirectory(Path.Combine(_folder, "inner")).FullName;
        Directory.CreateSymbolicLink(Path.Combine(_folder, "link"), target);
        _account.Run($"New-AuthressAccessKey {_client} -OutFile '{Path.Combine(_folder, "link", "client.key")}'").Ok();
        Assert.Equal([Path.Combine(target, "client.key")], Directory.GetFileSystemEntries(target));
    }

    [Fact]
    public async Task The_file_is_readable_by_its_owner_alone_and_complete_at_every_moment()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has access lists instead of modes.");
        using CancellationTokenSource end = new();
        HashSet<UnixFileMode> modes = [];
        HashSet<long> lengths = [];
        Task watch = Task.Run(() =>
        {
            while (!end.IsCancellationRequested)
            {
                foreach (FileInfo file in new DirectoryInfo(_folder).EnumerateFiles("*", new EnumerationOptions { AttributesToSkip = FileAttributes.None }))
                {
                    try
                    {
                        // A file that has just got its other name has no mode.
                        if (file.UnixFileMode is var mode && (int)mode != -1)
                            modes.Add(mode);
                        if (file.Name == "client.key")
                            lengths.Add(new FileInfo(file.FullName).Length);
                    }
                    catch (FileNotFoundException)
                    {
                        // It has got its name in between; the next look sees it.
                    }
                }
            }
        });
        string key = string.Empty;
        for (int i = 0; i < 4; i++)
            key = Shell.Reveal(_account.Run($"New-AuthressAccessKey {_client} -OutFile '{File}' -Force").Ok().Single.Properties["AccessKey"].Value);
        await end.CancelAsync();
        await watch;
        Assert.Equal([Owner], modes);
        Assert.Equal([key.Length], lengths);
    }

    [Fact]
    public async Task A_killed_process_leaves_no_partial_file_under_the_name()
    {
        TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _account.Server.FaultSource = (method, _) =>
        {
            if (method != "POST")
                return null;
            asked.TrySetResult();
            return new DelayFault(60_000);
        };
        string script = Path.Combine(_folder, "script.ps1");
        await System.IO.File.WriteAllTextAsync(script, $"Import-Module '{Shell.ModuleManifest}'; Connect-Authress; New-AuthressAccessKey {_client} -OutFile '{File}'");
        ProcessStartInfo start = PinnedShell.Pwsh.Start("-NoProfile", "-NonInteractive", "-File", script);
        start.Environment["AUTHRESS_API_URL"] = _account.Server.ApiUrl.ToString();
        start.Environment["AUTHRESS_KEY"] = _account.Server.AccessKey;
        using Process process = Process.Start(start)!;
        await asked.Task.WaitAsync(TimeSpan.FromMinutes(1));
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();

        Assert.False(System.IO.File.Exists(File));
        string draft = Assert.Single(Directory.GetFiles(_folder), path => path != script);
        Assert.Equal(0, new FileInfo(draft).Length);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(Owner, System.IO.File.GetUnixFileMode(draft));

        // The next run removes it.
        _account.Server.FaultSource = null;
        _account.Run($"New-AuthressAccessKey {_client} -OutFile '{File}'").Ok();
        Assert.Equal([File, script], Directory.GetFiles(_folder).Order());
    }

    private static object? Unwrap(object? value) => value is System.Management.Automation.PSObject wrapped ? wrapped.BaseObject : value;

    private static void Fill(string folder)
    {
        using FileStream ballast = new(Path.Combine(folder, "ballast"), FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
        try
        {
            while (true)
                ballast.Write(new byte[512]);
        }
        catch (IOException)
        {
            // Now it is full.
        }
    }

    /// <summary>A small disk in memory, which only root can have and not in every container.</summary>
    private sealed class Mount : IDisposable
    {
        private Mount(string folder) => Folder = folder;

        public string Folder { get; }

        public static Mount Create(string options)
        {
            Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only root on Linux can mount a small disk, and a permission alone does not stop root.");
            string folder = Directory.CreateTempSubdirectory("authress-disk-").FullName;
            if (!Run("mount", "-t", "tmpfs", "-o", options, "tmpfs", folder))
            {
                Directory.Delete(folder);
                Assert.Skip("This container does not allow a mount.");
            }

            return new Mount(folder);
        }

        public void Dispose()
        {
            Assert.True(Run("umount", Folder));
            Directory.Delete(Folder);
        }

        private static bool Run(string program, params string[] arguments)
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
    }
}
