using Authress.Client;

namespace Authress.PowerShell.Bulk;

/// <summary>Undoes a change whose result can't be written any more, such as a key whose secret would be lost.</summary>
/// <typeparam name="T">The result of the change.</typeparam>
/// <param name="undo">Undoes it.</param>
/// <param name="report">Reports, on the pipeline's thread, whether it was undone.</param>
internal sealed class Rollback<T>(Func<AuthressApi, T, CancellationToken, Task> undo, Action<T, bool> report)
{
    /// <summary>Undoes the change.</summary>
    /// <param name="api">A client that still sends requests after a stop.</param>
    /// <param name="result">The result of the change.</param>
    /// <param name="cancellation">Cancels it.</param>
    /// <returns>The action that reports it.</returns>
    public async Task<Action> RunAsync(AuthressApi api, T result, CancellationToken cancellation)
    {
        bool undone = true;
        try
        {
            await undo(api, result, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is AuthressApiException or OperationCanceledException)
        {
            undone = false;
        }

        return () => report(result, undone);
    }
}
