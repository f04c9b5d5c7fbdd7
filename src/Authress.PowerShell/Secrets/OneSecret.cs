using System.Management.Automation;
using System.Security;

namespace Authress.PowerShell.Secrets;

/// <summary>The secret that a script or a vault returns.</summary>
internal static class OneSecret
{
    /// <summary>Takes the secret, a SecureString or text. The caller disposes of it.</summary>
    /// <param name="output">What was returned.</param>
    /// <exception cref="IOException">It is nothing, more than one object, or no text.</exception>
    public static SecureString From(IReadOnlyList<PSObject?> output)
    {
        object?[] values = [.. output.Where(item => item is not null).Select(item => item!.BaseObject)];
        return values switch
        {
            [] => throw new IOException(Messages.SecretReturnedNothing),
            // A copy, since a vault or a script may return the object that it keeps.
            [SecureString secret] => Copy(secret),
            [string { Length: > 0 } text] => SecretText.Protect(text),
            [string] => throw new IOException(Messages.SecretReturnedNothing),
            [{ } other] => throw new IOException(InvariantText.Format(Messages.SecretIsNoText, other.GetType().Name)),
            _ => throw new IOException(InvariantText.Format(Messages.SecretReturnedSeveral, values.Length)),
        };
    }

    private static SecureString Copy(SecureString secret)
    {
        try
        {
            return secret.Copy();
        }
        catch (ObjectDisposedException e)
        {
            throw new IOException(Messages.SecretReturnedNothing, e);
        }
    }
}
