using System.Globalization;

namespace Authress;

/// <summary>A place where Find-AuthressAccessKey found an access key. Contains no part of its secret.</summary>
public sealed class AccessKeySighting
{
    /// <summary>What the path of an environment variable begins with.</summary>
    internal const string EnvironmentDrive = "Env:";

    /// <summary>PowerShell's own name for piped text.</summary>
    internal const string PipedText = "InputStream";

    internal AccessKeySighting(string? path, int line, int column, string clientId, string keyId)
    {
        // A file can have a key for its name.
        Path = path is not null && Redaction.Finds(path) ? Redaction.Hide(path) : path;
        (Line, Column, ClientId, KeyId) = (line, column, clientId, keyId);
    }

    /// <summary>The service client that the key names.</summary>
    public string ClientId { get; }

    /// <summary>The key's id.</summary>
    public string KeyId { get; }

    /// <summary>The account that the key names; null if a key of the older form names none.</summary>
    public string? AccountId { get; internal set; }

    /// <summary>The full path of the file, or <c>Env:NAME</c> for an environment variable; null for piped text.</summary>
    public string? Path { get; }

    /// <summary>The line that the key is on, counted from 1.</summary>
    public int Line { get; }

    /// <summary>The column of the key's first character, counted from 1.</summary>
    public int Column { get; }

    /// <summary>The form of the key.</summary>
    public AccessKeyForm Form { get; internal set; }

    /// <summary>Whether git tracks the file; null if it is in no repository, git is missing, or it is not a file.</summary>
    public bool? IsTracked { get; internal set; }

    /// <summary>The public half, in the form that the API accepts; null for a key of the older form.</summary>
    public string? PublicKey { get; internal set; }

    /// <summary>The path as a table shows it: relative to the folder that the search was started in; null if that is not known.</summary>
    internal string? RelativePath { get; set; }

    /// <summary>The path and the line, such as <c>/src/prod.env:12</c>.</summary>
    public override string ToString() => string.Format(CultureInfo.InvariantCulture, "{0}:{1}", Path ?? PipedText, Line);
}
