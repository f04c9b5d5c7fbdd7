using System.Text.Json.Serialization;

namespace Authress.Client.Rotations;

/// <summary>Where a rotation's new key goes, as far as the journal can keep it. Exactly one of file and secret is set, or none for scripts.</summary>
/// <param name="Name">The destination in words.</param>
/// <param name="Identity">What two descriptions of one place have in common; empty for scripts.</param>
/// <param name="OutFile">The full path of the file.</param>
/// <param name="SecretName">The secret's name.</param>
/// <param name="VaultName">The vault's name.</param>
public sealed record RotationPlace(string Name, string Identity, string? OutFile = null, string? SecretName = null, string? VaultName = null)
{
    /// <summary>Whether scripts write and read it. The journal knows them by their text, which may serve several places.</summary>
    [JsonIgnore]
    public bool IsScript => OutFile is null && SecretName is null;

    /// <summary>Whether both name the same file, or the same secret of the same vault.</summary>
    public bool IsNamedLike(RotationPlace other) =>
        !IsScript && OutFile == other.OutFile && SecretName == other.SecretName && string.Equals(VaultName, other.VaultName, StringComparison.OrdinalIgnoreCase);
}
