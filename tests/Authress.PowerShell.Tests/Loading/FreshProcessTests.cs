using System.Reflection;
using System.Reflection.Emit;
using Authress.Emulator;
using Authress.PowerShell.Tests.Hosting;

namespace Authress.PowerShell.Tests.Loading;

/// <summary>
/// The module in a process in which nothing has been loaded yet, beside another module's library of the same name and
/// another version: neither breaks the other, whichever came first.
/// </summary>
public sealed class FreshProcessTests : IAsyncLifetime
{
    private static readonly Dictionary<string, string> Orders = new()
    {
        ["before the import"] = "$stub; $import; $connect; $call; $askStub; $contexts",
        ["after the import"] = "$import; $stub; $connect; $call; $askStub; $contexts",
        ["after the first call"] = "$import; $connect; $call; $stub; $call; $askStub; $contexts",
    };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("authress-tests-");
    private EmulatorServer _server = null!;

    public static TheoryData<string> Moments => [.. Orders.Keys];

    public async ValueTask InitializeAsync() => _server = await EmulatorServer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [MemberData(nameof(Moments))]
    public async Task Works_beside_another_version_of_a_library_that_is_loaded(string when)
    {
        string[] lines = await RunAsync(Fill(Orders[when]));
        Assert.All(lines.Where(line => line.StartsWith("clients ", StringComparison.Ordinal)), line => Assert.Equal("clients 1", line));
        Assert.Contains("clients 1", lines);
        Assert.Contains("the stub answers", lines);
        Assert.Equal(
            ["RestSharp 50.0.0.0 in Default", $"RestSharp {AssemblyName.GetAssemblyName(Shipped("dependencies/RestSharp.dll")).Version} in Authress"],
            lines.Where(line => line.StartsWith("RestSharp ", StringComparison.Ordinal)).OrderByDescending(line => line.EndsWith("Default", StringComparison.Ordinal)));
        Assert.Contains(lines, line => line.StartsWith("Authress.PowerShell ", StringComparison.Ordinal) && line.EndsWith("in Default", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("Authress.Models ", StringComparison.Ordinal) && line.EndsWith("in Default", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("Authress.Client ", StringComparison.Ordinal) && line.EndsWith("in Authress", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Loads_no_dependency_at_import()
    {
        string[] lines = await RunAsync(Fill("$import; $contexts"));
        Assert.Contains(lines, line => line.StartsWith("Authress.PowerShell ", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.StartsWith("Authress.Client ", StringComparison.Ordinal) || line.StartsWith("RestSharp ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_script_can_name_the_types_before_its_first_call() =>
        Assert.Contains("env=prod", await RunAsync(Fill("$import; [Authress.TagMap]::Parse('env=prod').ToString()")));

    [Fact]
    public async Task Can_be_imported_twice_removed_and_imported_again_and_in_other_sessions()
    {
        string[] lines = await RunAsync(Fill("""
            $import; $import -Force; $import -Force; $connect; $call
            Remove-Module Authress; $import; $connect; $call
            $session = [runspacefactory]::CreateRunspace([initialsessionstate]::CreateDefault2()); $session.Open()
            $second = [powershell]::Create($session)
            $null = $second.AddScript({ param($module, $url, $text) Import-Module $module; $key = [securestring]::new(); $text.ToCharArray() | ForEach-Object { $key.AppendChar($_) }; Connect-Authress $url $key; "clients $(@(Get-AuthressServiceClient).Count)" }).AddArgument($module).AddArgument($url).AddArgument($text)
            $second.Invoke(); $second.Dispose(); $session.Dispose()
            $mine = Get-AuthressConnection
            1..4 | ForEach-Object -Parallel { Import-Module $using:module; "clients $(@(Get-AuthressServiceClient -Connection $using:mine).Count)" } -ThrottleLimit 2
            $call; $contexts
            """));
        Assert.Equal(8, lines.Count(line => line == "clients 1"));
        Assert.Single(lines, line => line.StartsWith("Authress.Client ", StringComparison.Ordinal));
        Assert.Single(lines, line => line.StartsWith("Authress.PowerShell ", StringComparison.Ordinal));
    }

    // The view of a client shows its keys only if PowerShell found the module's types.
    [Theory]
    [InlineData("with space")]
    [InlineData("it's")]
    [InlineData("[1] beta")]
    [InlineData("Müller 日本")]
    [InlineData("$home`n")]
    public async Task Can_be_imported_from_a_folder_of_any_name(string name)
    {
        string folder = Path.Combine(_folder.FullName, name, "Authress");
        foreach (string file in Directory.EnumerateFiles(Shell.ModuleFolder, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(folder, Path.GetRelativePath(Shell.ModuleFolder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        string path = Path.Combine(folder, "Authress.psd1").Replace("'", "''", StringComparison.Ordinal);
        string[] lines = await RunAsync(Fill($"Import-Module ([WildcardPattern]::Escape('{path}')); $connect; $call; (Get-AuthressServiceClient | Out-String) -match '1/5'"));
        Assert.Equal(["clients 1", "True"], lines);
    }

    private static string Shipped(string file) => Path.Combine(Shell.ModuleFolder, "net8.0", file);

    private string Fill(string order) => order
        .Replace("$import", $"Import-Module '{Shell.ModuleManifest}'", StringComparison.Ordinal)
        .Replace("$stub", $"$null = [System.Reflection.Assembly]::LoadFrom('{Stub()}')", StringComparison.Ordinal)
        .Replace("$askStub", "[RestSharp.Stub]::Answer()", StringComparison.Ordinal)
        .Replace("$connect", "$key = [securestring]::new(); $text.ToCharArray() | ForEach-Object { $key.AppendChar($_) }; Connect-Authress $url $key", StringComparison.Ordinal)
        .Replace("$call", "\"clients $(@(Get-AuthressServiceClient).Count)\"", StringComparison.Ordinal)
        .Replace("$contexts", "[AppDomain]::CurrentDomain.GetAssemblies() | ForEach-Object { $name = $_.GetName(); if ($name.Name -like 'Authress*' -or $name.Name -eq 'RestSharp') { \"$($name.Name) $($name.Version) in $([System.Runtime.Loader.AssemblyLoadContext]::GetLoadContext($_).Name)\" } }", StringComparison.Ordinal);

    // Another module's library: a name that the module ships too, in a version that it does not.
    private string Stub()
    {
        string file = Path.Combine(_folder.FullName, "RestSharp.dll");
        if (File.Exists(file))
            return file;
        PersistedAssemblyBuilder assembly = new(new AssemblyName("RestSharp") { Version = new Version(50, 0, 0, 0) }, typeof(object).Assembly);
        TypeBuilder type = assembly.DefineDynamicModule("RestSharp").DefineType("RestSharp.Stub", TypeAttributes.Public | TypeAttributes.Class);
        ILGenerator body = type.DefineMethod("Answer", MethodAttributes.Public | MethodAttributes.Static, typeof(string), []).GetILGenerator();
        body.Emit(OpCodes.Ldstr, "the stub answers");
        body.Emit(OpCodes.Ret);
        type.CreateType();
        assembly.Save(file);
        return file;
    }

    private async Task<string[]> RunAsync(string script)
    {
        string file = Path.Combine(_folder.FullName, "script.ps1");
        await File.WriteAllTextAsync(file, $"$ErrorActionPreference = 'Stop'; $module = '{Shell.ModuleManifest}'; $url = $env:TEST_URL; $text = $env:TEST_KEY\n{script}");
        Dictionary<string, string> environment = new()
        {
            ["TEST_URL"] = _server.ApiUrl.ToString(),
            ["TEST_KEY"] = _server.AccessKey,
            // A shell compiles in the background the methods that an earlier shell used, and that can load the client library.
            // The runtime doesn't do so with fewer processors than this.
            ["DOTNET_MultiCoreJitMinNumCpus"] = "7FFFFFFF",
        };
        ProcessResult result = await ChildProcess.RunScriptAsync(file, environment);
        Assert.True(result.ExitCode == 0, result.Error);
        return result.Lines;
    }
}
