using System.Management.Automation;
using Authress.PowerShell.Tests.Contract;
using Authress.PowerShell.Tests.Hosting;

namespace Authress.PowerShell.Tests.BadInput;

/// <summary>Whatever an id holds, what is done to it is done to nothing else.</summary>
public sealed class IdTests : IAsyncLifetime
{
    private readonly Account _account = new();
    private string _victim = string.Empty;

    /// <summary>Ids that would lead to another client, <c>sc_victim</c>, or out of their route, if they were not encoded.</summary>
    public static TheoryData<string> Hostile =>
    [
        "x/../sc_victim",
        "../clients/sc_victim",
        "/sc_victim",
        "//sc_victim",
        "sc_victim/",
        "sc_victim/access-keys",
        "sc_victim#x",
        "sc_victim%2f",
        "%2e%2e",
        "..%2fclients%2fsc_victim",
        "sc_victim%00",
        "sc_victim%",
        "sc_victim ",
        " sc_victim",
        "sc_victim\n",
        "sc_victim\r\nX-Injected: 1",
        "sc_victim\t",
        "x\\..\\sc_victim",
        "sc_victim;x=1",
        "sc_victim:80@example.com",
        "https://example.com/sc_victim",
        "...",
        "sc_victim\u202e",
        "sc_v\u00edctim\u0301",
        "sc_\U0001F600victim",
        "sc_victim&x=\"<>|^`{}'$(1)",
        "+sc_victim+",
    ];

    public static TheoryData<string> Impossible =>
    [
        ".",
        "..",
        " ",
        "\t\n",
        new string('x', 65),
        "sc_\uD83D",
        "\uDE00sc",
    ];

    public static TheoryData<string, string> ImpossibleCalls
    {
        get
        {
            TheoryData<string, string> calls = [];
            foreach (string cmdlet in TakingIds)
            {
                foreach (string parameter in new[] { "ClientId", "KeyId" }.Where(ExportedCommands.Info(cmdlet).Parameters.ContainsKey))
                    calls.Add(cmdlet, parameter);
            }

            return calls;
        }
    }

    public static TheoryData<string> Takers => [.. TakingIds];

    private static IEnumerable<string> TakingIds => ExportedCommands.Cmdlets.Where(name => ExportedCommands.Info(name).Parameters.TryGetValue("ClientId", out ParameterMetadata? id) && id.ParameterSets.Values.Any(set => set.IsMandatory));

    public async ValueTask InitializeAsync()
    {
        await _account.InitializeAsync();
        _victim = _account.Server.SeedClient("""{"name":"victim"}""", "sc_victim");
        _account.Server.IssueAccessKey(_victim);
        _account.Run("$ConfirmPreference = 'None'").Ok();
    }

    public ValueTask DisposeAsync() => _account.DisposeAsync();

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Acts_on_the_given_id_and_on_no_other(string id)
    {
        _account.Server.SeedClient("""{"name":"before"}""", id);
        _account.Shell.Set("id", id);
        _account.Server.ClearRequests();

        Assert.Equal([id], _account.Run("Get-AuthressServiceClient $id").Ok().Get("ClientId"));
        _account.Run("Set-AuthressServiceClient $id -Name after").Ok();
        Assert.Equal("after", _account.Server.FindClient(id)!.Name);
        PSObject key = _account.Run("$key = New-AuthressAccessKey $id; $key").Ok().Single;
        Assert.Equal(id, key.Properties["ClientId"].Value);
        Assert.Equal(key.Properties["KeyId"].Value, Assert.Single(_account.Server.FindClient(id)!.Keys).KeyId);
        Assert.Single(_account.Run("Get-AuthressAccessKey $id").Ok().Output);
        _account.Run("$key | Remove-AuthressAccessKey").Ok();
        Assert.Empty(_account.Server.FindClient(id)!.Keys);
        _account.Run("Remove-AuthressServiceClient $id").Ok();
        Assert.Null(_account.Server.FindClient(id));

        Assert.Equal("victim", _account.Server.FindClient(_victim)!.Name);
        Assert.Single(_account.Server.FindClient(_victim)!.Keys);
        string route = "/v1/clients/" + Uri.EscapeDataString(id);
        Assert.All(_account.Server.Requests, request =>
        {
            Assert.True(request.Target == route || request.Target.StartsWith(route + "/access-keys", StringComparison.Ordinal), request.Target);
            Assert.DoesNotContain("X-Injected", request.Headers.Keys);
        });
    }

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Keeps_the_id_of_a_key_in_its_place(string keyId)
    {
        string client = _account.Server.SeedClient("{}");
        _account.Shell.Set("keyId", keyId);
        _account.Server.ClearRequests();
        _account.Run($"Remove-AuthressAccessKey {client} $keyId").Refused("NotFound", ErrorCategory.ObjectNotFound, keyId);
        Assert.Equal($"/v1/clients/{client}/access-keys/{Uri.EscapeDataString(keyId)}", Assert.Single(_account.Server.Requests).Target);
        Assert.NotNull(_account.Server.FindClient(client));
        Assert.Single(_account.Server.FindClient(_victim)!.Keys);
    }

    [Theory]
    [MemberData(nameof(ImpossibleCalls))]
    public void Refuses_an_invalid_id_and_sends_nothing(string cmdlet, string parameter)
    {
        CmdletInfo info = ExportedCommands.Info(cmdlet);
        foreach (string id in Impossible.Select(row => row.Data))
        {
            // Where it only chooses among the keys that a client has, any text is as good as another.
            if (parameter == "KeyId" && !info.Parameters["KeyId"].ParameterSets.Values.Any(set => set.IsMandatory))
                continue;
            Refuses(info, parameter, id, "InvalidValue");
        }
    }

    [Theory]
    [MemberData(nameof(Takers))]
    public void Refuses_an_empty_id_and_sends_nothing(string cmdlet)
    {
        _account.Server.ClearRequests();
        string key = ExportedCommands.Info(cmdlet).Parameters.TryGetValue("KeyId", out ParameterMetadata? id) && id.ParameterSets.Values.Any(set => set.IsMandatory) ? " -KeyId key" : string.Empty;
        _account.Run($"{cmdlet} -ClientId ''{key}").RefusedByBinding("ParameterArgumentValidationErrorEmptyStringNotAllowed");
        _account.Run($"{cmdlet} -ClientId $null{key}").RefusedByBinding("ParameterArgumentValidationErrorNullNotAllowed");
        Assert.Empty(_account.Server.Requests);
    }

    [Theory]
    [MemberData(nameof(ImpossibleCalls))]
    public void Refuses_a_wildcard_in_an_id_and_names_the_parameter_that_accepts_one(string cmdlet, string parameter)
    {
        CmdletInfo info = ExportedCommands.Info(cmdlet);
        foreach (string id in (string[])["*", "sc_*", "sc_victi?", "sc_[v]ictim"])
        {
            if (parameter == "KeyId" && !info.Parameters["KeyId"].ParameterSets.Values.Any(set => set.IsMandatory))
                continue;
            ErrorRecord error = Refuses(info, parameter, id, $"WildcardIn{parameter}");
            Assert.Contains(parameter == "KeyId" ? "Get-AuthressAccessKey" : "-Name", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        }
    }

    private ErrorRecord Refuses(CmdletInfo cmdlet, string parameter, string id, string errorId)
    {
        System.Collections.Hashtable arguments = new() { ["ClientId"] = _victim, [parameter] = id };
        if (cmdlet.Parameters.TryGetValue("KeyId", out ParameterMetadata? key) && key.ParameterSets.Values.Any(set => set.IsMandatory) && !arguments.ContainsKey("KeyId"))
            arguments["KeyId"] = "key";
        if (cmdlet.Parameters.ContainsKey("Name") && cmdlet.Verb != VerbsCommon.Get)
            arguments["Name"] = "other";
        _account.Shell.Set("arguments", arguments);
        _account.Server.ClearRequests();
        object target = parameter == "ClientId" && errorId == "WildcardInClientId" ? id : arguments["KeyId"] ?? id;
        ErrorRecord error = _account.Run($"{cmdlet.Name} @arguments").Refused(errorId, ErrorCategory.InvalidArgument, target);
        Assert.Empty(_account.Server.Requests);
        return error;
    }

    [Fact]
    public void Continues_with_the_rest_after_an_invalid_id()
    {
        string first = _account.Seed();
        string last = _account.Seed();
        _account.Shell.Set("ids", new[] { first, "..", new string('x', 65), last });
        ShellResult result = _account.Run("$ids | Remove-AuthressServiceClient");
        Assert.Equal(2, result.Errors.Count);
        Assert.Null(_account.Server.FindClient(first));
        Assert.Null(_account.Server.FindClient(last));
    }
}
