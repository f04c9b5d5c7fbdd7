namespace Authress.Emulator.Hosting;

/// <summary>
/// Leaves Ctrl+C and SIGTERM to the process that the emulator runs in: the host's usual lifetime would take them away
/// from a shell or a test runner.
/// </summary>
internal sealed class EmbeddedLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
