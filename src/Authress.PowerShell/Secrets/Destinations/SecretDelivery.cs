using System.Management.Automation;
using System.Security;
using Authress.PowerShell.Errors;

namespace Authress.PowerShell.Secrets.Destinations;

/// <summary>
/// Delivers a new key's secret to a destination: verifies the destination before the key is created, writes, reads back and
/// compares. Fails closed: it never uses another place.
/// </summary>
/// <param name="destination">The destination; null if the pipeline receives the secret.</param>
/// <param name="taken">The places that hold a key of this command.</param>
internal sealed class SecretDelivery(ISecretDestination? destination, HashSet<string> taken)
{
    /// <summary>Whether the secret was delivered.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Verifies the destination without a change. Each destination holds one secret.</summary>
    /// <param name="isRehearsal">Whether no secret follows (-WhatIf). The destination then counts as taken.</param>
    /// <returns>The error; null if the destination may be usable.</returns>
    public ErrorRecord? Check(bool isRehearsal)
    {
        if (destination is null)
            return null;
        bool isTaken = false;
        ErrorRecord? error = Try(() =>
        {
            // A place that holds a key of this command exists, which would be the wrong error.
            isTaken = taken.Contains(destination.Place);
            if (!isTaken)
                destination.Check();
        });
        if (isTaken)
            return ErrorFactory.DestinationTaken(destination.Name, destination.Target);
        if (isRehearsal && error is null)
            taken.Add(destination.Place);
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
            destination.Save(key);
            using SecureString copy = destination.Read();
            if (!SecretText.Same(copy, key.AccessKey!))
                throw new IOException(Messages.SecretChanged);
            taken.Add(destination.Place);
            IsDone = true;
            return null;
        }
        catch (Exception e) when (e is not PipelineStoppedException)
        {
            // Whatever a vault or a script throws: the secret must not depend on it.
            return ErrorFactory.SecretNotSaved(destination.Name, key, e);
        }
    }

    private ErrorRecord? Try(Action action)
    {
        try
        {
            action();
            return null;
        }
        catch (IOException e)
        {
            return ErrorFactory.DestinationUnusable(destination!.Name, destination.Target, e);
        }
    }
}
