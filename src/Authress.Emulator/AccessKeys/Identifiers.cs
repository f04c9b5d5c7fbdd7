using System.Security.Cryptography;

namespace Authress.Emulator.AccessKeys;

/// <summary>New ids in the formats of Authress.</summary>
internal static class Identifiers
{
    private const string Alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private const string LowerCase = "abcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>A regular expression that matches a client secret, so that the log can leave one out.</summary>
    public const string ClientSecretPattern = "secret_[A-Za-z0-9]{43}";

    public static string NewClientId() => "sc_" + RandomNumberGenerator.GetString(Alphanumeric, 23);

    public static string NewKeyId() => RandomNumberGenerator.GetString(Alphanumeric, 6);

    public static string NewAccountId() => "acc-" + RandomNumberGenerator.GetString(LowerCase, 14);

    public static string NewClientSecret() => "secret_" + RandomNumberGenerator.GetString(Alphanumeric, 43);

    public static string NewErrorId() => RandomNumberGenerator.GetString(Alphanumeric, 22);
}
