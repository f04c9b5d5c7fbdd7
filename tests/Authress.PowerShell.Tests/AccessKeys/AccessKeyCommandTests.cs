using System.Management.Automation;
using Authress.Emulator.Faults;
using Authress.Emulator.ServiceClients;
using Authress.PowerShell.Tests.Contract;
using Authress.PowerShell.Tests.Hosting;

namespace Authress.PowerShell.Tests.AccessKeys;

public sealed class AccessKeyCommandTests : IAsyncLifetime
{
    private readonly Account _account = new();
    private string _client = string.Empty;

    public async ValueTask InitializeAsync()
    {
        await _account.InitializeAsync();
        _client = _account.Seed("""{"name":"billing"}""");
    }

    public ValueTask DisposeAsync() => _account.DisposeAsync();

    [Fact]
    public void Makes_a_key_that_works()
    {
        PSObject key = _account.Run($"New-AuthressAccessKey {_client}").Ok().Single;
        Assert.Equal("Authress.IssuedAccessKey", key.BaseObject.GetType().FullName);
        using Shell other = new();
        other.Connect(_account.Server.ApiUrl, Shell.Reveal(key.Properties["AccessKey"].Value));
        // The client has no permission (403). A key that does not work would get 401.
        Assert.Equal("PermissionDenied", other.Run("Get-AuthressServiceClient").ErrorId);
    }

    [Fact]
    public void Returns_the_secret_in_plain_text_only_with_AsPlainText()
    {
        PSObject key = _account.Run($"New-AuthressAccessKey {_client} -AsPlainText").Ok().Single;
        string text = Assert.IsType<string>(key.Properties["AccessKey"].Value);
        Assert.Equal(4, text.Split('.').Length);
        Assert.StartsWith(_client + "." + key.Properties["KeyId"].Value, text, StringComparison.Ordinal);
    }

    [Fact]
    public void Lists_a_clients_keys_without_secrets()
    {
        _account.Server.IssueAccessKey(_client);
        _account.Server.IssueAccessKey(_client);
        ShellResult result = _account.Run($"Get-AuthressServiceClient {_client} | Get-AuthressAccessKey").Ok();
        Assert.Equal(_account.Server.FindClient(_client)!.Keys.Select(k => k.KeyId), result.Get("KeyId"));
        Assert.All(result.Output, key => Assert.Equal("Authress.AccessKey", key.BaseObject.GetType().FullName));
        Assert.All(result.Get("Age"), age => Assert.IsType<TimeSpan>(age));
    }

    [Fact]
    public void Gets_a_key_by_its_id_or_a_pattern()
    {
        _account.Server.IssueAccessKey(_client);
        string second = _account.Server.IssueAccessKey(_client).Split('.')[1];
        Assert.Equal([second], _account.Run($"Get-AuthressAccessKey {_client} {second}").Ok().Get("KeyId"));
        Assert.Contains(second, _account.Run($"Get-AuthressAccessKey {_client} '{second[..4]}*'").Ok().Get("KeyId"));
        Assert.Equal("AccessKeyNotFound", _account.Run($"Get-AuthressAccessKey {_client} nope").ErrorId);
        Assert.Empty(_account.Run($"Get-AuthressAccessKey {_client} 'nope*'").Ok().Output);
    }

    /// <summary>What is no age, for each parameter that takes one.</summary>
    public static TheoryData<string, string> Ages
    {
        get
        {
            string[] ages =
            [
                "$null", "''", "yesterday", "-1", "1e300", "([timespan]'-1:0:0')", "(Get-Date).AddDays(90)", "([datetimeoffset]::Now.AddMinutes(1))",
                "2999-12-31", "([timespan] 90)", "([timespan]::Zero)", "([timespan]::FromSeconds(59))",
            ];
            TheoryData<string, string> rows = [];
            foreach ((string cmdlet, string parameter) in AgeParameters)
            {
                string input = cmdlet switch { "Get-AuthressAccessKeyReport" => string.Empty, "Start-AuthressAccessKeyRotation" => " {client} -OutFile $held", _ => " {client}" };
                foreach (string age in ages)
                    rows.Add($"{cmdlet}{input} -{parameter}", age);
            }

            return rows;
        }
    }

    private static IEnumerable<(string Cmdlet, string Parameter)> AgeParameters =>
        from cmdlet in ExportedCommands.Cmdlets
        from parameter in ExportedCommands.Info(cmdlet).Parameters.Values
        where parameter.Attributes.Any(attribute => attribute.GetType().Name == "AgeTransformationAttribute")
        select (cmdlet, parameter.Name);

    [Theory]
    [InlineData("90", 0)]
    [InlineData("0", 1)]
    [InlineData("([timespan]::FromDays(1))", 0)]
    [InlineData("([datetime]::Now)", 1)]
    [InlineData("([datetime]::UtcNow)", 1)]
    [InlineData("([datetimeoffset]::Now)", 1)]
    [InlineData("([uint32] 90)", 0)]
    [InlineData("([byte] 0)", 1)]
    [InlineData("([bigint] 90)", 0)]
    [InlineData("([float] 0.0)", 1)]
    [InlineData("'90'", 0)]
    [InlineData("'2001-01-01'", 0)]
    [InlineData("'00:00:00'", 1)]
    public void Chooses_keys_by_age_in_days(string age, int expected)
    {
        _account.Server.IssueAccessKey(_client);
        Assert.Equal(expected, _account.Run($"Get-AuthressAccessKey {_client} -OlderThan {age}").Ok().Output.Count);
    }

    [Theory]
    [MemberData(nameof(Ages))]
    public void Refuses_an_empty_or_unusable_age(string parameter, string age)
    {
        string key = _account.Server.IssueAccessKey(_client);
        _account.Shell.Set("held", Path.Combine(_account.Folder, "held.key"));
        File.WriteAllText(Path.Combine(_account.Folder, "held.key"), key);
        ShellResult result = _account.Run(parameter.Replace("{client}", _client, StringComparison.Ordinal) + " " + age);
        Assert.Single(result.Errors);
        Assert.Empty(result.Output);
        Assert.Empty(_account.Changes);
    }

    [Theory]
    [InlineData("-KeyId $null")]
    [InlineData("-KeyId ''")]
    [InlineData("-KeyId @()")]
    [InlineData("-PublicKey ''")]
    public void Refuses_an_empty_or_unusable_filter(string choice)
    {
        _account.Server.IssueAccessKey(_client);
        ShellResult result = _account.Run($"Get-AuthressAccessKey {_client} {choice}");
        Assert.Single(result.Errors);
        Assert.Empty(result.Output);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(PublicKeyForm.Pem)]
    [InlineData(PublicKeyForm.DerUrl)]
    [InlineData(PublicKeyForm.Raw)]
    [InlineData(PublicKeyForm.RawUrl)]
    [InlineData(PublicKeyForm.Jwk)]
    [InlineData(PublicKeyForm.OpenSsh)]
    public void Finds_a_key_by_its_public_key_whatever_form_is_given_or_shown(PublicKeyForm? shownForm)
    {
        _account.Server.IssueAccessKey(_client);
        _account.Server.IssueAccessKey(_client);
        VerificationKeySnapshot key = _account.Server.FindClient(_client)!.Keys[1];
        byte[] raw = Convert.FromBase64String(key.PublicKey)[^32..];
        string urlSafe = Convert.ToBase64String(raw).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        string pem = $"-----BEGIN PUBLIC KEY-----\n{key.PublicKey}\n-----END PUBLIC KEY-----";
        if (shownForm is { } shown)
            _account.Server.AddFault("GET", "*", new PublicKeyFormFault(shown), times: 0);
        PSObject listed = _account.Run($"Get-AuthressAccessKey {_client} {key.KeyId}").Ok().Single;
        foreach (object form in (object[])[key.PublicKey, urlSafe, raw, pem, pem.Split('\n'), $$"""{"kty":"OKP","crv":"Ed25519","x":"{{urlSafe}}"}""", listed, Shell.Deserialized(listed)])
        {
            _account.Shell.Set("form", form);
            PSObject found = _account.Run($"Get-AuthressAccessKey {_client} -PublicKey $form").Ok().Single;
            Assert.Equal((key.KeyId, key.PublicKey), (found.Properties["KeyId"].Value, found.Properties["PublicKey"].Value));
        }

        Assert.Equal([key.PublicKey], _account.Run($"Get-AuthressServiceClient | Where-Object ClientId -eq {_client} | ForEach-Object {{ $_.AccessKey[1].PublicKey }}").Ok().Output.Select(one => one.BaseObject));
    }

    [Theory]
    [InlineData(PublicKeyForm.Hex)]
    [InlineData(PublicKeyForm.Omitted)]
    public void Finds_a_key_that_only_the_public_key_set_shows_and_warns_of_one_that_nothing_shows(PublicKeyForm form)
    {
        string accessKey = _account.Server.IssueAccessKey(_client);
        _account.Server.AddLegacyRsaKey(_client);
        VerificationKeySnapshot key = _account.Server.FindClient(_client)!.Keys[0];
        _account.Server.AddFault("GET", "*", new PublicKeyFormFault(form), times: 0);
        _account.Shell.Set("accessKey", accessKey);
        ShellResult found = _account.Run($"Get-AuthressAccessKey {_client} -PublicKey {key.PublicKey}").Ok();
        Assert.Equal((key.KeyId, key.PublicKey), (found.Single.Properties["KeyId"].Value, found.Single.Properties["PublicKey"].Value));
        Assert.Empty(found.Warnings);

        _account.Server.ClearFaults();
        _account.Server.AddFault("GET", "*/jwks", new StatusFault(404), times: 0);
        _account.Server.AddFault("GET", "*", new PublicKeyFormFault(form), times: 0);
        ShellResult none = _account.Run($"Get-AuthressAccessKey {_client} -PublicKey {key.PublicKey}").Ok();
        Assert.Empty(none.Output);
        Assert.Contains($"{key.KeyId}.", Assert.Single(none.Warnings), StringComparison.Ordinal);
        Assert.Empty(_account.Run($"Get-AuthressAccessKey {_client} -PublicKey {key.PublicKey} -KeyId other*").Ok().Warnings);
    }

    [Theory]
    [InlineData("'no public key'")]
    [InlineData("'aB3xYz'")]
    [InlineData("([byte[]]::new(32 + 12))")]
    public void Refuses_a_text_that_is_not_a_public_key(string text)
    {
        _account.Server.ClearRequests();
        _account.Run($"Get-AuthressAccessKey {_client} -PublicKey {text}").Refused("InvalidPublicKey", ErrorCategory.InvalidArgument);
        Assert.Empty(_account.Server.Requests);
    }

    [Fact]
    public void Prompts_before_it_removes_a_key()
    {
        string key = _account.Server.IssueAccessKey(_client).Split('.')[1];
        _account.Shell.Answer = "No";
        Assert.Single(_account.Run($"Remove-AuthressAccessKey {_client} {key}").Ok().Questions);
        Assert.Single(_account.Server.FindClient(_client)!.Keys);
    }

    [Fact]
    public void Does_not_remove_the_key_that_signs_the_connection()
    {
        string arguments = $"{_account.Server.AdminClientId} {_account.Server.AdminKeyId}";
        Assert.Equal("OwnAccessKey", _account.Run($"Remove-AuthressAccessKey {arguments} -Confirm:$false").ErrorId);
        Assert.Single(_account.Server.FindClient(_account.Server.AdminClientId)!.Keys);
        _account.Run($"Remove-AuthressAccessKey {arguments} -Confirm:$false -Force").Ok();
        Assert.Empty(_account.Server.FindClient(_account.Server.AdminClientId)!.Keys);
    }

    [Fact]
    public void Reports_the_error_of_a_sixth_key()
    {
        for (int i = 0; i < 5; i++)
            _account.Server.IssueAccessKey(_client);
        ShellResult result = _account.Run($"New-AuthressAccessKey {_client}");
        Assert.Equal("InvalidRequest", result.ErrorId);
        Assert.Empty(result.Output);
        Assert.Equal(5, _account.Server.FindClient(_client)!.Keys.Count);
    }
}
