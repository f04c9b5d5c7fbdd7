using System.Reflection;
using System.Runtime.Loader;
using Authress.PowerShell.Tests.Hosting;

namespace Authress.PowerShell.Tests.Loading;

public sealed class IsolationTests : IAsyncLifetime
{
    private readonly Account _account = new();

    public async ValueTask InitializeAsync()
    {
        await _account.InitializeAsync();
        // A call, so that all that is loaded lazily has been.
        _account.Run("Get-AuthressServiceClient").Ok();
    }

    public ValueTask DisposeAsync() => _account.DisposeAsync();

    [Theory]
    [InlineData("Authress.PowerShell")]
    [InlineData("Authress.Models")]
    public void Loads_the_public_types_into_the_default_context(string assembly)
    {
        Assembly loaded = Loaded(assembly);
        Assert.Same(AssemblyLoadContext.Default, AssemblyLoadContext.GetLoadContext(loaded));
        Assert.StartsWith(Path.Combine(Shell.ModuleFolder, "net8.0"), loaded.Location, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Authress.Client")]
    [InlineData("RestSharp")]
    [InlineData("BouncyCastle.Cryptography")]
    public void Loads_the_client_library_and_its_dependencies_into_a_context_of_their_own(string assembly)
    {
        Assembly loaded = Loaded(assembly);
        Assert.Equal("Authress", AssemblyLoadContext.GetLoadContext(loaded)!.Name);
        Assert.StartsWith(Path.Combine(Shell.ModuleFolder, "net8.0", "dependencies"), loaded.Location, StringComparison.Ordinal);
    }

    [Fact]
    public void Scripts_can_name_the_public_types()
    {
        ShellResult result = _account.Run("[Authress.ServiceClient].FullName; [Authress.AccessKey].FullName; [Authress.Connection].FullName").Ok();
        Assert.Equal(["Authress.ServiceClient", "Authress.AccessKey", "Authress.Connection"], result.Output.Select(o => o.ToString()));
    }

    [Fact]
    public void Scripts_can_catch_the_exception_of_the_API()
    {
        ShellResult result = _account.Run("try { Get-AuthressServiceClient nope -ErrorAction Stop } catch [Authress.AuthressApiException] { $_.Exception.StatusCode }").Ok();
        Assert.Equal(404, result.Single.BaseObject);
    }

    [Fact]
    public void Works_in_a_second_session_of_the_same_process()
    {
        using Shell second = new();
        second.Connect(_account.Server.ApiUrl, _account.Server.AccessKey);
        Assert.Single(second.Run("Get-AuthressServiceClient").Ok().Output);
    }

    [Fact]
    public void Works_after_being_removed_and_imported_again()
    {
        using Shell other = new();
        other.Run("Remove-Module Authress").Ok();
        Assert.NotEmpty(_account.Run("Get-AuthressServiceClient").Ok().Output);
        other.Run($"Import-Module '{Shell.ModuleManifest}' -Force").Ok();
        other.Connect(_account.Server.ApiUrl, _account.Server.AccessKey);
        Assert.NotEmpty(other.Run("Get-AuthressServiceClient").Ok().Output);
    }

    private static Assembly Loaded(string name) => Assert.Single(AppDomain.CurrentDomain.GetAssemblies(), a => a.GetName().Name == name);
}
