using System.Security;
using Authress.Client.AccessKeys;

namespace Authress.Client.Rotations;

/// <summary>The account, as a rotation needs it.</summary>
public interface IRotationServer
{
    /// <summary>How far this machine's clock was ahead of the server's at the last list of keys; null if unknown.</summary>
    TimeSpan? ClockSkew { get; }

    /// <summary>The client's keys.</summary>
    /// <exception cref="AuthressApiException">They can't be read.</exception>
    Task<IReadOnlyList<AccessKey>> ListKeysAsync(string clientId, CancellationToken cancellationToken);

    /// <summary>Registers a public half, once.</summary>
    /// <exception cref="AuthressApiException">It failed. If the outcome is unknown, the key was looked for and not found.</exception>
    Task<AccessKey> RegisterAsync(string clientId, string publicKey, CancellationToken cancellationToken);

    /// <summary>Deletes a key. One that doesn't exist is deleted.</summary>
    /// <param name="clientId">The client.</param>
    /// <param name="keyId">The key.</param>
    /// <param name="isUndo">Whether it undoes what this run did, which a stop does not prevent.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <exception cref="AuthressApiException">It failed.</exception>
    Task DeleteKeyAsync(string clientId, string keyId, bool isUndo, CancellationToken cancellationToken);

    /// <summary>Whether the client no longer has a key that was deleted. Waits a little, since reads may be stale.</summary>
    /// <exception cref="AuthressApiException">The keys can't be read.</exception>
    Task<bool> IsGoneAsync(string clientId, string keyId, CancellationToken cancellationToken);

    /// <summary>Tests whether a key works.</summary>
    /// <exception cref="FormatException">It is no access key.</exception>
    Task<AccessKeyProof> ProveAsync(SecureString accessKey, TimeSpan wait, CancellationToken cancellationToken);
}

/// <summary>The destination, as a rotation needs it. Every failure is an IOException.</summary>
public interface IRotationDestination
{
    /// <summary>What the journal keeps of it.</summary>
    RotationPlace Place { get; }

    /// <summary>Whether a write that failed has left what was there before, and nothing of it can arrive later.</summary>
    bool WritesAtOnce { get; }

    /// <summary>Verifies what can be verified without a change.</summary>
    /// <exception cref="IOException">It can't be written to.</exception>
    /// <exception cref="OperationCanceledException">The command was stopped before the call began. So it is for all calls.</exception>
    Task CheckAsync();

    /// <summary>Verifies that it can be written to.</summary>
    /// <exception cref="IOException">It can't.</exception>
    Task PrepareAsync();

    /// <summary>Reads what it holds. The caller disposes of it.</summary>
    /// <returns>Null if it is empty.</returns>
    /// <exception cref="IOException">It can't be read.</exception>
    Task<SecureString?> ReadAsync();

    /// <summary>Writes a key in place of what it holds.</summary>
    /// <exception cref="IOException">It failed; the destination may hold either.</exception>
    Task WriteAsync(IssuedAccessKey key);
}

/// <summary>Where the record of one rotation lasts. What was written survives the process.</summary>
public interface IRotationJournal
{
    /// <summary>Whether what is written lasts. Without it, destination and server alone show how far a rotation is.</summary>
    bool Lasts { get; }

    /// <summary>Whether no other run can work on the record while this one does.</summary>
    bool IsLocked { get; }

    /// <summary>Reads the record; null if there is none.</summary>
    /// <exception cref="RotationException">It is damaged, or of a newer version.</exception>
    /// <exception cref="IOException">It can't be read.</exception>
    Task<Rotation?> ReadAsync();

    /// <summary>Writes the record: completely, or not at all.</summary>
    /// <exception cref="IOException">It can't be written.</exception>
    Task WriteAsync(Rotation rotation);
}
