using System.Management.Automation;
using System.Security;

namespace Authress.PowerShell.Secrets.Sources;

/// <summary>A place that a script reads an access key from.</summary>
/// <param name="cmdlet">The cmdlet.</param>
/// <param name="read">Returns the access key as SecureString or text.</param>
/// <param name="clientId">The client whose key it is, which the script finds in <c>$_</c>; null if that is not known.</param>
internal class ScriptSource(PSCmdlet cmdlet, ScriptBlock read, string? clientId = null) : ISecretSource
{
    public virtual string Name => Messages.ReadScriptName;

    public object? Target => null;

    public SecureString Read() => OneSecret.From(Run());

    public SecureString? ReadIfAny() => Run() is var output && output.All(IsEmpty) ? null : OneSecret.From(output);

    public KeyDescription? Describe() => null;

    /// <summary>What the script returns.</summary>
    /// <exception cref="IOException">It failed.</exception>
    private protected IReadOnlyList<PSObject?> Run() => SecretScript.Read(cmdlet, read, clientId);

    /// <summary>Whether a script returned nothing with it.</summary>
    private protected static bool IsEmpty(PSObject? item) => item is null or { BaseObject: "" };
}
