using System.Management.Automation;
using Authress.Emulator;
using Authress.Emulator.ServiceClients;
using Authress.PowerShell.Tests.Hosting;

namespace Authress.PowerShell.Tests.Faults;

/// <summary>The kind of an operation. It decides whether a request of unknown outcome may be sent again.</summary>
internal enum OperationKind
{
    Reads,
    Creates,

    /// <summary>Creates what it can find again by a public key of its own.</summary>
    Registers,
    Replaces,
    Deletes,
}

/// <summary>One of the API's operations, as the cmdlet that a user runs.</summary>
/// <param name="Name">Its name in the table.</param>
/// <param name="Kind">Whether it reads, creates, replaces or deletes.</param>
/// <param name="Method">The method of its request.</param>
/// <param name="Path">The path of its request, where <c>{0}</c> stands for the client and <c>{1}</c> for its key.</param>
/// <param name="Script">The cmdlet and its parameters, where <c>{2}</c> stands for the public half of a new pair.</param>
/// <param name="IsDone">Whether the account holds its result; false for a read.</param>
internal sealed record MatrixOperation(string Name, OperationKind Kind, string Method, string Path, string Script, Func<EmulatorServer, string, bool> IsDone)
{
    private const string Wanted = "wanted";

    public static IReadOnlyList<MatrixOperation> All { get; } =
    [
        new("list", OperationKind.Reads, "GET", "/v1/clients", "Get-AuthressServiceClient -PageSize 2", (_, _) => false),
        new("get", OperationKind.Reads, "GET", "/v1/clients/{0}", "Get-AuthressServiceClient '{0}'", (_, _) => false),
        new("create", OperationKind.Creates, "POST", "/v1/clients", $"New-AuthressServiceClient {Wanted}", (server, _) => Named(server) == 1),
        new("update", OperationKind.Replaces, "PUT", "/v1/clients/{0}", $"Set-AuthressServiceClient '{{0}}' -Name {Wanted} -PassThru", (server, id) => server.FindClient(id)?.Name == Wanted),
        new("delete", OperationKind.Deletes, "DELETE", "/v1/clients/{0}", "Remove-AuthressServiceClient '{0}' -Confirm:$false", (server, id) => server.FindClient(id) is null),
        new("create key", OperationKind.Creates, "POST", "/v1/clients/{0}/access-keys", "New-AuthressAccessKey '{0}'", (server, id) => server.FindClient(id)!.Keys.Count == 2),
        new("create key locally", OperationKind.Registers, "POST", "/v1/clients/{0}/access-keys", "New-AuthressAccessKey '{0}' -GenerateLocally", (server, id) => server.FindClient(id)!.Keys.Count == 2),
        new("register public key", OperationKind.Registers, "POST", "/v1/clients/{0}/access-keys", "New-AuthressAccessKey '{0}' -PublicKey '{2}'", (server, id) => server.FindClient(id)!.Keys.Count == 2),
        new("delete key", OperationKind.Deletes, "DELETE", "/v1/clients/{0}/access-keys/{1}", "Remove-AuthressAccessKey '{0}' '{1}' -Confirm:$false", (server, id) => server.FindClient(id)!.Keys.Count == 0),
    ];

    public bool IsList => Name == "list";

    private bool MakesKey => Path.EndsWith("/access-keys", StringComparison.Ordinal);

    private bool ReturnsSecret => MakesKey && Name != "register public key";

    /// <summary>Whether a success writes objects.</summary>
    public bool HasOutput => Kind != OperationKind.Deletes;

    /// <summary>What is wrong with the objects that were returned, in view of the account; null for nothing.</summary>
    public string? ProblemOf(IReadOnlyList<PSObject> output, EmulatorServer server, string clientId)
    {
        if (output.Count != (IsList ? server.Clients.Count : HasOutput ? 1 : 0))
            return $"{output.Count} objects were returned";
        return Name switch
        {
            "create" when server.FindClient(Text(output[0], "ClientId"))?.Name != Wanted => "a client was returned that is not there",
            "get" or "update" when Text(output[0], "ClientId") != clientId => "another client was returned",
            "update" when Text(output[0], "Name") != Wanted => "the client was returned as it was",
            _ when MakesKey => ProblemOfKey(output[0], server, clientId),
            _ => null,
        };
    }

    private string? ProblemOfKey(PSObject key, EmulatorServer server, string clientId)
    {
        VerificationKeySnapshot? stored = server.FindClient(clientId)!.Keys.FirstOrDefault(each => each.KeyId == Text(key, "KeyId"));
        return Text(key, "ClientId") != clientId ? "a key of another client was returned"
            : stored is null ? "a key was returned that is not there"
            : stored.PublicKey != Text(key, "PublicKey") ? "the public key is that of another key"
            : !ReturnsSecret ? null
            : Shell.Reveal(key.Properties["AccessKey"].Value).Split('.')[1] != stored.KeyId ? "the secret is that of another key"
            : null;
    }

    /// <summary>What is wrong with the account: the operation was done more than once, or to another object. Null for nothing.</summary>
    public string? ProblemOf(EmulatorServer server, string clientId)
    {
        int keys = server.FindClient(clientId)?.Keys.Count ?? 0;
        return Named(server) > 1 ? "it was created more than once"
            : keys > 2 ? "more than one key was made"
            : server.Clients.Count is < 2 or > 4 ? $"there are {server.Clients.Count} clients"
            : null;
    }

    /// <summary>The ids of the created objects, as an error names them.</summary>
    public IReadOnlyList<string> Made(EmulatorServer server, string clientId, string keyId) => Name == "create"
        ? [.. server.Clients.Where(client => client.Name == Wanted).Select(client => client.ClientId)]
        : [.. server.FindClient(clientId)!.Keys.Select(key => key.KeyId).Where(id => id != keyId)];

    public override string ToString() => Name;

    private static int Named(EmulatorServer server) => server.Clients.Count(client => client.Name == Wanted);

    private static string Text(PSObject value, string property) => value.Properties[property]?.Value?.ToString() ?? string.Empty;
}
