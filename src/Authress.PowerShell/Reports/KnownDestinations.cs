using System.Collections;
using System.Management.Automation;
using System.Security;
using Authress.Client.AccessKeys;
using Authress.Client.Reports;
using Authress.PowerShell.Binding;
using Authress.PowerShell.Secrets;
using Authress.PowerShell.Secrets.Sources;

namespace Authress.PowerShell.Reports;

/// <summary>
/// Reads which keys the destinations of -KnownDestination hold: files, which may be named by a pattern, and objects or hashtables
/// with an OutFile, or a SecretName and perhaps a VaultName.
/// </summary>
/// <param name="cmdlet">The cmdlet.</param>
/// <param name="report">Receives what can't be read.</param>
internal sealed class KnownDestinations(PSCmdlet cmdlet, Action<string, string> report)
{
    /// <summary>The keys that they hold.</summary>
    public IReadOnlyCollection<HeldKey> Read(IEnumerable<object> destinations) => [.. destinations.SelectMany(Open).Select(Read).OfType<HeldKey>()];

    private IEnumerable<ISecretSource> Open(object destination)
    {
        object value = destination is PSObject wrapped ? wrapped.BaseObject : destination;
        if (value is string path)
            return OpenFiles(path);
        if (value is FileSystemInfo file)
            return [new FileSource(cmdlet, file.FullName)];
        string outFile = Text(destination, nameof(AccessKeyRotation.OutFile));
        string secret = Text(destination, nameof(AccessKeyRotation.SecretName));
        string vault = Text(destination, nameof(AccessKeyRotation.VaultName));
        if (outFile.Length > 0)
            return [new FileSource(cmdlet, outFile)];
        if (secret.Length > 0)
            return [new VaultSource(cmdlet, secret, vault.Length == 0 ? null : vault)];
        report(value.ToString() ?? string.Empty, Messages.EmptyDestination);
        return [];
    }

    private IEnumerable<ISecretSource> OpenFiles(string path)
    {
        try
        {
            bool isListed = true;
            IReadOnlyList<string> files = FilePath.Match(cmdlet, path, (folder, reason) =>
            {
                isListed = false;
                report(folder, reason);
            });
            if (files.Count == 0 && isListed)
                report(path, Messages.NoMatch);
            return files.Select(file => new FileSource(cmdlet, file));
        }
        catch (IOException e)
        {
            report(path, e.Message);
            return [];
        }
    }

    private HeldKey? Read(ISecretSource source)
    {
        try
        {
            using SecureString text = source.Read();
            AccessKeyCredential key = AccessKeyCredential.Parse(text);
            return new HeldKey(key.AccountId, key.ClientId, key.KeyId, key.PublicKey);
        }
        catch (Exception e) when (e is IOException or FormatException)
        {
            report(source.Name, e.Message);
            return null;
        }
    }

    private static string Text(object destination, string property) => (destination is PSObject { BaseObject: IDictionary pairs } ? pairs : destination as IDictionary) is { } table
        ? ArgumentTransformation.Unwrap(table[property]) is FileSystemInfo file ? file.FullName : PlainText.From(table[property])!
        : PipedProperty.Text(PSObject.AsPSObject(destination), property);
}
