namespace Authress.Emulator.Hosting;

/// <summary>
/// Leaves Ctrl+C and SIGTERM to the process that hosts the emulator, such as a shell or a test runner: the default
/// lifetime would handle them itself.
/// </summary>
internal sealed class EmbeddedLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
