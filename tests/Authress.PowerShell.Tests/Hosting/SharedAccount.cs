namespace Authress.PowerShell.Tests.Hosting;

/// <summary>One account and session for all tests of a class. No test may depend on the state that another leaves.</summary>
public sealed class SharedAccount : IAsyncLifetime
{
    internal Account Account { get; } = new();

    public async ValueTask InitializeAsync()
    {
        await Account.InitializeAsync();
        Account.Run("$ConfirmPreference = 'None'").Ok();
    }

    public ValueTask DisposeAsync() => Account.DisposeAsync();
}
