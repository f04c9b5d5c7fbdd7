using Authress.Client;
using Authress.PowerShell.Pipeline;

namespace Authress.PowerShell.Bulk;

/// <summary>Creates a cmdlet's pending requests.</summary>
/// <param name="connection">The connection, which caches what requests return.</param>
/// <param name="lifetime">How long requests may run.</param>
/// <param name="reader">The client for requests that read. A read has one token in both places: of two the client would link a third for each request.</param>
/// <param name="changer">The client for requests that change something.</param>
internal sealed class RequestFactory(Connection connection, CommandLifetime lifetime, AuthressApi reader, AuthressApi changer)
{
    /// <summary>A request that reads.</summary>
    public PendingRequest Read<T>(object? target, string clientId, Func<AuthressApi, CancellationToken, Task<T>> request, Action<T> write) =>
        new(target, clientId, cancellation: null, async () =>
        {
            T result = await request(reader, lifetime.Reads).ConfigureAwait(false);
            return new RequestResult(() => write(connection.Cache.Add(result)));
        });

    /// <summary>A request that changes something.</summary>
    public PendingRequest Change<T>(object? target, string? clientId, Func<AuthressApi, CancellationToken, Task<T>> request, Action<T> write, Rollback<T>? rollback) =>
        new(target, clientId, lifetime.Changes, async () =>
        {
            T result = await request(changer, lifetime.Changes).ConfigureAwait(false);
            return new RequestResult(
                () => write(connection.Cache.Add(result)),
                rollback is null ? null : () => rollback.RunAsync((AuthressApi)connection.Client, result, lifetime.Changes),
                clientId is null ? result as ServiceClient : null);
        });

    /// <summary>A request that returns nothing, as one that returns something.</summary>
    public static Func<AuthressApi, CancellationToken, Task<bool>> WithoutResult(Func<AuthressApi, CancellationToken, Task> request) =>
        async (api, cancellation) =>
        {
            await request(api, cancellation).ConfigureAwait(false);
            return true;
        };

    /// <summary>A request that was refused before it was sent.</summary>
    public static PendingRequest Refused(object? target, string? clientId, Exception refusal) =>
        new(target, clientId, cancellation: null, () => Task.FromException<RequestResult>(refusal));
}
