using System.Management.Automation;
using Authress.Client.AccessKeys;
using Authress.PowerShell.Errors;
using Authress.PowerShell.Pipeline;

namespace Authress.PowerShell.AccessKeys;

/// <summary>A public key to register, which is text on the command line or in the pipeline.</summary>
internal sealed class PublicKeyInput
{
    private readonly PipedInput _piped;
    private readonly bool _isPiped;

    /// <summary>Reads the key.</summary>
    /// <param name="publicKey">The key in any form; null for none.</param>
    /// <param name="piped">The piped object, which may be the same text.</param>
    public PublicKeyInput(string? publicKey, PipedInput piped)
    {
        _piped = piped;
        _isPiped = publicKey is not null && piped.Value?.BaseObject as string == publicKey;
        try
        {
            Der = publicKey is null ? null : PublicKeyText.ToDer(publicKey);
        }
        catch (FormatException e)
        {
            Error = ErrorFactory.InvalidPublicKey(e);
        }
    }

    /// <summary>The key in the form that the API accepts; null for none.</summary>
    public string? Der { get; }

    /// <summary>The error of an unreadable key; null if it can be read.</summary>
    public ErrorRecord? Error { get; }

    /// <summary>The error of an object that contradicts the command line; null if there is none.</summary>
    /// <param name="clientIds">The bound client ids.</param>
    public ErrorRecord? FindContradiction(string[] clientIds) =>
        // PowerShell binds piped text to -ClientId too, unless that is on the command line.
        _isPiped ? clientIds.Contains((string)_piped.Value!.BaseObject) ? ErrorFactory.PublicKeyWithoutClient() : null : _piped.FindContradiction(clientIds);
}
