using System.Management.Automation;
using System.Security;
using Authress.PowerShell.Errors;

namespace Authress.PowerShell.Secrets.Destinations;

/// <summary>
/// Delivers a new key's secret to a destination: verifies the destination before the key is created, writes, reads back and
/// compares. Fails closed: it never uses another place.
/// </summary>
/// <param name="destination">The destination; null if the pipeline receives the secret.</param>
/// <param name="isRehearsal">Whether no secret follows (-WhatIf). The first one then counts as delivered.</param>
internal sealed class SecretDelivery(ISecretDestination? destination, bool isRehearsal) : IDisposable
{
    /// <summary>Whether a secret was delivered.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Verifies the destination without a change on disk. Each destination holds one secret.</summary>
    /// <returns>The error; null if the destination may be usable.</returns>
    public ErrorRecord? Check()
    {
        if (destination is null)
            return null;
        if (IsDone)
            return destination.TakenError();
        ErrorRecord? error = Try(destination.Check);
        IsDone = isRehearsal && error is null;
        return error;
    }

    /// <summary>Verifies that the destination is usable.</summary>
    /// <returns>The error; null if it is usable. With an error, no key may be created.</returns>
    public ErrorRecord? Prepare() => destination is null ? null : Try(destination.Prepare);

    /// <summary>Delivers the secret.</summary>
    /// <returns>The error, whose target is the key with its secret; null if it was delivered or there is no destination.</returns>
    public ErrorRecord? Deliver(IssuedAccessKey key)
    {
        if (destination is null)
            return null;
        try
        {
            destination.Save(key.AccessKey!);
            using SecureString copy = destination.Read();
            if (!SecretText.Same(copy, key.AccessKey!))
                throw new IOException(Messages.FileChanged);
            IsDone = true;
            return null;
        }
        catch (IOException e)
        {
            return ErrorFactory.SecretNotSaved(destination.Name, key, e);
        }
    }

    /// <summary>Undoes the preparation for a secret that was not delivered.</summary>
    public void Dispose() => destination?.Dispose();

    private ErrorRecord? Try(Action action)
    {
        try
        {
            action();
            return null;
        }
        catch (IOException e)
        {
            return destination!.UnusableError(e);
        }
    }
}
