using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Authress.PowerShell.Tests.Hosting;

namespace Authress.PowerShell.Tests.AccessKeys;

/// <summary>What stays of a file that is replaced: who can use it, and a link to it. What a killed process left beside it does not.</summary>
public sealed partial class OutFileTests
{
    private const string OnlyUnix = "Windows has access lists instead of owners and modes, and a link needs a privilege there.";
    private const UnixFileMode ForGroup = Owner | UnixFileMode.GroupRead;

    [Theory]
    [InlineData("New-AuthressAccessKey {0} -OutFile '{1}' -Force")]
    [InlineData("Start-AuthressAccessKeyRotation {0} -OutFile '{1}' -WithoutJournal -Confirm:$false")]
    public void Keeps_owner_group_and_mode_of_a_file_that_it_replaces(string script)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), OnlyUnix);
        if (OperatingSystem.IsWindows())
            return;
        System.IO.File.WriteAllText(File, _account.Server.IssueAccessKey(_client));
        string group = Output("id", "-G").Split(' ')[^1];
        string owner = Environment.IsPrivilegedProcess ? "12345:23456" : $"{Output("id", "-u")}:{group}";
        Output("chown", owner, File);
        System.IO.File.SetUnixFileMode(File, ForGroup);
        string before = System.IO.File.ReadAllText(File);

        ShellResult result = _account.Run(string.Format(null, script, _client, File)).Ok();
        Assert.NotEqual(before, System.IO.File.ReadAllText(File));
        Assert.Equal(owner, OwnerOf(File));
        Assert.Equal(ForGroup, System.IO.File.GetUnixFileMode(File));
        Assert.Empty(result.Warnings);
        if (script.StartsWith("Start", StringComparison.Ordinal))
            Assert.Equal(Owner, System.IO.File.GetUnixFileMode(File + ".rotation"));
    }

    [Fact]
    public void Warns_if_all_users_can_read_the_file_that_it_replaces()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), OnlyUnix);
        System.IO.File.WriteAllText(File, "old");
        if (!OperatingSystem.IsWindows())
            System.IO.File.SetUnixFileMode(File, ForGroup | UnixFileMode.OtherRead);
        Assert.Single(_account.Run($"New-AuthressAccessKey {_client} -OutFile '{File}' -Force").Ok().Warnings);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(ForGroup | UnixFileMode.OtherRead, System.IO.File.GetUnixFileMode(File));
    }

    [Theory]
    [InlineData("New-AuthressAccessKey {0} -OutFile '{1}' -Force", "DestinationUnusable")]
    [InlineData("Start-AuthressAccessKeyRotation {0} -OutFile '{1}' -WithoutJournal -Confirm:$false", "RotationDestinationFailed")]
    public async Task Creates_no_key_if_the_owner_cannot_be_kept(string command, string errorId)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only root can make a file of another user.");
        string key = _account.Server.IssueAccessKey(_client);
        await System.IO.File.WriteAllTextAsync(File, key);
        Output("chown", "12345:23456", File);
        string script = Path.Combine(_folder, "script.ps1");
        await System.IO.File.WriteAllTextAsync(script, $"Import-Module '{Shell.ModuleManifest}'; Connect-Authress; {string.Format(null, command, _client, File)} -ErrorVariable failed -ErrorAction SilentlyContinue; $failed[0].FullyQualifiedErrorId");

        // Root may give files away, unless it has lost just that capability.
        ProcessStartInfo start = PinnedShell.Pwsh.Start("-NoProfile", "-NonInteractive", "-File", script);
        start.ArgumentList.Insert(0, start.FileName);
        start.ArgumentList.Insert(0, "--bounding-set=-chown");
        start.FileName = "setpriv";
        start.RedirectStandardOutput = true;
        start.Environment["AUTHRESS_API_URL"] = _account.Server.ApiUrl.ToString();
        start.Environment["AUTHRESS_KEY"] = _account.Server.AccessKey;
        using Process process = Process.Start(start)!;
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.StartsWith(errorId + ",", output.Trim(), StringComparison.Ordinal);
        Assert.Empty(_account.Changes);
        Assert.Equal(key, await System.IO.File.ReadAllTextAsync(File));
        Assert.Empty(Drafts());
    }

    [Fact]
    public void Keeps_the_access_list_of_a_file_that_it_replaces()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has access lists of this form.");
        System.IO.File.WriteAllText(File, "old");
        byte[] list = AccessList(12345);
        Assert.SkipUnless(SetXAttr(File, "system.posix_acl_access", list, list.Length, 0) == 0, "This file system keeps no access lists.");
        _account.Run($"New-AuthressAccessKey {_client} -OutFile '{File}' -Force").Ok();
        byte[] kept = new byte[list.Length];
        Assert.Equal(list.Length, GetXAttr(File, "system.posix_acl_access", kept, kept.Length));
        Assert.Equal(list, kept);
    }

    [Fact]
    public void Gives_no_user_access_whom_only_the_folder_names()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has access lists of this form.");
        System.IO.File.WriteAllText(File, "old");
        Output("chmod", "640", File);
        byte[] list = AccessList(12345);
        Assert.SkipUnless(SetXAttr(_folder, "system.posix_acl_default", list, list.Length, 0) == 0, "This file system keeps no access lists.");
        _account.Run($"New-AuthressAccessKey {_client} -OutFile '{File}' -Force").Ok();
        Assert.Equal(-1, GetXAttr(File, "system.posix_acl_access", list, list.Length));
    }

    [Fact]
    public void Keeps_nothing_of_a_file_that_any_user_may_have_put_there()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), OnlyUnix);
        Output("chmod", "1777", _folder);
        System.IO.File.WriteAllText(File, "old");
        Output("chmod", "666", File);
        _account.Run($"New-AuthressAccessKey {_client} -OutFile '{File}' -Force").Ok();
        if (!OperatingSystem.IsWindows())
            Assert.Equal(Owner, System.IO.File.GetUnixFileMode(File));
    }

    [Theory]
    [InlineData("elsewhere/real.key")]
    [InlineData("linked/../real.key")]
    [InlineData("second")]
    public void Writes_the_target_of_a_link_and_keeps_the_link(string target)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), OnlyUnix);

        // The folder that ".." leads to is the one that the link before it is in.
        string elsewhere = Directory.CreateDirectory(Path.Combine(_folder, "elsewhere", "inner")).Parent!.FullName;
        Directory.CreateSymbolicLink(Path.Combine(_folder, "linked"), "elsewhere/inner");
        System.IO.File.CreateSymbolicLink(Path.Combine(_folder, "second"), "elsewhere/real.key");
        string real = Path.Combine(elsewhere, "real.key");
        System.IO.File.WriteAllText(real, "old");
        System.IO.File.CreateSymbolicLink(File, target);
        Assert.Equal("DestinationUnusable", _account.Run($"New-AuthressAccessKey {_client} -OutFile '{File}'").ErrorId);
        Assert.Empty(_account.Changes);

        string key = Shell.Reveal(_account.Run($"New-AuthressAccessKey {_client} -OutFile '{File}' -Force").Ok().Single.Properties["AccessKey"].Value);
        Assert.Equal(key, System.IO.File.ReadAllText(real));
        Assert.Equal(target, new FileInfo(File).LinkTarget);
        Assert.Equal([real], Directory.GetFiles(elsewhere));

        // Both paths are one destination.
        _account.Shell.Set("rows", new[] { File, real }.Select(path => new { ClientId = _client, OutFile = path }).ToArray());
        Assert.Equal("DestinationTaken", _account.Run("$rows | New-AuthressAccessKey -Force").ErrorId);
    }

    [Theory]
    [InlineData("nowhere", "700")]
    [InlineData("client.key", "700")]
    [InlineData("real.key", "1777")]
    public void Creates_no_key_for_a_link_that_can_not_be_followed(string target, string folderMode)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), OnlyUnix);
        string key = _account.Server.IssueAccessKey(_client);
        System.IO.File.WriteAllText(Path.Combine(_folder, "real.key"), key);
        System.IO.File.CreateSymbolicLink(File, target);
        Output("chmod", folderMode, _folder);
        foreach (string force in (string[])["", "-Force"])
            Assert.Equal("DestinationUnusable", _account.Run($"New-AuthressAccessKey {_client} -OutFile '{File}' {force}").ErrorId);
        Assert.Equal("RotationDestinationFailed", _account.Run($"Start-AuthressAccessKeyRotation {_client} -OutFile '{File}' -WithoutJournal -Confirm:$false").ErrorId);
        Assert.Equal(key, System.IO.File.ReadAllText(Path.Combine(_folder, "real.key")));
        Assert.Equal(target, new FileInfo(File).LinkTarget);
        Assert.Empty(Drafts());
        Assert.Empty(_account.Changes);
    }

    [Fact]
    public void Removes_drafts_that_no_process_holds()
    {
        string Beside(string name) => Path.Combine(_folder, name);
        string id = Guid.NewGuid().ToString("N");
        string left = Beside($".client.key.{id}");
        string held = Beside($".client.key.{Guid.NewGuid():N}");
        string[] others = [held, .. new[] { $".client.key.{id}0", $".client.key.{id[1..]}", $".client.key.{id[1..]}G", $".client.key.{id[1..]}.", $".client2.key.{id}", $"client.key.{id}" }.Select(Beside)];
        foreach (string file in (string[])[left, .. others])
        {
            System.IO.File.WriteAllText(file, "a key");
            System.IO.File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddDays(-1));
        }

        using (new FileStream(held, FileMode.Open, FileAccess.Write, FileShare.None))
            _account.Run($"New-AuthressAccessKey {_client} -OutFile '{File}'").Ok();
        Assert.Equal([.. ((string[])[File, .. others]).Order(StringComparer.Ordinal)], Directory.GetFiles(_folder).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_draft_in_use_is_never_taken_for_a_leftover()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows does not rename a locked file; its age protects it there.");
        using CancellationTokenSource end = new();
        Task others = Task.Run(() =>
        {
            // As other runs do, but without pause.
            EnumerationOptions all = new() { AttributesToSkip = FileAttributes.None };
            while (!end.IsCancellationRequested)
            {
                foreach (string draft in Directory.GetFiles(_folder, ".client.key.*", all))
                {
                    try
                    {
                        new FileStream(draft, FileMode.Open, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose).Dispose();
                    }
                    catch (IOException)
                    {
                        // In use.
                    }
                }
            }
        });
        for (int i = 0; i < 50; i++)
        {
            string client = _account.Seed();
            _account.Run($"New-AuthressAccessKey {client} -OutFile '{File}' -Force").Ok();
        }

        await end.CancelAsync();
        await others;
    }

    [Fact]
    public async Task The_file_can_be_read_at_every_moment()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows may refuse to open a file while it is replaced.");
        await System.IO.File.WriteAllTextAsync(File, _client + ".old");
        using CancellationTokenSource end = new();
        Task service = Task.Run(() =>
        {
            while (!end.IsCancellationRequested)
                Assert.StartsWith(_client + ".", System.IO.File.ReadAllText(File), StringComparison.Ordinal);
        });
        for (int i = 0; i < 50 && !service.IsCompleted; i++)
            _account.Run($"New-AuthressAccessKey {_client} -OutFile '{File}' -Force | Remove-AuthressAccessKey -Confirm:$false").Ok();
        await end.CancelAsync();
        await service;
    }

    [Fact]
    public void Syncs_the_folder_after_the_file_has_its_name()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux reports that a folder is opened.");
        const uint opened = 0x20, movedTo = 0x80, folder = 0x40000000;
        System.IO.File.WriteAllText(File, "old");
        int queue = InotifyInit(0x800);
        using Microsoft.Win32.SafeHandles.SafeFileHandle handle = new(queue, ownsHandle: true);
        Assert.NotEqual(-1, InotifyAddWatch(queue, _folder, opened | movedTo));
        _account.Run($"New-AuthressAccessKey {_client} -OutFile '{File}' -Force").Ok();

        byte[] events = new byte[64 * 1024];
        int length = (int)Read(queue, events, events.Length);
        List<uint> masks = [];
        for (int at = 0; at < length; at += 16 + BinaryPrimitives.ReadInt32LittleEndian(events.AsSpan(at + 12)))
            masks.Add(BinaryPrimitives.ReadUInt32LittleEndian(events.AsSpan(at + 4)));
        Assert.Contains(opened | folder, masks.SkipWhile(mask => mask != movedTo));
    }

    // Its owner, a user, nobody of the group and nobody else.
    private static byte[] AccessList(int userId)
    {
        (short Tag, short Access, int Id)[] entries = [(1, 6, -1), (2, 4, userId), (4, 0, -1), (16, 4, -1), (32, 0, -1)];
        return [.. BitConverter.GetBytes(2), .. entries.SelectMany(entry => (byte[])[.. BitConverter.GetBytes(entry.Tag), .. BitConverter.GetBytes(entry.Access), .. BitConverter.GetBytes(entry.Id)])];
    }

    private string[] Drafts() => [.. Directory.GetFiles(_folder).Where(file => Path.GetFileName(file)[0] == '.')];

    private string OwnerOf(string file) => (string)_account.Run($"$owner = (Get-Item '{file}').UnixStat; \"$($owner.UserId):$($owner.GroupId)\"").Ok().Single.BaseObject;

    private static string Output(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output.Trim();
    }

    [DllImport("libc", EntryPoint = "setxattr", BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern int SetXAttr([MarshalAs(UnmanagedType.LPUTF8Str)] string path, [MarshalAs(UnmanagedType.LPUTF8Str)] string name, byte[] value, nint length, int flags);

    [DllImport("libc", EntryPoint = "getxattr", BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern nint GetXAttr([MarshalAs(UnmanagedType.LPUTF8Str)] string path, [MarshalAs(UnmanagedType.LPUTF8Str)] string name, [Out] byte[] value, nint length);

    [DllImport("libc", EntryPoint = "inotify_init1")]
    private static extern int InotifyInit(int flags);

    [DllImport("libc", EntryPoint = "inotify_add_watch", BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern int InotifyAddWatch(int queue, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, uint mask);

    [DllImport("libc", EntryPoint = "read")]
    private static extern nint Read(int file, [Out] byte[] buffer, nint length);
}
