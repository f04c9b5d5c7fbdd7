using System.Management.Automation;
using Authress.Client.AccessKeys;
using Authress.PowerShell.Binding;

namespace Authress.PowerShell.AccessKeys;

/// <summary>The public half of a key that Find-AuthressAccessKey found, as its output or a copy of it says.</summary>
/// <param name="PublicKey">The public half; empty for a key of the older form.</param>
/// <param name="Place">Where it was found.</param>
internal sealed record SightedPublicKey(string PublicKey, string Place)
{
    /// <summary>The public half of a piped sighting; null for any other object.</summary>
    public static SightedPublicKey? Of(PSObject? piped) => piped is not null && SightingTransformationAttribute.IsSighting(piped)
        && piped.Properties[nameof(AccessKeySighting.PublicKey)] is not null
        ? new SightedPublicKey(PipedProperty.Text(piped, nameof(AccessKeySighting.PublicKey)), SightingTransformationAttribute.ToSighting(piped).ToString())
        : null;

    /// <summary>Whether a key of the account can be the one that was found. Of a key of the older form, only the kind is known.</summary>
    public bool MayBe(AccessKey key) => PublicKey.Length == 0
        ? !PublicKeyText.IsPublicKey(key.PublicKey ?? string.Empty)
        : PublicKeyText.Same(PublicKey, key.PublicKey);
}
