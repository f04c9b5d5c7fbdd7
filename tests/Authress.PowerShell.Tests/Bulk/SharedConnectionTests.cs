using Authress.Emulator.Faults;
using Authress.Emulator.Requests;
using Authress.PowerShell.Tests.Hosting;

namespace Authress.PowerShell.Tests.Bulk;

/// <summary>Two sessions on one connection: a pause that the server requests of one holds the other as well.</summary>
public sealed class SharedConnectionTests : IAsyncLifetime
{
    private readonly Account _account = new();

    public ValueTask InitializeAsync() => _account.InitializeAsync();

    public ValueTask DisposeAsync() => _account.DisposeAsync();

    [Fact]
    public async Task A_pause_requested_of_one_session_holds_the_other_as_well()
    {
        string[] ids = [.. _account.Server.SeedClients(20)];
        using Shell other = new();
        object connection = _account.Run("Get-AuthressConnection").Ok().Single.BaseObject;
        other.Set("connection", connection);
        other.Set("ids", ids);
        _account.Server.AddFault("GET", "*", new StatusFault(429) { RetryAfter = "2" });
        _account.Server.ClearRequests();
        Task<ShellResult> one = Task.Run(() => _account.Run($"Get-AuthressServiceClient {ids[0]}"));
        while (_account.Server.Requests is not [{ RespondedAt: not null }])
            await Task.Delay(10, TestContext.Current.CancellationToken);

        // The response has arrived by now; both sessions use one clock.
        await Task.Delay(300, TestContext.Current.CancellationToken);
        Assert.Equal(20, other.Run("$ids | Get-AuthressServiceClient -Connection $connection").Ok().Output.Count);
        (await one).Ok();
        RequestRecord[] requests = [.. _account.Server.Requests.OrderBy(request => request.Sequence)];
        Assert.Equal(22, requests.Length);
        DateTimeOffset asked = requests[0].RespondedAt!.Value;
        Assert.All(requests[1..], request => Assert.True(request.ReceivedAt - asked > TimeSpan.FromSeconds(1.9), $"{request.ReceivedAt - asked} after the wait was asked for"));
    }

    [Fact]
    public void A_wait_beyond_the_bound_is_an_error()
    {
        _account.Server.AddFault("GET", "*", new StatusFault(429) { RetryAfter = "3600" }, times: -1);
        ShellResult result = _account.Run($"Get-AuthressServiceClient {_account.Server.AdminClientId}");
        Assert.Equal("TooManyRequests", result.ErrorId);
        Assert.Contains("3,600 s", result.Errors[0].ToString(), StringComparison.Ordinal);
    }
}
