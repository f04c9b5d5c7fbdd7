using System.Management.Automation;
using System.Security;
using Authress.Client.Rotations;
using Authress.PowerShell.Secrets.Destinations;

namespace Authress.PowerShell.Rotations;

/// <summary>
/// A destination as a rotation needs it. A vault's extension may prompt and is not thread-safe, and a script belongs to its
/// session, so all calls are made on the pipeline's thread.
/// </summary>
/// <param name="command">The cmdlet.</param>
/// <param name="target">The destination.</param>
internal sealed class PipelineDestination(AuthressCommand command, RotationTarget target) : IRotationDestination
{
    public RotationPlace Place => target.Place;

    // A file is replaced by a draft that is complete.
    public bool WritesAtOnce => target.Source is FileDestination;

    public Task CheckAsync() => RunAsync(destination => destination.Check());

    public Task PrepareAsync() => RunAsync(destination => destination.Prepare());

    public Task<SecureString?> ReadAsync() => RunAsync(target.Source.ReadIfAny);

    public Task WriteAsync(IssuedAccessKey key) => RunAsync(destination =>
    {
        try
        {
            destination.Save(key);
        }
        catch (PipelineStoppedException e)
        {
            // Unlike a write that was not begun, it may have stored anything.
            throw new IOException(Messages.WriteStopped, e);
        }
    });

    private Task<bool> RunAsync(Action<ISecretDestination> action) => RunAsync(() =>
    {
        action((ISecretDestination)target.Source);
        return true;
    });

    private Task<T> RunAsync<T>(Func<T> action) => command.OnPipelineAsync(() =>
    {
        try
        {
            return action();
        }
        catch (IOException e)
        {
            throw new DestinationException(target.Place.Name, e);
        }
    });
}
