namespace Authress;

/// <summary>The form of an access key.</summary>
public enum AccessKeyForm
{
    /// <summary>Four parts separated by dots, with an Ed25519 key.</summary>
    FourPart,

    /// <summary>The older form: base64 of a JSON object, with an RSA key.</summary>
    Older,
}
