using System.Management.Automation;
using Authress.PowerShell.Binding;
using Authress.PowerShell.Errors;

namespace Authress.PowerShell.AccessKeys;

/// <summary>
/// A piped object that stands for a key in a text: anyone can write the ids of a key in front of another private key. A key is
/// deleted or replaced only if Authress has the very key that was found.
/// </summary>
internal static class PipedKey
{
    /// <summary>The error of an object that is not proved to be the key with these ids; null if it is, or it stands for no text.</summary>
    /// <param name="command">The command, which reads the key of a sighting.</param>
    /// <param name="piped">The object; null if none was piped.</param>
    /// <param name="clientId">The client.</param>
    /// <param name="keyId">The key.</param>
    public static ErrorRecord? FindForgery(AuthressCommand command, PSObject? piped, string clientId, string keyId)
    {
        if (piped?.Properties[nameof(AccessKeyTestResult.IsRegistered)] is not null)
            return IsRegistered(piped) ? null : ErrorFactory.TestedKeyNotRegistered(clientId, keyId, piped);
        if (SightedPublicKey.Of(piped) is not { } sighted)
            return null;
        try
        {
            return command.Read((api, cancellation) => api.FindAccessKeyAsync(clientId, keyId, cancellation)) is { } key && !sighted.MayBe(key)
                ? ErrorFactory.SightedKeyDiffers(clientId, keyId, sighted.Place, piped)
                : null;
        }
        catch (AuthressApiException e)
        {
            command.CommandLifetime.ThrowIfStopping();
            return ErrorFactory.FromApi(e, keyId);
        }
        catch (ArgumentException e)
        {
            return ErrorFactory.InvalidValue(e, keyId);
        }
    }

    // A copy from a CSV file has text.
    private static bool IsRegistered(PSObject tested) =>
        bool.TryParse(PipedProperty.Text(tested, nameof(AccessKeyTestResult.IsRegistered)), out bool isRegistered) && isRegistered;
}
