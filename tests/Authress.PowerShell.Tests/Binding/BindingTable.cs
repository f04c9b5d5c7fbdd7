namespace Authress.PowerShell.Tests.Binding;

/// <summary>Every way in which input binds, and the result. The names in braces are those of <see cref="BindingFixture"/>.</summary>
/// <param name="Cmdlet">The cmdlet.</param>
/// <param name="Source">Its input, and how it is passed.</param>
/// <param name="Set">The parameter set, where the cmdlet has several. A typed client's own set keeps the changes of another
/// caller; in the other one the object's values are written.</param>
/// <param name="Script">The script.</param>
/// <param name="Sent">All that is sent: method, target and body.</param>
/// <param name="Changed">All that differs afterwards: a fact, what it was, and what it is.</param>
/// <param name="Output">What is returned: clients by id or else by name, keys by their client's id and their own.</param>
internal sealed record BindingRow(string Cmdlet, string Source, string Set, string Script, string[] Sent, string[] Changed, string[] Output);

internal static class BindingTable
{
    private const string GetA = "GET /v1/clients/{a}";
    private const string GetB = "GET /v1/clients/{b}";
    private const string DeleteA = "DELETE /v1/clients/{a}";
    private const string DeleteB = "DELETE /v1/clients/{b}";
    private const string NewKeyA = "POST /v1/clients/{a}/access-keys {}";
    private const string NewKeyB = "POST /v1/clients/{b}/access-keys {}";
    private const string RegisterA = """POST /v1/clients/{a}/access-keys {"publicKey":"{p}"}""";
    private const string GenerateA = """POST /v1/clients/{a}/access-keys {"publicKey":"{made}"}""";
    private const string NewKeyOfA = "{a}.keys: {k},{l} > {k},{l},new";
    private const string NewKeyOfB = "{b}.keys: {m} > {m},new";
    private const string RotatedB = "{b}.keys: {m} > new";
    private const string Probe = "GET /v1/clients?limit=1";
    private const string StartB = "Start-AuthressAccessKeyRotation -ClientId {b} -OutFile \"$folder/{b}.key\" -OverlapPeriod 0";
    private const string DeleteK = "DELETE /v1/clients/{a}/access-keys/{k}";
    private const string DeleteL = "DELETE /v1/clients/{a}/access-keys/{l}";
    private const string RenameB = """PUT /v1/clients/{b} {"name":"new","tags":null,"rateLimits":null,"options":{"grantUserPermissionsAccess":false,"grantTokenGeneration":false}}""";
    private const string RenameA = """PUT /v1/clients/{a} {"name":"new","tags":{"env":"theirs"},"rateLimits":[{"duration":"PT1H","quota":1000}],"options":{"grantUserPermissionsAccess":true,"grantTokenGeneration":false},"later":1}""";
    private const string RenameAndTagA = """PUT /v1/clients/{a} {"name":"new","tags":{"env":"prod"},"rateLimits":[{"duration":"PT1H","quota":1000}],"options":{"grantUserPermissionsAccess":true,"grantTokenGeneration":false},"later":1}""";
    private const string CreateOne = """POST /v1/clients {"name":"one","tags":{"env":"prod"},"rateLimits":[{"duration":"PT1H","quota":1000}],"options":{"grantUserPermissionsAccess":true,"grantTokenGeneration":false}}""";
    private const string NameOfA = "{a}.name: one > new";

    private static readonly string[] GoneA = ["{a}: there > -", "{a}.keys: {k},{l} > -", "{a}.limit: PT1H:1000 > -", "{a}.name: one > -", "{a}.tags: env=theirs > -", "{a}.users: yes > -"];
    private static readonly string[] GoneAB = ["{a}: there > -", "{a}.keys: {k},{l} > -", "{a}.limit: PT1H:1000 > -", "{a}.name: one > -", "{a}.tags: env=theirs > -", "{a}.users: yes > -", "{b}: there > -", "{b}.keys: {m} > -", "{b}.name: two > -"];
    private static readonly string[] One = ["one: - > there", "one.limit: - > PT1H:1000", "one.tags: - > env=prod", "one.users: - > yes"];

    // The new key is proved, and so is the copy in the destination.
    private static readonly string[] StartedA = [GetA, GenerateA, GetA, Probe, Probe, GetA, Probe, Probe];
    private static readonly string[] StartedB = [.. StartedA.Select(request => request.Replace("{a}", "{b}", StringComparison.Ordinal))];
    private static readonly string[] CompletedB = [.. StartedB, GetB, GetB, Probe, Probe, "DELETE /v1/clients/{b}/access-keys/{m}", GetB];

    public static IReadOnlyList<BindingRow> Rows { get; } =
    [
        new("Get-AuthressServiceClient", "nothing", "List", "Get-AuthressServiceClient -PageSize 20", ["GET /v1/clients?limit=20"], [], ["admin", "{a}", "{b}"]),
        new("Get-AuthressServiceClient", "named parameter", "Id", "Get-AuthressServiceClient -ClientId {a}", [GetA], [], ["{a}"]),
        new("Get-AuthressServiceClient", "positional", "Id", "Get-AuthressServiceClient {a}", [GetA], [], ["{a}"]),
        new("Get-AuthressServiceClient", "array parameter", "Id", "Get-AuthressServiceClient -ClientId {b}, {a}", [GetB, GetA], [], ["{b}", "{a}"]),
        new("Get-AuthressServiceClient", "string by value", "Id", "'{a}' | Get-AuthressServiceClient", [GetA], [], ["{a}"]),
        new("Get-AuthressServiceClient", "strings by value", "Id", "'{b}', '{a}' | Get-AuthressServiceClient", [GetB, GetA], [], ["{b}", "{a}"]),
        new("Get-AuthressServiceClient", "array by value", "Id", "@(, @('{b}', '{a}')) | Get-AuthressServiceClient", [GetB, GetA], [], ["{b}", "{a}"]),
        new("Get-AuthressServiceClient", "PSCustomObject", "Id", "[pscustomobject]@{ ClientId = '{a}' } | Get-AuthressServiceClient", [GetA], [], ["{a}"]),
        new("Get-AuthressServiceClient", "CSV row", "Id", "$csv | Get-AuthressServiceClient", [GetA], [], ["{a}"]),
        new("Get-AuthressServiceClient", "typed object", "Id", "$typed | Get-AuthressServiceClient", [GetA], [], ["{a}"]),
        new("Get-AuthressServiceClient", "typed objects", "Id", "$other, $typed | Get-AuthressServiceClient", [GetB, GetA], [], ["{b}", "{a}"]),
        new("Get-AuthressServiceClient", "typed argument", "Id", "Get-AuthressServiceClient $typed", [GetA], [], ["{a}"]),
        new("Get-AuthressServiceClient", "typed arguments", "Id", "Get-AuthressServiceClient $other, $typed", [GetB, GetA], [], ["{b}", "{a}"]),
        new("Get-AuthressServiceClient", "deserialized object", "Id", "$deserialized | Get-AuthressServiceClient", [GetA], [], ["{a}"]),
        new("Get-AuthressServiceClient", "selected object", "Id", "$selected | Get-AuthressServiceClient", [GetA], [], ["{a}"]),
        new("Get-AuthressServiceClient", "JSON object", "Id", "$json | Get-AuthressServiceClient", [GetA], [], ["{a}"]),
        new("Get-AuthressServiceClient", "access key", "Id", "$key | Get-AuthressServiceClient", [GetA], [], ["{a}"]),

        new("New-AuthressServiceClient", "named parameter", "only", "New-AuthressServiceClient -Name one -Tag @{ env = 'prod' } -GrantUserPermissionsAccess $true -GrantTokenGeneration $false -RateLimit PT1H:1000", [CreateOne], One, ["one"]),
        new("New-AuthressServiceClient", "positional", "only", "New-AuthressServiceClient one -Tag @{ env = 'prod' } -GrantUserPermissionsAccess $true -GrantTokenGeneration $false -RateLimit PT1H:1000", [CreateOne], One, ["one"]),
        new("New-AuthressServiceClient", "string by value", "only", "'x' | New-AuthressServiceClient -Tag env=prod", ["""POST /v1/clients {"name":"x","tags":{"env":"prod"}}"""], ["x: - > there", "x.tags: - > env=prod"], ["x"]),
        new("New-AuthressServiceClient", "strings by value", "only", "'x', 'y' | New-AuthressServiceClient", ["""POST /v1/clients {"name":"x"}""", """POST /v1/clients {"name":"y"}"""], ["x: - > there", "y: - > there"], ["x", "y"]),
        new("New-AuthressServiceClient", "strings among objects", "only", "[pscustomobject]@{ Name = 'x'; Tag = 'env=prod' }, 'y', [pscustomobject]@{ Name = 'z' } | New-AuthressServiceClient", ["""POST /v1/clients {"name":"x","tags":{"env":"prod"}}""", """POST /v1/clients {"name":"y"}""", """POST /v1/clients {"name":"z"}"""], ["x: - > there", "x.tags: - > env=prod", "y: - > there", "z: - > there"], ["x", "y", "z"]),
        new("New-AuthressServiceClient", "PSCustomObject", "only", "[pscustomobject]@{ Name = 'one'; Tag = @{ env = 'prod' } } | New-AuthressServiceClient", ["""POST /v1/clients {"name":"one","tags":{"env":"prod"}}"""], ["one: - > there", "one.tags: - > env=prod"], ["one"]),
        new("New-AuthressServiceClient", "PSCustomObjects", "only", "[pscustomobject]@{ Name = 'x' }, [pscustomobject]@{ Name = 'y' } | New-AuthressServiceClient", ["""POST /v1/clients {"name":"x"}""", """POST /v1/clients {"name":"y"}"""], ["x: - > there", "y: - > there"], ["x", "y"]),
        new("New-AuthressServiceClient", "CSV row", "only", "$csv | New-AuthressServiceClient", [CreateOne], One, ["one"]),
        new("New-AuthressServiceClient", "typed object", "only", "$typed | New-AuthressServiceClient", [CreateOne], One, ["one"]),
        new("New-AuthressServiceClient", "deserialized object", "only", "$deserialized | New-AuthressServiceClient", [CreateOne], One, ["one"]),
        new("New-AuthressServiceClient", "selected object", "only", "$selected | New-AuthressServiceClient", [CreateOne], One, ["one"]),
        new("New-AuthressServiceClient", "JSON object", "only", "$json | New-AuthressServiceClient", [CreateOne], One, ["one"]),
        new("New-AuthressServiceClient", "typed object and a parameter", "only", "$typed | New-AuthressServiceClient -Name copy -GrantUserPermissionsAccess $false", ["""POST /v1/clients {"name":"copy","tags":{"env":"prod"},"rateLimits":[{"duration":"PT1H","quota":1000}],"options":{"grantUserPermissionsAccess":false,"grantTokenGeneration":false}}"""], ["copy: - > there", "copy.limit: - > PT1H:1000", "copy.tags: - > env=prod"], ["copy"]),

        new("Set-AuthressServiceClient", "named parameter", "Id", "Set-AuthressServiceClient -ClientId {a} -Name new", [GetA, RenameA], [NameOfA], []),
        new("Set-AuthressServiceClient", "positional", "Id", "Set-AuthressServiceClient {a} -Name new", [GetA, RenameA], [NameOfA], []),
        new("Set-AuthressServiceClient", "string by value", "Id", "'{a}' | Set-AuthressServiceClient -Name new", [GetA, RenameA], [NameOfA], []),
        new("Set-AuthressServiceClient", "strings by value", "Id", "'{a}', '{b}' | Set-AuthressServiceClient -Name new", [GetA, RenameA, GetB, RenameB], [NameOfA, "{b}.name: two > new"], []),
        new("Set-AuthressServiceClient", "PSCustomObject", "Id", "[pscustomobject]@{ ClientId = '{a}'; Name = 'new' } | Set-AuthressServiceClient", [GetA, RenameA], [NameOfA], []),
        new("Set-AuthressServiceClient", "PSCustomObject and a parameter", "Id", "[pscustomobject]@{ ClientId = '{a}'; Name = 'row' } | Set-AuthressServiceClient -Name new", [GetA, RenameA], [NameOfA], []),
        new("Set-AuthressServiceClient", "row of values alone", "Id", "[pscustomobject]@{ Name = 'new' } | Set-AuthressServiceClient -ClientId {a}", [GetA, RenameA], [NameOfA], []),
        new("Set-AuthressServiceClient", "CSV row", "Id", "$csv.Name = 'new'; $csv | Set-AuthressServiceClient", [GetA, RenameAndTagA], [NameOfA, "{a}.tags: env=theirs > env=prod"], []),
        new("Set-AuthressServiceClient", "typed object", "InputObject", "$typed.Name = 'new'; $typed | Set-AuthressServiceClient", [GetA, RenameA], [NameOfA], []),
        new("Set-AuthressServiceClient", "typed object in a thread job", "InputObject", "Import-Module $threadJobs; Start-ThreadJob { Import-Module $using:manifest; $using:typed | Set-AuthressServiceClient -Name new -Connection $using:connection } | Receive-Job -Wait -AutoRemoveJob", [GetA, RenameA], [NameOfA], []),
        new("Set-AuthressServiceClient", "typed object and a parameter", "InputObject", "$typed | Set-AuthressServiceClient -Name new", [GetA, RenameA], [NameOfA], []),
        new("Set-AuthressServiceClient", "typed object edited and the same parameter", "InputObject", "$typed.Name = 'edited'; $typed | Set-AuthressServiceClient -Name new", [GetA, RenameA], [NameOfA], []),
        new("Set-AuthressServiceClient", "typed objects", "InputObject", "$typed, $other | Set-AuthressServiceClient -Name new", [GetA, RenameA, GetB, RenameB], [NameOfA, "{b}.name: two > new"], []),
        new("Set-AuthressServiceClient", "typed argument", "InputObject", "$typed.Name = 'new'; Set-AuthressServiceClient $typed", [GetA, RenameA], [NameOfA], []),
        new("Set-AuthressServiceClient", "named typed argument", "InputObject", "$typed.Name = 'new'; Set-AuthressServiceClient -InputObject $typed", [GetA, RenameA], [NameOfA], []),
        new("Set-AuthressServiceClient", "typed argument in place of an id", "Id", "Set-AuthressServiceClient -ClientId $typed -Name new", [GetA, RenameA], [NameOfA], []),
        new("Set-AuthressServiceClient", "deserialized object", "Id", "$deserialized.Name = 'new'; $deserialized | Set-AuthressServiceClient", [GetA, RenameAndTagA], [NameOfA, "{a}.tags: env=theirs > env=prod"], []),
        new("Set-AuthressServiceClient", "deserialized object and a parameter", "Id", "$deserialized | Set-AuthressServiceClient -Name new", [GetA, RenameAndTagA], [NameOfA, "{a}.tags: env=theirs > env=prod"], []),
        new("Set-AuthressServiceClient", "selected object", "Id", "$selected.Name = 'new'; $selected | Set-AuthressServiceClient", [GetA, RenameAndTagA], [NameOfA, "{a}.tags: env=theirs > env=prod"], []),
        new("Set-AuthressServiceClient", "JSON object", "Id", "$json.Name = 'new'; $json | Set-AuthressServiceClient", [GetA, RenameAndTagA], [NameOfA, "{a}.tags: env=theirs > env=prod"], []),
        new("Set-AuthressServiceClient", "access key", "Id", "$key | Set-AuthressServiceClient -Name new", [GetA, RenameA], [NameOfA], []),

        new("Remove-AuthressServiceClient", "named parameter", "only", "Remove-AuthressServiceClient -ClientId {a}", [DeleteA], GoneA, []),
        new("Remove-AuthressServiceClient", "positional", "only", "Remove-AuthressServiceClient {a}", [DeleteA], GoneA, []),
        new("Remove-AuthressServiceClient", "array parameter", "only", "Remove-AuthressServiceClient -ClientId {b}, {a}", [DeleteB, DeleteA], GoneAB, []),
        new("Remove-AuthressServiceClient", "string by value", "only", "'{a}' | Remove-AuthressServiceClient", [DeleteA], GoneA, []),
        new("Remove-AuthressServiceClient", "strings by value", "only", "'{b}', '{a}' | Remove-AuthressServiceClient", [DeleteB, DeleteA], GoneAB, []),
        new("Remove-AuthressServiceClient", "array by value", "only", "@(, @('{b}', '{a}')) | Remove-AuthressServiceClient", [DeleteB, DeleteA], GoneAB, []),
        new("Remove-AuthressServiceClient", "PSCustomObject", "only", "[pscustomobject]@{ ClientId = '{a}' } | Remove-AuthressServiceClient", [DeleteA], GoneA, []),
        new("Remove-AuthressServiceClient", "PSCustomObject with an array", "only", "[pscustomobject]@{ ClientId = '{b}', '{a}' } | Remove-AuthressServiceClient", [DeleteB, DeleteA], GoneAB, []),
        new("Remove-AuthressServiceClient", "CSV row", "only", "$csv | Remove-AuthressServiceClient", [DeleteA], GoneA, []),
        new("Remove-AuthressServiceClient", "typed object", "only", "$typed | Remove-AuthressServiceClient", [DeleteA], GoneA, []),
        new("Remove-AuthressServiceClient", "typed object in ForEach-Object -Parallel", "only", "$typed | ForEach-Object -Parallel { Import-Module $using:manifest; $_ | Remove-AuthressServiceClient -Connection $using:connection -Confirm:$false }", [DeleteA], GoneA, []),
        new("Remove-AuthressServiceClient", "typed objects", "only", "$other, $typed | Remove-AuthressServiceClient", [DeleteB, DeleteA], GoneAB, []),
        new("Remove-AuthressServiceClient", "typed argument", "only", "Remove-AuthressServiceClient $typed", [DeleteA], GoneA, []),
        new("Remove-AuthressServiceClient", "typed arguments", "only", "Remove-AuthressServiceClient $other, $typed", [DeleteB, DeleteA], GoneAB, []),
        new("Remove-AuthressServiceClient", "deserialized object", "only", "$deserialized | Remove-AuthressServiceClient", [DeleteA], GoneA, []),
        new("Remove-AuthressServiceClient", "selected object", "only", "$selected | Remove-AuthressServiceClient", [DeleteA], GoneA, []),
        new("Remove-AuthressServiceClient", "JSON object", "only", "$json | Remove-AuthressServiceClient", [DeleteA], GoneA, []),
        new("Remove-AuthressServiceClient", "typed object and its own id", "only", "$typed | Remove-AuthressServiceClient -ClientId {a}", [DeleteA], GoneA, []),

        new("New-AuthressAccessKey", "named parameter", "only", "New-AuthressAccessKey -ClientId {a}", [NewKeyA], [NewKeyOfA], ["{a}/new"]),
        new("New-AuthressAccessKey", "positional", "only", "New-AuthressAccessKey {a}", [NewKeyA], [NewKeyOfA], ["{a}/new"]),
        new("New-AuthressAccessKey", "array parameter", "only", "New-AuthressAccessKey -ClientId {b}, {a}", [NewKeyB, NewKeyA], [NewKeyOfA, NewKeyOfB], ["{b}/new", "{a}/new"]),
        new("New-AuthressAccessKey", "string by value", "only", "'{a}' | New-AuthressAccessKey", [NewKeyA], [NewKeyOfA], ["{a}/new"]),
        new("New-AuthressAccessKey", "strings by value", "only", "'{b}', '{a}' | New-AuthressAccessKey", [NewKeyB, NewKeyA], [NewKeyOfA, NewKeyOfB], ["{b}/new", "{a}/new"]),
        new("New-AuthressAccessKey", "array by value", "only", "@(, @('{b}', '{a}')) | New-AuthressAccessKey", [NewKeyB, NewKeyA], [NewKeyOfA, NewKeyOfB], ["{b}/new", "{a}/new"]),
        new("New-AuthressAccessKey", "PSCustomObject", "only", "[pscustomobject]@{ ClientId = '{a}' } | New-AuthressAccessKey", [NewKeyA], [NewKeyOfA], ["{a}/new"]),
        new("New-AuthressAccessKey", "PSCustomObject with an array", "only", "[pscustomobject]@{ ClientId = '{b}', '{a}' } | New-AuthressAccessKey", [NewKeyB, NewKeyA], [NewKeyOfA, NewKeyOfB], ["{b}/new", "{a}/new"]),
        new("New-AuthressAccessKey", "CSV row", "only", "$csv | New-AuthressAccessKey", [NewKeyA], [NewKeyOfA], ["{a}/new"]),
        new("New-AuthressAccessKey", "typed object", "only", "$typed | New-AuthressAccessKey", [NewKeyA], [NewKeyOfA], ["{a}/new"]),
        new("New-AuthressAccessKey", "typed objects", "only", "$other, $typed | New-AuthressAccessKey", [NewKeyB, NewKeyA], [NewKeyOfA, NewKeyOfB], ["{b}/new", "{a}/new"]),
        new("New-AuthressAccessKey", "typed argument", "only", "New-AuthressAccessKey $typed", [NewKeyA], [NewKeyOfA], ["{a}/new"]),
        new("New-AuthressAccessKey", "typed arguments", "only", "New-AuthressAccessKey $other, $typed", [NewKeyB, NewKeyA], [NewKeyOfA, NewKeyOfB], ["{b}/new", "{a}/new"]),
        new("New-AuthressAccessKey", "deserialized object", "only", "$deserialized | New-AuthressAccessKey", [NewKeyA], [NewKeyOfA], ["{a}/new"]),
        new("New-AuthressAccessKey", "selected object", "only", "$selected | New-AuthressAccessKey", [NewKeyA], [NewKeyOfA], ["{a}/new"]),
        new("New-AuthressAccessKey", "JSON object", "only", "$json | New-AuthressAccessKey", [NewKeyA], [NewKeyOfA], ["{a}/new"]),
        new("New-AuthressAccessKey", "access key", "only", "$key | New-AuthressAccessKey", [NewKeyA], [NewKeyOfA], ["{a}/new"]),
        new("New-AuthressAccessKey", "public key by value", "PublicKey", "$publicKey | New-AuthressAccessKey -ClientId {a}", [RegisterA], [NewKeyOfA], ["{a}/new"]),
        new("New-AuthressAccessKey", "public keys by value", "PublicKey", "$lines | New-AuthressAccessKey {a}", [RegisterA, RegisterA.Replace("{p}", "{q}", StringComparison.Ordinal)], [NewKeyOfA + ",new"], ["{a}/new", "{a}/new"]),
        new("New-AuthressAccessKey", "public key as argument", "PublicKey", "New-AuthressAccessKey {a} -PublicKey $publicKey", [RegisterA], [NewKeyOfA], ["{a}/new"]),
        new("New-AuthressAccessKey", "public key as bytes", "PublicKey", "New-AuthressAccessKey {a} -PublicKey $bytes", [RegisterA], [NewKeyOfA], ["{a}/new"]),
        new("New-AuthressAccessKey", "public key in lines", "PublicKey", "New-AuthressAccessKey {a} -PublicKey '-----BEGIN PUBLIC KEY-----', $publicKey, '-----END PUBLIC KEY-----'", [RegisterA], [NewKeyOfA], ["{a}/new"]),
        new("New-AuthressAccessKey", "typed object and a public key", "PublicKey", "$typed | New-AuthressAccessKey -PublicKey $publicKey", [RegisterA], [NewKeyOfA], ["{a}/new"]),
        new("New-AuthressAccessKey", "PSCustomObject and a public key", "PublicKey", "[pscustomobject]@{ ClientId = '{a}' } | New-AuthressAccessKey -PublicKey $publicKey", [RegisterA], [NewKeyOfA], ["{a}/new"]),
        new("New-AuthressAccessKey", "string by value and a public key", "PublicKey", "'{a}' | New-AuthressAccessKey -PublicKey $publicKey", [RegisterA], [NewKeyOfA], ["{a}/new"]),
        new("New-AuthressAccessKey", "typed object, generated locally", "SecureString", "$typed | New-AuthressAccessKey -GenerateLocally", [GenerateA], [NewKeyOfA], ["{a}/new"]),
        new("New-AuthressAccessKey", "strings by value, generated locally", "PlainText", "'{a}', '{a}' | New-AuthressAccessKey -GenerateLocally -AsPlainText", [GenerateA, GenerateA], [NewKeyOfA + ",new"], ["{a}/new", "{a}/new"]),
        new("New-AuthressAccessKey", "row with a file", "OutFile", "[pscustomobject]@{ ClientId = '{a}'; OutFile = \"$folder/row-{a}\" } | New-AuthressAccessKey; $null = Get-Item \"$folder/row-{a}\" -ErrorAction Stop", [NewKeyA], [NewKeyOfA], ["{a}/new"]),
        new("New-AuthressAccessKey", "typed objects and a file each", "OutFile", "$typed, $other | New-AuthressAccessKey -OutFile { \"$folder/each-$($_.ClientId)\" }", [NewKeyA, NewKeyB], [NewKeyOfA, NewKeyOfB], ["{a}/new", "{b}/new"]),
        new("New-AuthressAccessKey", "row with a secret's name", "Vault", "Import-Module $vaults; [pscustomobject]@{ ClientId = '{a}'; SecretName = 'row-{a}' } | New-AuthressAccessKey; $null = Get-Secret -Name 'row-{a}' -ErrorAction Stop", [NewKeyA], [NewKeyOfA], ["{a}/new"]),
        new("New-AuthressAccessKey", "row with a secret's name and a vault", "Vault", "Import-Module $vaults; [pscustomobject]@{ ClientId = '{a}'; SecretName = 'vault-{a}'; VaultName = 'spare' } | New-AuthressAccessKey; $null = Get-Secret -Name 'vault-{a}' -Vault spare -ErrorAction Stop", [NewKeyA], [NewKeyOfA], ["{a}/new"]),
        new("New-AuthressAccessKey", "row with a vault for a named secret", "Vault", "Import-Module $vaults; [pscustomobject]@{ ClientId = '{a}'; VaultName = 'spare' } | New-AuthressAccessKey -SecretName 'named-{a}'; $null = Get-Secret -Name 'named-{a}' -Vault spare -ErrorAction Stop", [NewKeyA], [NewKeyOfA], ["{a}/new"]),
        new("New-AuthressAccessKey", "rows with a secret's name, with and without a vault", "Vault", "Import-Module $vaults; [pscustomobject]@{ ClientId = '{a}'; SecretName = 'spare-{a}'; VaultName = 'spare' }, [pscustomobject]@{ ClientId = '{a}'; SecretName = 'ops-{a}'; VaultName = '' } | New-AuthressAccessKey; $null = Get-Secret -Name 'spare-{a}' -Vault spare -ErrorAction Stop; $null = Get-Secret -Name 'ops-{a}' -Vault ops -ErrorAction Stop", [NewKeyA, NewKeyA], [NewKeyOfA + ",new"], ["{a}/new", "{a}/new"]),
        new("New-AuthressAccessKey", "typed objects and a secret each", "Vault", "Import-Module $vaults; $typed, $other | New-AuthressAccessKey -SecretName { \"each-$($_.ClientId)\" } -GenerateLocally", [GenerateA, GenerateA.Replace("{a}", "{b}", StringComparison.Ordinal)], [NewKeyOfA, NewKeyOfB], ["{a}/new", "{b}/new"]),
        new("New-AuthressAccessKey", "string by value and scripts", "Script", "$global:place = $null; '{a}' | New-AuthressAccessKey -SaveScript { $global:place = $_.AccessKey } -ReadScript { $global:place }", [NewKeyA], [NewKeyOfA], ["{a}/new"]),

        new("Get-AuthressAccessKey", "named parameter", "only", "Get-AuthressAccessKey -ClientId {a}", [GetA], [], ["{a}/{k}", "{a}/{l}"]),
        new("Get-AuthressAccessKey", "positional", "only", "Get-AuthressAccessKey {a}", [GetA], [], ["{a}/{k}", "{a}/{l}"]),
        new("Get-AuthressAccessKey", "array parameter", "only", "Get-AuthressAccessKey -ClientId {b}, {a}", [GetB, GetA], [], ["{b}/{m}", "{a}/{k}", "{a}/{l}"]),
        new("Get-AuthressAccessKey", "string by value", "only", "'{a}' | Get-AuthressAccessKey", [GetA], [], ["{a}/{k}", "{a}/{l}"]),
        new("Get-AuthressAccessKey", "strings by value", "only", "'{b}', '{a}' | Get-AuthressAccessKey", [GetB, GetA], [], ["{b}/{m}", "{a}/{k}", "{a}/{l}"]),
        new("Get-AuthressAccessKey", "array by value", "only", "@(, @('{b}', '{a}')) | Get-AuthressAccessKey", [GetB, GetA], [], ["{b}/{m}", "{a}/{k}", "{a}/{l}"]),
        new("Get-AuthressAccessKey", "PSCustomObject", "only", "[pscustomobject]@{ ClientId = '{a}' } | Get-AuthressAccessKey", [GetA], [], ["{a}/{k}", "{a}/{l}"]),
        new("Get-AuthressAccessKey", "PSCustomObject with an array", "only", "[pscustomobject]@{ ClientId = '{b}', '{a}' } | Get-AuthressAccessKey", [GetB, GetA], [], ["{b}/{m}", "{a}/{k}", "{a}/{l}"]),
        new("Get-AuthressAccessKey", "CSV row", "only", "$csv | Get-AuthressAccessKey", [GetA], [], ["{a}/{k}", "{a}/{l}"]),
        new("Get-AuthressAccessKey", "typed object", "only", "$typed | Get-AuthressAccessKey", [GetA], [], ["{a}/{k}", "{a}/{l}"]),
        new("Get-AuthressAccessKey", "typed objects", "only", "$other, $typed | Get-AuthressAccessKey", [GetB, GetA], [], ["{b}/{m}", "{a}/{k}", "{a}/{l}"]),
        new("Get-AuthressAccessKey", "typed argument", "only", "Get-AuthressAccessKey $typed", [GetA], [], ["{a}/{k}", "{a}/{l}"]),
        new("Get-AuthressAccessKey", "typed arguments", "only", "Get-AuthressAccessKey $other, $typed", [GetB, GetA], [], ["{b}/{m}", "{a}/{k}", "{a}/{l}"]),
        new("Get-AuthressAccessKey", "deserialized object", "only", "$deserialized | Get-AuthressAccessKey", [GetA], [], ["{a}/{k}", "{a}/{l}"]),
        new("Get-AuthressAccessKey", "selected object", "only", "$selected | Get-AuthressAccessKey", [GetA], [], ["{a}/{k}", "{a}/{l}"]),
        new("Get-AuthressAccessKey", "JSON object", "only", "$json | Get-AuthressAccessKey", [GetA], [], ["{a}/{k}", "{a}/{l}"]),
        new("Get-AuthressAccessKey", "two positional", "only", "Get-AuthressAccessKey {a} {k}", [GetA], [], ["{a}/{k}"]),
        new("Get-AuthressAccessKey", "named key", "only", "Get-AuthressAccessKey -ClientId {a} -KeyId {k}", [GetA], [], ["{a}/{k}"]),
        new("Get-AuthressAccessKey", "typed object and a key", "only", "$typed | Get-AuthressAccessKey -KeyId {k}", [GetA], [], ["{a}/{k}"]),
        new("Get-AuthressAccessKey", "string by value and a key", "only", "'{a}' | Get-AuthressAccessKey -KeyId {k}", [GetA], [], ["{a}/{k}"]),
        new("Get-AuthressAccessKey", "access key", "only", "$key | Get-AuthressAccessKey", [GetA], [], ["{a}/{k}"]),
        new("Get-AuthressAccessKey", "access key as argument", "only", "Get-AuthressAccessKey {a} $key", [GetA], [], ["{a}/{k}"]),
        new("Get-AuthressAccessKey", "CSV row of a key", "only", "$keyCsv | Get-AuthressAccessKey", [GetA], [], ["{a}/{k}"]),
        new("Get-AuthressAccessKey", "deserialized key", "only", "$keyDeserialized | Get-AuthressAccessKey", [GetA], [], ["{a}/{k}"]),
        new("Get-AuthressAccessKey", "selected key", "only", "$keySelected | Get-AuthressAccessKey", [GetA], [], ["{a}/{k}"]),
        new("Get-AuthressAccessKey", "row of a key alone", "only", "[pscustomobject]@{ KeyId = '{k}' } | Get-AuthressAccessKey -ClientId {a}", [GetA], [], ["{a}/{k}"]),

        new("Remove-AuthressAccessKey", "named parameter", "only", "Remove-AuthressAccessKey -ClientId {a} -KeyId {k}", [DeleteK], ["{a}.keys: {k},{l} > {l}"], []),
        new("Remove-AuthressAccessKey", "positional", "only", "Remove-AuthressAccessKey {a} {k}", [DeleteK], ["{a}.keys: {k},{l} > {l}"], []),
        new("Remove-AuthressAccessKey", "array parameter", "only", "Remove-AuthressAccessKey {a} {k}, {l}", [DeleteK, DeleteL], ["{a}.keys: {k},{l} > -"], []),
        new("Remove-AuthressAccessKey", "string by value", "only", "'{k}' | Remove-AuthressAccessKey -ClientId {a}", [DeleteK], ["{a}.keys: {k},{l} > {l}"], []),
        new("Remove-AuthressAccessKey", "strings by value", "only", "'{k}', '{l}' | Remove-AuthressAccessKey {a}", [DeleteK, DeleteL], ["{a}.keys: {k},{l} > -"], []),
        new("Remove-AuthressAccessKey", "array by value", "only", "@(, @('{k}', '{l}')) | Remove-AuthressAccessKey {a}", [DeleteK, DeleteL], ["{a}.keys: {k},{l} > -"], []),
        new("Remove-AuthressAccessKey", "PSCustomObject", "only", "[pscustomobject]@{ ClientId = '{a}'; KeyId = '{k}' } | Remove-AuthressAccessKey", [DeleteK], ["{a}.keys: {k},{l} > {l}"], []),
        new("Remove-AuthressAccessKey", "PSCustomObject with an array", "only", "[pscustomobject]@{ ClientId = '{a}'; KeyId = '{k}', '{l}' } | Remove-AuthressAccessKey", [DeleteK, DeleteL], ["{a}.keys: {k},{l} > -"], []),
        new("Remove-AuthressAccessKey", "row of a key alone", "only", "[pscustomobject]@{ KeyId = '{k}' } | Remove-AuthressAccessKey -ClientId {a}", [DeleteK], ["{a}.keys: {k},{l} > {l}"], []),
        new("Remove-AuthressAccessKey", "CSV row", "only", "$keyCsv | Remove-AuthressAccessKey", [DeleteK], ["{a}.keys: {k},{l} > {l}"], []),
        new("Remove-AuthressAccessKey", "typed object", "only", "$key | Remove-AuthressAccessKey", [DeleteK], ["{a}.keys: {k},{l} > {l}"], []),
        new("Remove-AuthressAccessKey", "typed object and its own ids", "only", "$key | Remove-AuthressAccessKey -ClientId {a} -KeyId {k}", [DeleteK], ["{a}.keys: {k},{l} > {l}"], []),
        new("Remove-AuthressAccessKey", "typed argument", "only", "Remove-AuthressAccessKey {a} $key", [DeleteK], ["{a}.keys: {k},{l} > {l}"], []),
        new("Remove-AuthressAccessKey", "typed arguments", "only", "Remove-AuthressAccessKey $typed $key", [DeleteK], ["{a}.keys: {k},{l} > {l}"], []),
        new("Remove-AuthressAccessKey", "service client and a key", "only", "$typed | Remove-AuthressAccessKey -KeyId {k}", [DeleteK], ["{a}.keys: {k},{l} > {l}"], []),
        new("Remove-AuthressAccessKey", "deserialized object", "only", "$keyDeserialized | Remove-AuthressAccessKey", [DeleteK], ["{a}.keys: {k},{l} > {l}"], []),
        new("Remove-AuthressAccessKey", "selected object", "only", "$keySelected | Remove-AuthressAccessKey", [DeleteK], ["{a}.keys: {k},{l} > {l}"], []),
        new("Remove-AuthressAccessKey", "JSON object", "only", "$keyJson | Remove-AuthressAccessKey", [DeleteK], ["{a}.keys: {k},{l} > {l}"], []),

        new("Start-AuthressAccessKeyRotation", "named parameter", "only", "Start-AuthressAccessKeyRotation -ClientId {b} -OutFile \"$folder/{b}.key\"", StartedB, [NewKeyOfB], ["{b}"]),
        new("Start-AuthressAccessKeyRotation", "positional", "only", "Start-AuthressAccessKeyRotation {b} -OutFile \"$folder/{b}.key\"", StartedB, [NewKeyOfB], ["{b}"]),
        new("Start-AuthressAccessKeyRotation", "string by value", "only", "'{b}' | Start-AuthressAccessKeyRotation -OutFile \"$folder/{b}.key\"", StartedB, [NewKeyOfB], ["{b}"]),
        new("Start-AuthressAccessKeyRotation", "PSCustomObject", "only", "[pscustomobject]@{ ClientId = '{b}'; OutFile = \"$folder/{b}.key\" } | Start-AuthressAccessKeyRotation", StartedB, [NewKeyOfB], ["{b}"]),
        new("Start-AuthressAccessKeyRotation", "PSCustomObject with empty cells", "only", "[pscustomobject]@{ ClientId = '{b}'; KeyId = ''; OutFile = \"$folder/{b}.key\"; SecretName = ''; VaultName = $null } | Start-AuthressAccessKeyRotation", StartedB, [NewKeyOfB], ["{b}"]),
        new("Start-AuthressAccessKeyRotation", "PSCustomObject with a secret", "only", "Import-Module $vaults; [pscustomobject]@{ ClientId = '{b}'; SecretName = 'row-{b}'; VaultName = 'ops' } | Start-AuthressAccessKeyRotation; $null = Get-Secret -Name 'row-{b}' -ErrorAction Stop", StartedB, [NewKeyOfB], ["{b}"]),
        new("Start-AuthressAccessKeyRotation", "CSV row", "only", "$csv | Start-AuthressAccessKeyRotation -KeyId {k} -OutFile \"$folder/{a}.key\"", StartedA, [NewKeyOfA], ["{a}"]),
        new("Start-AuthressAccessKeyRotation", "typed object", "only", "$other | Start-AuthressAccessKeyRotation -OutFile \"$folder/{b}.key\"", StartedB, [NewKeyOfB], ["{b}"]),
        new("Start-AuthressAccessKeyRotation", "typed objects and a file each", "only", "$key, $other | Start-AuthressAccessKeyRotation -OutFile { \"$folder/$($_.ClientId).key\" }", [.. StartedA, .. StartedB], [NewKeyOfA, NewKeyOfB], ["{a}", "{b}"]),
        new("Start-AuthressAccessKeyRotation", "deserialized object", "only", "$deserialized | Start-AuthressAccessKeyRotation -KeyId {k} -OutFile \"$folder/{a}.key\"", StartedA, [NewKeyOfA], ["{a}"]),
        new("Start-AuthressAccessKeyRotation", "JSON object", "only", "$json | Start-AuthressAccessKeyRotation -KeyId {k} -OutFile \"$folder/{a}.key\"", StartedA, [NewKeyOfA], ["{a}"]),
        new("Start-AuthressAccessKeyRotation", "access key", "only", "$key | Start-AuthressAccessKeyRotation -OutFile \"$folder/{a}.key\"", StartedA, [NewKeyOfA], ["{a}"]),
        new("Start-AuthressAccessKeyRotation", "row of an access key", "only", "$keyCsv | Start-AuthressAccessKeyRotation -OutFile \"$folder/{a}.key\"", StartedA, [NewKeyOfA], ["{a}"]),

        new("Complete-AuthressAccessKeyRotation", "named parameter", "only", "$null = " + StartB + "; Complete-AuthressAccessKeyRotation -ClientId {b}", CompletedB, [RotatedB], ["{b}"]),
        new("Complete-AuthressAccessKeyRotation", "string by value", "only", "$null = " + StartB + "; '{b}' | Complete-AuthressAccessKeyRotation", CompletedB, [RotatedB], ["{b}"]),
        new("Complete-AuthressAccessKeyRotation", "PSCustomObject", "only", "$null = " + StartB + "; [pscustomobject]@{ ClientId = '{b}'; OutFile = \"$folder/{b}.key\" } | Complete-AuthressAccessKeyRotation", CompletedB, [RotatedB], ["{b}"]),
        new("Complete-AuthressAccessKeyRotation", "typed object", "only", "$null = " + StartB + "; $other | Complete-AuthressAccessKeyRotation", CompletedB, [RotatedB], ["{b}"]),
        new("Complete-AuthressAccessKeyRotation", "rotation", "only", StartB + " | Complete-AuthressAccessKeyRotation", CompletedB, [RotatedB], ["{b}"]),
        new("Complete-AuthressAccessKeyRotation", "rotation in a CSV row", "only", StartB + " | ConvertTo-Csv | ConvertFrom-Csv | Complete-AuthressAccessKeyRotation", CompletedB, [RotatedB], ["{b}"]),
        new("Complete-AuthressAccessKeyRotation", "rotation as JSON", "only", StartB + " | ConvertTo-Json | ConvertFrom-Json | Complete-AuthressAccessKeyRotation", CompletedB, [RotatedB], ["{b}"]),

        new("Get-AuthressAccessKeyRotation", "named parameter", "only", "$null = " + StartB + "; Get-AuthressAccessKeyRotation -ClientId {b}", StartedB, [NewKeyOfB], ["{b}"]),
        new("Get-AuthressAccessKeyRotation", "positional", "only", "$null = " + StartB + "; Get-AuthressAccessKeyRotation {b}", StartedB, [NewKeyOfB], ["{b}"]),
        new("Get-AuthressAccessKeyRotation", "string by value", "only", "$null = " + StartB + "; '{a}', '{b}' | Get-AuthressAccessKeyRotation", StartedB, [NewKeyOfB], ["{b}"]),
        new("Get-AuthressAccessKeyRotation", "PSCustomObject", "only", "$null = " + StartB + "; [pscustomobject]@{ ClientId = '{b}'; OutFile = \"$folder/{b}.key\" } | Get-AuthressAccessKeyRotation", StartedB, [NewKeyOfB], ["{b}"]),
        new("Get-AuthressAccessKeyRotation", "typed object", "only", "$null = " + StartB + "; $other | Get-AuthressAccessKeyRotation", StartedB, [NewKeyOfB], ["{b}"]),
        new("Get-AuthressAccessKeyRotation", "rotation", "only", StartB + " | Get-AuthressAccessKeyRotation", StartedB, [NewKeyOfB], ["{b}"]),

        new("Invoke-AuthressRequest", "positional", "only", "Invoke-AuthressRequest v1/clients POST @{ name = 'n' }", ["""POST /v1/clients {"name":"n"}"""], ["n: - > there"], ["n"]),
        new("Invoke-AuthressRequest", "named parameter", "only", "Invoke-AuthressRequest -Method POST -Path v1/clients -Body @{ name = 'n' }", ["""POST /v1/clients {"name":"n"}"""], ["n: - > there"], ["n"]),
        new("Invoke-AuthressRequest", "no body", "only", "Invoke-AuthressRequest v1/clients/{a}", [GetA], [], ["{a}"]),
        new("Invoke-AuthressRequest", "string by value", "only", """'{"name":"n"}' | Invoke-AuthressRequest v1/clients POST""", ["""POST /v1/clients {"name":"n"}"""], ["n: - > there"], ["n"]),
        new("Invoke-AuthressRequest", "strings by value", "only", """'{"name":"n"}', '{"name":"o"}' | Invoke-AuthressRequest v1/clients POST""", ["""POST /v1/clients {"name":"n"}""", """POST /v1/clients {"name":"o"}"""], ["n: - > there", "o: - > there"], ["n", "o"]),
        new("Invoke-AuthressRequest", "PSCustomObject", "only", "[pscustomobject]@{ name = 'n' } | Invoke-AuthressRequest v1/clients POST", ["""POST /v1/clients {"name":"n"}"""], ["n: - > there"], ["n"]),
        new("Invoke-AuthressRequest", "hashtable", "only", "@{ name = 'n' } | Invoke-AuthressRequest v1/clients POST", ["""POST /v1/clients {"name":"n"}"""], ["n: - > there"], ["n"]),
    ];
}
