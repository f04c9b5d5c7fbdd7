using System.Management.Automation;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Authress.Emulator.Requests;
using Authress.Emulator.ServiceClients;
using Authress.PowerShell.Tests.Hosting;
using NSec.Cryptography;

namespace Authress.PowerShell.Tests.Binding;

/// <summary>
/// Two clients <c>{a}</c> and <c>{b}</c>, of which <c>{a}</c> has the keys <c>{k}</c> and <c>{l}</c> and <c>{b}</c> has
/// <c>{m}</c>, and in the session's variables all forms that they come in. After the variables were set, another caller
/// changed the tags of <c>{a}</c>, so that a test sees when the old ones are written again.
/// </summary>
internal sealed partial class BindingFixture
{
    // RFC 8709: the type and the key, each after its length.
    private static readonly byte[] OpenSshHead = [0, 0, 0, 11, .. "ssh-ed25519"u8, 0, 0, 0, 32];

    private readonly Account _account;
    private readonly byte[][] _publicKeys;
    private readonly Dictionary<string, string> _names;
    private readonly SortedDictionary<string, string> _before;

    public BindingFixture(Account account)
    {
        _account = account;
        account.InOrder();
        string a = account.Seed("""{"name":"one","tags":{"env":"prod"},"rateLimits":[{"duration":"PT1H","quota":1000}],"options":{"grantUserPermissionsAccess":true},"later":1}""");
        string b = account.Seed("""{"name":"two"}""");

        // A younger key would not be taken for the one that an empty destination is to replace.
        account.Clock.Shift = TimeSpan.FromDays(-1);
        _names = new()
        {
            [a] = "{a}",
            [b] = "{b}",
            [account.Server.IssueAccessKey(a).Split('.')[1]] = "{k}",
            [account.Server.IssueAccessKey(a).Split('.')[1]] = "{l}",
            [account.Server.IssueAccessKey(b).Split('.')[1]] = "{m}",
        };
        account.Clock.Shift = TimeSpan.Zero;

        PSObject typed = account.Fetch(a);
        PSObject key = account.Run(Fill("Get-AuthressAccessKey {a} {k}")).Ok().Single;
        account.Shell.Set("typed", typed);
        account.Shell.Set("other", account.Fetch(b));
        account.Shell.Set("key", key);
        account.Shell.Set("folder", account.Folder);
        account.Shell.Set("vaults", StandIns.SecretManagement);
        _publicKeys = [NewPublicKey(), NewPublicKey()];
        account.Shell.Set("publicKey", Convert.ToBase64String(_publicKeys[0]));
        account.Shell.Set("bytes", _publicKeys[0]);
        account.Shell.Set("lines", _publicKeys.Select((der, i) => $"ssh-ed25519 {Convert.ToBase64String([.. OpenSshHead, .. der.AsSpan(^32..)])} key-{i}").ToArray());
        account.Shell.Set("manifest", Shell.ModuleManifest);
        // The hosted engine comes without this module; the pinned shell has it.
        account.Shell.Set("threadJobs", Path.Combine(Path.GetDirectoryName(PinnedShell.Pwsh.Program)!, "Modules", "Microsoft.PowerShell.ThreadJob"));
        account.Run("""
            foreach ($name in 'typed', 'key') {
                $object = Get-Variable $name -ValueOnly
                $prefix = if ($name -eq 'key') { 'key' } else { '' }
                $object | Export-Clixml "$folder/$name.xml"
                $object | Export-Csv "$folder/$name.csv"
                Set-Variable ($prefix + 'Deserialized') (Import-Clixml "$folder/$name.xml")
                Set-Variable ($prefix + 'Csv') (Import-Csv "$folder/$name.csv")
                Set-Variable ($prefix + 'Selected') ($object | Select-Object *)
                Set-Variable ($prefix + 'Json') ($object | ConvertTo-Json -Depth 5 | ConvertFrom-Json)
            }
            $connection = Get-AuthressConnection
            """).Ok();
        account.Run($"Set-AuthressServiceClient {a} -Tag @{{ env = 'theirs' }}").Ok();
        account.Server.ClearRequests();
        _before = Facts();
    }

    /// <summary>A script with the ids in place of their names.</summary>
    public string Fill(string script) => _names.Aggregate(script, (text, name) => text.Replace(name.Value, name.Key, StringComparison.Ordinal));

    /// <summary>A text with the names in place of the ids.</summary>
    public string Name(string text) => _names.Aggregate(text, (named, name) => named.Replace(name.Key, name.Value, StringComparison.Ordinal));

    public ShellResult Run(string script) => _account.Run(Fill(script));

    /// <summary>The requests received, each as method, target and body.</summary>
    public IReadOnlyList<string> Sent => [.. _account.Server.Requests.Select(Describe)];

    /// <summary>How the account differs from its initial state.</summary>
    public IReadOnlyList<string> Changed
    {
        get
        {
            SortedDictionary<string, string> after = Facts();
            return
            [
                .. _before.Keys.Union(after.Keys).Order(StringComparer.Ordinal)
                    .Where(fact => _before.GetValueOrDefault(fact) != after.GetValueOrDefault(fact))
                    .Select(fact => $"{fact}: {_before.GetValueOrDefault(fact, "-")} > {after.GetValueOrDefault(fact, "-")}"),
            ];
        }
    }

    /// <summary>Whether the id is one of the names'.</summary>
    public bool Knows(string id) => _names.ContainsKey(id);

    private string Describe(RequestRecord request) => Name($"{request.Method} {request.Target} {WithoutKeys(request.Body)}".TrimEnd());

    // {p} and {q} are the public keys of the variables, {made} is any other. The text is JSON, which escapes a plus sign.
    private string WithoutKeys(string body) => PublicKeyInJson().Replace(body, found => Array.FindIndex(_publicKeys, der => Convert.ToBase64String(der) == JsonNode.Parse(found.Value)!.GetValue<string>()) switch
    {
        0 => "\"{p}\"",
        1 => "\"{q}\"",
        _ => "\"{made}\"",
    });

    [GeneratedRegex("\"MCow[^\"]*\"")]
    private static partial Regex PublicKeyInJson();

    // The public half of a new pair, as its DER form.
    private static byte[] NewPublicKey()
    {
        using Key pair = Key.Create(SignatureAlgorithm.Ed25519);
        return pair.PublicKey.Export(KeyBlobFormat.PkixPublicKey);
    }

    private SortedDictionary<string, string> Facts()
    {
        SortedDictionary<string, string> facts = new(StringComparer.Ordinal);
        foreach (ServiceClientSnapshot client in _account.Server.Clients)
        {
            bool isKnown = _names.TryGetValue(client.ClientId, out string? id);
            id ??= client.Name ?? "unnamed";
            while (!facts.TryAdd(id, "there"))
                id += "'";
            Add(".name", isKnown ? client.Name : null);
            Add(".tags", string.Join(";", client.Tags.Select(tag => $"{tag.Key}={tag.Value}")));
            Add(".users", client.GrantUserPermissionsAccess ? "yes" : null);
            Add(".tokens", client.GrantTokenGeneration ? "yes" : null);
            Add(".limit", string.Join(";", client.RateLimits.Select(limit => $"{limit.Duration}:{limit.Quota}")));
            Add(".keys", isKnown ? string.Join(",", client.Keys.Select(key => _names.GetValueOrDefault(key.KeyId, "new"))) : null);

            void Add(string field, string? value)
            {
                if (!string.IsNullOrEmpty(value))
                    facts.Add(id + field, value);
            }
        }

        return facts;
    }
}
