using System.Management.Automation;
using System.Security;

namespace Authress.PowerShell.Secrets.Destinations;

/// <summary>
/// A place to which a secret is written and from which it can be read back. Every failure is an IOException.
/// </summary>
internal interface ISecretDestination : IDisposable
{
    /// <summary>Its name in messages.</summary>
    string Name { get; }

    /// <summary>Verifies what can be verified without a change on disk.</summary>
    /// <exception cref="IOException">No secret can be saved.</exception>
    void Check();

    /// <summary>Verifies that a secret can be saved, before it is created. Disposing undoes the preparation.</summary>
    /// <exception cref="IOException">No secret can be saved.</exception>
    void Prepare();

    /// <summary>Saves the secret.</summary>
    /// <exception cref="IOException">It could not be saved.</exception>
    void Save(SecureString secret);

    /// <summary>Reads the secret back.</summary>
    /// <exception cref="IOException">It could not be read.</exception>
    SecureString Read();

    /// <summary>The error of a destination that can't be used. No key is created.</summary>
    ErrorRecord UnusableError(IOException cause);

    /// <summary>The error of a second key for a destination that holds one. It is not created.</summary>
    ErrorRecord TakenError();
}
