using Authress.PowerShell.Secrets.Sources;

namespace Authress.PowerShell.Secrets.Destinations;

/// <summary>
/// A place to which a new access key is written and from which it can be read back: a file, a secret of a vault, or what two
/// scripts make of it. Every failure is an IOException.
/// </summary>
internal interface ISecretDestination : ISecretSource, IDisposable
{
    /// <summary>What two destinations have in common if they are the same place.</summary>
    /// <exception cref="IOException">It can't be found out.</exception>
    string Place { get; }

    /// <summary>Verifies what can be verified without a change.</summary>
    /// <exception cref="IOException">No secret can be saved.</exception>
    void Check();

    /// <summary>Verifies that a secret can be saved, before it is created. Disposing undoes the preparation.</summary>
    /// <exception cref="IOException">No secret can be saved.</exception>
    void Prepare();

    /// <summary>Saves the access key.</summary>
    /// <param name="key">The key with its secret.</param>
    /// <exception cref="IOException">It could not be saved.</exception>
    void Save(IssuedAccessKey key);
}
