using System.Collections;
using System.Management.Automation;
using Authress.Emulator.Faults;
using Authress.PowerShell.Tests.Hosting;

namespace Authress.PowerShell.Tests.Contract;

/// <summary>
/// No cmdlet shows a secret, however its requests end. <see cref="CanaryPlacesTests"/> has the places of a whole session,
/// Secrets.Tests.ps1 the forms that other commands make, and the client's SecretTests its exceptions.
/// </summary>
public sealed class SecretTests : IAsyncLifetime
{
    // The error of a response that holds secrets and can't be used must not quote it.
    private const string Canary = "MC4CAQAwBQYDK2VwBCIE+the/canary+in/the/response+that/can+t/be/used";

    private static readonly Dictionary<string, Fault?> Situations = new()
    {
        ["successful"] = null,
        ["unauthorized"] = new StatusFault(401),
        ["not found"] = new StatusFault(404),
        ["failed with an HTML page"] = new StatusFault(500) { Body = FaultBody.Html },
        ["incomplete JSON"] = new TruncateFault { Complete = true },
        ["cut off"] = new TruncateFault(),
        ["without a key id"] = new MalformedFault { Text = $$"""{ "accessKey": "{{Canary}}", "clientSecret": "{{Canary}}" }""" },
        ["of another type"] = new MalformedFault { Text = $$"""{ "keyId": "k", "accessKey": { "secret": "{{Canary}}" }""" },
    };

    private readonly Account _account = new();
    private string _client = string.Empty;

    public static TheoryData<string, string> Calls
    {
        get
        {
            TheoryData<string, string> calls = [];
            foreach (string cmdlet in ExportedCommands.Cmdlets)
            {
                foreach (string situation in Situations.Keys)
                    calls.Add(cmdlet, situation);
            }

            return calls;
        }
    }

    public async ValueTask InitializeAsync()
    {
        await _account.InitializeAsync();
        // One retry writes every message that a retry writes.
        _account.Connect("-MaximumRetryCount 1");
        _client = _account.Seed("""{"name":"billing"}""");
    }

    public ValueTask DisposeAsync() => _account.DisposeAsync();

    [Theory]
    [MemberData(nameof(Calls))]
    public void Shows_no_secret_in_any_situation(string cmdlet, string situation)
    {
        CmdletInfo info = ExportedCommands.Info(cmdlet);
        Hashtable[] calls = [.. new Arguments(_account).For(info)];
        if (Situations[situation] is { } fault)
            _account.Server.AddFault("*", "*", fault, times: -1);
        bool delivers = false;
        foreach (Hashtable arguments in calls)
        {
            string[] held = [.. KeysAt(arguments)];
            (string text, IReadOnlyList<PSObject> output) = Secrecy.Record(_account.Shell, cmdlet, arguments, info.Parameters.ContainsKey("Confirm"));
            string[] delivered = [.. KeysAt(arguments)];
            Assert.All(held.Concat(delivered), key => Secrecy.AssertHidden(key.Split('.')[3], text));
            if (info.Noun == "AuthressAccessKeyRotation")
                Assert.NotEmpty(held);
            delivers |= delivered.Except(held).Any();
            Secrecy.AssertHidden(_account.Server.AccessKey, text);
            Secrecy.AssertHidden(_account.Server.AccessKey.Split('.')[3], text);
            Secrecy.AssertHidden(Secrecy.TokenBeginning, text);
            // Invoke-AuthressRequest returns the body itself.
            if (info.Noun != "AuthressRequest")
                Secrecy.AssertHidden(Canary, text);
            foreach (PSObject item in output.Where(item => item.Properties["AccessKey"]?.Value is System.Security.SecureString))
                Secrecy.AssertHidden(Shell.Reveal(item.Properties["AccessKey"].Value).Split('.')[3], text);
        }

        if (Situations[situation] is null)
            Assert.Equal(info.Parameters.ContainsKey("SaveScript"), delivers);
    }

    public static TheoryData<string, string> Misplaced
    {
        get
        {
            TheoryData<string, string> all = [];
            foreach (string cmdlet in ExportedCommands.Cmdlets)
            {
                foreach (string kind in (string[])["key", "key in two lines", "older key", "token", "URL"])
                    all.Add(cmdlet, kind);
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Misplaced))]
    public void Repeats_no_secret_that_is_given_for_another_parameter(string cmdlet, string kind)
    {
        CmdletInfo info = ExportedCommands.Info(cmdlet);
        (string secret, string text) = Misplace(kind);
        _account.Shell.Set("text", text);
        _account.Run("$VerbosePreference = $DebugPreference = $WarningPreference = $InformationPreference = 'Continue'; $ConfirmPreference = 'None'");
        foreach (Hashtable arguments in new Arguments(_account).For(info))
        {
            foreach (ParameterMetadata parameter in info.Parameters.Values.Where(TakesText))
            {
                foreach (bool whatIf in (bool[])(info.Parameters.ContainsKey("WhatIf") ? [true, false] : [false]))
                {
                    Hashtable call = new(arguments) { [parameter.Name] = text };
                    if (whatIf)
                        call["WhatIf"] = true;
                    _account.Shell.Set("call", call);
                    AssertRepeatsNothing($"{cmdlet} @call", secret, parameter.Name);
                    if (arguments.ContainsKey(parameter.Name) && parameter.ParameterSets.Values.Any(set => set.ValueFromPipeline))
                    {
                        call.Remove(parameter.Name);
                        AssertRepeatsNothing($"$text | {cmdlet} @call", secret, "the pipeline");
                        // PowerShell itself refuses an object with no property that binds.
                        if (parameter.ParameterSets.Values.Any(set => set.ValueFromPipelineByPropertyName))
                            AssertRepeatsNothing($"[pscustomobject]@{{ {parameter.Name} = $text }} | {cmdlet} @call", secret, "a property of a piped object");
                    }
                }
            }
        }
    }

    private static bool IsDestination(Hashtable call) => call.ContainsKey("OutFile") || call.ContainsKey("SecretName") || call.ContainsKey("ReadScript");

    // The access keys that the destination of a call holds.
    private IEnumerable<string> KeysAt(Hashtable call)
    {
        if (!IsDestination(call))
            return [];
        _account.Shell.Set("call", call);
        return _account.Run("""
            if ($call.OutFile) { Get-Content -LiteralPath $call.OutFile -Raw -ErrorAction Ignore }
            elseif ($call.SecretName) { Get-SecretInfo -Name $call.SecretName | ForEach-Object { Get-Secret -Name $_.Name -AsPlainText } }
            else { & $call.ReadScript }
            """).Ok().Output.OfType<PSObject>().Select(key => key.BaseObject as string ?? Shell.Reveal(key)).Where(key => key.Split('.').Length == 4);
    }

    [Fact]
    public void Serializes_a_plain_text_key_and_writes_it_to_no_stream()
    {
        ShellResult made = _account.Run($"New-AuthressAccessKey {_client} -AsPlainText -Debug -Verbose");
        string secret = ((string)made.Single.Properties["AccessKey"].Value).Split('.')[3];
        string serialized = PSSerializer.Serialize(made.Single, 10);
        Assert.Contains(secret, serialized, StringComparison.Ordinal);
        Secrecy.AssertHidden(secret, made.HostText, string.Join('\n', made.Debug), string.Join('\n', made.Verbose), made.Single.ToString());

        // CLIXML writes an underscore before an x in another way, and an id may begin with one.
        Assert.Contains(_client, serialized.Replace("_x005F_", "_", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    // The engine's own parameters are the engine's, and -ProxyCredential asks for a password.
    private static bool TakesText(ParameterMetadata parameter) =>
        !parameter.SwitchParameter && parameter.ParameterType != typeof(PSCredential)
        && !Cmdlet.CommonParameters.Contains(parameter.Name) && !Cmdlet.OptionalCommonParameters.Contains(parameter.Name) && parameter.Name is not ("First" or "Skip");

    private void AssertRepeatsNothing(string script, string secret, string parameter)
    {
        ShellResult result = _account.Run(script);
        string text = string.Join('\n', (string[])[.. result.Verbose, .. result.Debug, .. result.Warnings, result.HostText, .. result.Errors.Select(Secrecy.TextOf)]);
        Assert.False(text.Contains(secret, StringComparison.Ordinal), $"{script} shows what was given for {parameter}: {text}");
    }

    // A part that must not be shown, and the text that it is in.
    private (string Secret, string Text) Misplace(string kind)
    {
        string key = _account.Server.IssueAccessKey(_client);
        string older = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($$"""{"audience":"a","clientId":"c","keyId":"k","privateKey":"{{key}}"}"""));
        string token = $"{Secrecy.TokenBeginning}JFZERTQSJ9.eyJzdWIiOiJzb21lYm9keSJ9.{older[4..60]}";
        return kind switch
        {
            "key" => (key[^30..], key),
            "key in two lines" => (key[^20..], key.Insert(key.Length - 20, "\n") + "\n"),
            "older key" => (older[^40..], older),
            "token" => (token[^40..], token),
            "URL" => ("word-of-a-proxy", "https://bob:word-of-a-proxy@example.com/x"),
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
    }

    [Theory]
    [InlineData("a secret word", "a secret word")]
    [InlineData("a secret word", "6120736563726574")]
    [InlineData("a secret word", "6100200073006500")]
    [InlineData("a secret word", "YSBzZWNyZXQg")]
    [InlineData("a secret word", "IHNlY3JldCB3")]
    public void Finds_a_secret_in_every_form(string secret, string form)
    {
        byte[] whole = System.Text.Encoding.UTF8.GetBytes(secret);
        string[] places = [secret, Convert.ToHexString(whole), Convert.ToHexString(System.Text.Encoding.Unicode.GetBytes(secret)), Convert.ToBase64String(whole), Convert.ToBase64String([1, .. whole, 2]), Convert.ToBase64String([1, 2, .. whole, 2])];
        string place = places.First(candidate => candidate.Contains(form, StringComparison.OrdinalIgnoreCase));
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => Secrecy.AssertHidden(secret, place));
    }
}
