using System.Net;
using System.Security;
using Authress.Client.AccessKeys;

namespace Authress.Client.Rotations;

/// <summary>The account over a connection.</summary>
/// <param name="api">The connection's client, which undoes a change even after a stop.</param>
/// <param name="attach">Attaches a client to the invocation: its requests are shown, and a stop ends them.</param>
/// <param name="reads">Cancels what only reads, immediately at a stop.</param>
public sealed class RotationServer(AuthressApi api, Func<AuthressApi, AuthressApi> attach, CancellationToken reads) : IRotationServer
{
    private static readonly TimeSpan UndoTime = TimeSpan.FromSeconds(4);
    private static readonly double[] WaitsForDeletion = [0, 0.5, 1, 2, 4];

    private readonly AuthressApi _attached = attach(api);

    /// <inheritdoc />
    public TimeSpan? ClockSkew { get; private set; }

    /// <summary>The clock of the waits.</summary>
    internal TimeProvider Time { get; init; } = TimeProvider.System;

    /// <inheritdoc />
    public async Task<IReadOnlyList<AccessKey>> ListKeysAsync(string clientId, CancellationToken cancellationToken)
    {
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, reads);
        (ServiceClient client, ClockSkew) = await _attached.ReadServiceClientAsync(clientId, either.Token).ConfigureAwait(false);
        return await _attached.ShowPublicKeysAsync(clientId, client.AccessKey ?? (IReadOnlyList<AccessKey>)[], either.Token).ConfigureAwait(false);
    }

    /// <inheritdoc />
    public async Task<AccessKey> RegisterAsync(string clientId, string publicKey, CancellationToken cancellationToken) =>
        await _attached.CreateAccessKeyAsync(clientId, publicKey, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc />
    public async Task DeleteKeyAsync(string clientId, string keyId, bool isUndo, CancellationToken cancellationToken)
    {
        using CancellationTokenSource timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (isUndo)
            timeout.CancelAfter(UndoTime);
        try
        {
            await DeleteIfAnyAsync(isUndo ? api : _attached, clientId, keyId, timeout.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (isUndo && !cancellationToken.IsCancellationRequested)
        {
            throw new AuthressApiException(Messages.UndoTimedOut, e) { Failure = ApiFailure.TimedOut };
        }
    }

    private static async Task DeleteIfAnyAsync(AuthressApi sender, string clientId, string keyId, CancellationToken cancellationToken)
    {
        try
        {
            await sender.DeleteAccessKeyAsync(clientId, keyId, cancellationToken).ConfigureAwait(false);
        }
        catch (AuthressApiException e) when (e.StatusCode == (int)HttpStatusCode.NotFound)
        {
            // Somebody else has deleted it, or the permission is missing.
            if ((await sender.GetServiceClientAsync(clientId, cancellationToken).ConfigureAwait(false)).AccessKey?.Any(key => key.KeyId == keyId) == true)
                throw;
        }
    }

    /// <inheritdoc />
    public async Task<bool> IsGoneAsync(string clientId, string keyId, CancellationToken cancellationToken)
    {
        foreach (double wait in WaitsForDeletion)
        {
            if (wait > 0)
                await Pause.ForAsync(Time, TimeSpan.FromSeconds(wait), reads).ConfigureAwait(false);
            if ((await ListKeysAsync(clientId, cancellationToken).ConfigureAwait(false)).All(key => key.KeyId != keyId))
                return true;
        }

        return false;
    }

    /// <inheritdoc />
    public async Task<AccessKeyProof> ProveAsync(SecureString accessKey, TimeSpan wait, CancellationToken cancellationToken)
    {
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, reads);
        using AuthressApi subject = api.WithAccessKey(AccessKeyCredential.Parse(accessKey));
        return await attach(subject).ProveAccessKeyAsync(_attached, wait, either.Token).ConfigureAwait(false);
    }
}
