using System.Security;

namespace Authress.PowerShell.Secrets.Sources;

/// <summary>A place that an access key is read from: a file, a secret of a vault, or what a script returns. Every failure is an IOException.</summary>
internal interface ISecretSource
{
    /// <summary>Its name in messages, such as <c>the file 'prod.key'</c>.</summary>
    string Name { get; }

    /// <summary>What the user specified, for the error's target.</summary>
    object? Target { get; }

    /// <summary>Reads the access key. The caller disposes of it.</summary>
    /// <exception cref="IOException">It could not be read.</exception>
    SecureString Read();

    /// <summary>Reads what the place holds, which may be nothing. The caller disposes of it.</summary>
    /// <returns>Null if the place is empty.</returns>
    /// <exception cref="IOException">It could not be read.</exception>
    SecureString? ReadIfAny();

    /// <summary>What is kept beside the key; null if nothing is.</summary>
    /// <exception cref="IOException">It could not be read.</exception>
    KeyDescription? Describe();
}
