using System.Collections;
using System.Management.Automation;
using System.Security;
using Engine = System.Management.Automation.PowerShell;

namespace Authress.PowerShell.Secrets;

/// <summary>
/// A vault of Microsoft.PowerShell.SecretManagement, an optional module. A vault's extension is not thread-safe and may
/// prompt, so it is called on the pipeline's thread. Every failure is an IOException.
/// </summary>
internal sealed class SecretVault
{
    private const string Module = "Microsoft.PowerShell.SecretManagement";

    // Commands that ask for confirmation, depending on the session's preferences. This module's own command has asked.
    private static readonly string[] Confirmed = ["Set-Secret", "Set-SecretInfo", "Remove-Secret"];

    private SecretVault(string name) => Name = name;

    /// <summary>The vault's name.</summary>
    public string Name { get; }

    /// <summary>The names of the registered vaults; none without SecretManagement.</summary>
    public static IReadOnlyList<string> FindNames()
    {
        try
        {
            return [.. Invoke("Get-SecretVault").Select(NameOf)];
        }
        catch (IOException)
        {
            // Completion shows no error.
            return [];
        }
    }

    /// <summary>Finds a vault.</summary>
    /// <param name="name">Its name; null for the default vault.</param>
    /// <exception cref="IOException">It is not registered, or SecretManagement is missing.</exception>
    public static SecretVault Find(string? name)
    {
        // -Name of Get-SecretVault is a pattern.
        PSObject? found = Invoke("Get-SecretVault").FirstOrDefault(vault => name is null ? Is(vault, "IsDefault") : NameOf(vault).Equals(name, StringComparison.OrdinalIgnoreCase));
        return found is not null ? new SecretVault(NameOf(found))
            : throw new IOException(name is null ? Messages.VaultWithoutDefault : InvariantText.Format(Messages.VaultMissing, name));
    }

    /// <summary>Finds the vault that holds a secret.</summary>
    /// <param name="name">The vault's name; null to look in the default vault first, and then in all.</param>
    /// <param name="secret">The secret's name.</param>
    /// <exception cref="IOException">No vault or more than one holds it, one can't be read, or SecretManagement is missing.</exception>
    public static SecretVault FindWith(string? name, string secret)
    {
        if (name is not null)
            return Find(name);
        List<string> holders = [];
        foreach (PSObject vault in Invoke("Get-SecretVault").OrderByDescending(vault => Is(vault, "IsDefault")))
        {
            if (!Holds(NameOf(vault), secret))
                continue;
            holders.Add(NameOf(vault));
            if (Is(vault, "IsDefault"))
                break;
        }

        return holders.Count switch
        {
            0 => throw new IOException(Messages.SecretInNoVault),
            1 => new SecretVault(holders[0]),
            _ => throw new IOException(InvariantText.Format(Messages.SecretInSeveralVaults, string.Join(", ", holders))),
        };
    }

    /// <summary>Whether the vault has a secret of this name.</summary>
    /// <exception cref="IOException">The vault can't be read.</exception>
    public bool Contains(string secret) => Infos(secret, Name).Count > 0;

    /// <summary>What the vault keeps beside a secret; empty if it keeps nothing.</summary>
    /// <exception cref="IOException">The vault can't be read.</exception>
    public KeyDescription Describe(string secret) =>
        KeyDescription.Read(Infos(secret, Name).Select(info => Unwrap(info.Properties["Metadata"]?.Value)).OfType<IEnumerable>().Select(ToDictionary).FirstOrDefault() ?? new Hashtable());

    /// <summary>Reads a secret. The caller disposes of it.</summary>
    /// <exception cref="IOException">It is missing, is no text, or the vault can't be read.</exception>
    public SecureString Read(string secret) => OneSecret.From(Invoke("Get-Secret", ("Name", secret), ("Vault", Name)));

    /// <summary>Writes a secret, without metadata: Set-Secret -Metadata deletes the secret in a vault that keeps none.</summary>
    /// <exception cref="IOException">It can't be written, or exists and may not be replaced.</exception>
    /// <remarks>It gets a copy, since it may keep the object, which the caller disposes of.</remarks>
    public void Write(string secret, SecureString value, bool overwrite) =>
        Invoke("Set-Secret", ("Name", secret), ("Secret", value.Copy()), ("Vault", Name), ("NoClobber", (SwitchParameter)!overwrite));

    /// <summary>Writes what the vault keeps beside a secret.</summary>
    /// <exception cref="IOException">The vault keeps nothing, or can't be written to.</exception>
    public void WriteDescription(string secret, KeyDescription description) =>
        Invoke("Set-SecretInfo", ("Name", secret), ("Vault", Name), ("Metadata", description.ToMetadata()));

    /// <summary>Removes a secret.</summary>
    /// <exception cref="IOException">It can't be removed.</exception>
    public void Remove(string secret) => Invoke("Remove-Secret", ("Name", secret), ("Vault", Name));

    // The secret of that name in a vault that can't be read may be the one that is meant.
    private static bool Holds(string vault, string secret)
    {
        try
        {
            return new SecretVault(vault).Contains(secret);
        }
        catch (IOException e)
        {
            throw new IOException(InvariantText.Format(Messages.VaultUnreadable, vault, e.Message), e);
        }
    }

    // -Name of Get-SecretInfo is a pattern.
    private static List<PSObject> Infos(string secret, string vault) =>
        [.. Invoke("Get-SecretInfo", ("Name", WildcardPattern.Escape(secret)), ("Vault", vault)).Where(info => NameOf(info).Equals(secret, StringComparison.OrdinalIgnoreCase))];

    private static List<PSObject> Invoke(string command, params (string Name, object Value)[] parameters)
    {
        // The search also loads the module. A command that is not found would leave an error in $Error.
        string name = $@"{Module}\{command}";
        using Engine search = Engine.Create(RunspaceMode.CurrentRunspace);
        if (search.AddCommand(@"Microsoft.PowerShell.Core\Get-Command").AddParameter("Name", name).AddParameter("ErrorAction", ActionPreference.Ignore).Invoke().Count == 0)
            throw new IOException(InvariantText.Format(Messages.SecretManagementMissing, Module));
        using Engine engine = Engine.Create(RunspaceMode.CurrentRunspace);
        engine.AddCommand(name);
        foreach ((string parameter, object value) in parameters)
            engine.AddParameter(parameter, value);
        if (Confirmed.Contains(command))
            engine.AddParameter("Confirm", false).AddParameter("WhatIf", false);

        // With Stop, an exception of the engine would hide the vault's own message; with SilentlyContinue, an error would be lost.
        engine.AddParameter("ErrorAction", ActionPreference.Continue);
        try
        {
            List<PSObject> output = [.. engine.Invoke().Where(item => item is not null)];
            return engine.Streams.Error.FirstOrDefault() is { } error ? throw ScriptFailure.From(error) : output;
        }
        catch (Exception e) when (e is IContainsErrorRecord and not PipelineStoppedException)
        {
            throw ScriptFailure.From(e);
        }
    }

    private static IDictionary ToDictionary(IEnumerable metadata)
    {
        if (metadata is IDictionary dictionary)
            return dictionary;

        // ReadOnlyDictionary<string, object> in SecretManagement.
        Hashtable pairs = [];
        foreach (object pair in metadata)
        {
            PSObject entry = PSObject.AsPSObject(pair);
            if (entry.Properties["Key"]?.Value is { } key)
                pairs[key] = entry.Properties["Value"]?.Value;
        }

        return pairs;
    }

    private static string NameOf(PSObject item) => item.Properties["Name"]?.Value?.ToString() ?? string.Empty;

    private static bool Is(PSObject item, string property) => LanguagePrimitives.IsTrue(item.Properties[property]?.Value);

    private static object? Unwrap(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;
}
