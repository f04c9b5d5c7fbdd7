using System.Security;
using Authress.Client.Rotations;
using Authress.PowerShell.Secrets;
using Authress.PowerShell.Secrets.Sources;

namespace Authress.PowerShell.Rotations;

/// <summary>A destination that could not be opened, and that may hold any key of its client.</summary>
/// <param name="place">What is known of it.</param>
/// <param name="failure">Why it could not be opened.</param>
internal sealed class UnopenedDestination(RotationPlace place, IOException failure) : ISecretSource
{
    /// <summary>What is known of it.</summary>
    public RotationPlace Place => place;

    public string Name => place.Name;

    public object? Target => place.OutFile ?? place.SecretName;

    public SecureString Read() => throw Failure();

    public SecureString? ReadIfAny() => throw Failure();

    public KeyDescription? Describe() => throw Failure();

    private IOException Failure() => new(failure.Message, failure);
}
