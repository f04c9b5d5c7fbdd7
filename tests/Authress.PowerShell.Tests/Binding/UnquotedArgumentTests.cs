using Authress.PowerShell.Tests.Hosting;

namespace Authress.PowerShell.Tests.Binding;

/// <summary>Ids and names are text, even where PowerShell reads an unquoted argument as a number.</summary>
public sealed class UnquotedArgumentTests : IAsyncLifetime
{
    private readonly Account _account = new();

    public ValueTask InitializeAsync() => _account.InitializeAsync();

    public ValueTask DisposeAsync() => _account.DisposeAsync();

    [Theory]
    [InlineData("482193")]
    [InlineData("007123")]
    [InlineData("48219L")]
    [InlineData("1234e5")]
    [InlineData("1234KB")]
    [InlineData("0x12AB")]
    public void Keeps_an_id_that_looks_like_a_number_as_typed(string id)
    {
        _account.Server.SeedClient("""{"name":"found"}""", id);
        Assert.Equal([id], _account.Run($"Get-AuthressServiceClient {id}").Ok().Get("ClientId"));
        _account.Server.ClearRequests();

        // In an array the original text is lost, and no other id may be requested instead.
        Assert.Single(_account.Run($"Get-AuthressServiceClient -ClientId {id}, {id}").Errors);
        Assert.Empty(_account.Server.Requests);
        Assert.Equal([id, id], _account.Run($"Get-AuthressServiceClient -ClientId '{id}', '{id}'").Ok().Get("ClientId"));
        _account.Server.ClearRequests();
        _account.Run($"Remove-AuthressAccessKey {id} {id} -Confirm:$false");
        Assert.Equal($"/v1/clients/{id}/access-keys/{id}", Assert.Single(_account.Server.Requests).Target);
    }

    [Theory]
    [InlineData("007")]
    [InlineData("1e5")]
    [InlineData("12KB")]
    public void Keeps_a_name_as_typed(string name) =>
        Assert.Equal([name], _account.Run($"New-AuthressServiceClient {name}").Ok().Get("Name"));
}
