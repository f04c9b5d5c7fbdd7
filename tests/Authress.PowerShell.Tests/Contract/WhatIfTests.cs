using System.Collections;
using System.Management.Automation;
using Authress.PowerShell.Tests.Hosting;

namespace Authress.PowerShell.Tests.Contract;

/// <summary>Nothing is changed under -WhatIf, after the choice No, or over a read-only connection.</summary>
public sealed class WhatIfTests : IAsyncLifetime
{
    private static readonly string[] ReadMethods = ["GET", "HEAD", "OPTIONS"];

    private readonly Account _account = new();
    private Arguments _arguments = null!;

    public static TheoryData<string> Changing => ExportedCommands.Changing;

    public async ValueTask InitializeAsync()
    {
        await _account.InitializeAsync();
        _arguments = new Arguments(_account);
    }

    public ValueTask DisposeAsync() => _account.DisposeAsync();

    [Theory]
    [InlineData("InvalidValue", "New-AuthressServiceClient $long")]
    [InlineData("InvalidValue", "New-AuthressServiceClient $broken")]
    [InlineData("InvalidValue", "New-AuthressServiceClient demo -Tag @{ k = $long }")]
    [InlineData("InvalidValue", "New-AuthressServiceClient demo -RateLimit ([Authress.RateLimit]::new('PT2H', 1000))")]
    [InlineData("InvalidValue", "New-AuthressServiceClient demo -RateLimit ([Authress.RateLimit]::new('PT1H', 99))")]
    [InlineData("NothingGiven", "[pscustomobject]@{ Name = '' } | New-AuthressServiceClient")]
    [InlineData("InvalidValue", "Set-AuthressServiceClient $id -Name $long")]
    [InlineData("InvalidValue", "Set-AuthressServiceClient $id -Tag @{ k = $long }")]
    [InlineData("InvalidValue", "Set-AuthressServiceClient $id -RateLimit ([Authress.RateLimit]::new('PT1H', 1000001))")]
    [InlineData("InvalidValue", "$client.Name = $long; $client | Set-AuthressServiceClient")]
    [InlineData("InvalidValue", "Set-AuthressServiceClient .. -Name demo")]
    [InlineData("InvalidValue", "Set-AuthressServiceClient ('x' * 65) -Clear Tag")]
    [InlineData("WildcardInClientId", "Set-AuthressServiceClient 'sc_*' -Name demo")]
    [InlineData("ClearedAndSet", "Set-AuthressServiceClient $id -Name demo -Clear Name")]
    [InlineData("ContradictoryClientId", "$copy | Set-AuthressServiceClient -ClientId sc_other -Name demo")]
    [InlineData("InvalidValue", "Remove-AuthressServiceClient ('x' * 65)")]
    [InlineData("WildcardInClientId", "Remove-AuthressServiceClient '*'")]
    [InlineData("OwnServiceClient", "Remove-AuthressServiceClient (Get-AuthressConnection).ClientId")]
    [InlineData("AccessKeyPiped", "$key | Remove-AuthressServiceClient")]
    [InlineData("ContradictoryClientId", "$copy | Remove-AuthressServiceClient -ClientId sc_other")]
    [InlineData("InputObjectNotBound", "'sc_other' | Remove-AuthressServiceClient -ClientId $id")]
    [InlineData("InvalidValue", "New-AuthressAccessKey ..")]
    [InlineData("WildcardInClientId", "New-AuthressAccessKey 'sc_?'")]
    [InlineData("ContradictoryClientId", "$copy | New-AuthressAccessKey -ClientId sc_other")]
    [InlineData("DestinationUnusable", "New-AuthressAccessKey $id -OutFile $taken")]
    [InlineData("DestinationUnusable", "New-AuthressAccessKey $id -OutFile $folder")]
    [InlineData("DestinationUnusable", "New-AuthressAccessKey $id -OutFile $folder/missing/new.key")]
    [InlineData("DestinationUnusable", "New-AuthressAccessKey $id -OutFile Env:new")]
    [InlineData("DestinationUnusable", "New-AuthressAccessKey $id -OutFile nowhere:new")]
    [InlineData("DestinationUnusable", "New-AuthressAccessKey $id -SecretName taken")]
    [InlineData("DestinationUnusable", "New-AuthressAccessKey $id -SecretName TAKEN -VaultName ops")]
    [InlineData("DestinationUnusable", "New-AuthressAccessKey $id -SecretName new -VaultName missing")]
    [InlineData("DestinationUnusable", "New-AuthressAccessKey $id -SecretName new -VaultName 'o*'")]
    [InlineData("DestinationUnusable", "New-AuthressAccessKey $id -SecretName new -VaultName locked -Force")]
    [InlineData("InvalidValue", "New-AuthressAccessKey sc.dotted -GenerateLocally")]
    [InlineData("WildcardInClientId", "New-AuthressAccessKey '*' -GenerateLocally -SecretName new")]
    [InlineData("InvalidPublicKey", "New-AuthressAccessKey $id -PublicKey 'ssh-rsa AAAA somebody'")]
    [InlineData("InvalidPublicKey", "'ssh-rsa AAAA somebody' | New-AuthressAccessKey $id")]
    [InlineData("ParameterArgumentTransformationError", "New-AuthressAccessKey $id -PublicKey sc_other")]
    [InlineData("ParameterArgumentTransformationError", "New-AuthressAccessKey $id -PublicKey ([byte[]]::new(31))")]
    [InlineData("PublicKeyWithoutClient", "$publicKey | New-AuthressAccessKey")]
    [InlineData("ContradictoryClientId", "$copy | New-AuthressAccessKey -ClientId sc_other -PublicKey $publicKey")]
    [InlineData("DestinationUnusable", "New-AuthressAccessKey $id -SecretName 'w*'")]
    [InlineData("DestinationInRow", "[pscustomobject]@{ ClientId = $id; OutFile = 'x'; SecretName = 'y' } | New-AuthressAccessKey")]
    [InlineData("DestinationInRow", "[pscustomobject]@{ ClientId = $id; OutFile = 'x' } | New-AuthressAccessKey -AsPlainText")]
    [InlineData("DestinationInRow", "[pscustomobject]@{ ClientId = $id; SecretName = 'y' } | New-AuthressAccessKey -SaveScript { throw 'saved' } -ReadScript { throw 'read' }")]
    [InlineData("DestinationInRow", "[pscustomobject]@{ ClientId = $id; VaultName = 'spare' } | New-AuthressAccessKey")]
    [InlineData("DestinationInRow", "[pscustomobject]@{ ClientId = $id; VaultName = 'spare' } | New-AuthressAccessKey -OutFile \"$folder/new.key\"")]
    [InlineData("DestinationInRow", "[pscustomobject]@{ ClientId = $id; OutFile = \"$folder/new.key\"; VaultName = 'spare' } | New-AuthressAccessKey")]
    [InlineData("DestinationInRow", "[pscustomobject]@{ ClientId = $id; VaultName = 'spare' } | New-AuthressAccessKey -AsPlainText")]
    [InlineData("DestinationInRow", "[pscustomobject]@{ ClientId = $id; SecretName = 'y'; VaultName = 'spare' } | New-AuthressAccessKey -VaultName ops")]
    [InlineData("InvalidValue", "Remove-AuthressAccessKey $id ('k' * 65)")]
    [InlineData("InvalidValue", "Remove-AuthressAccessKey .. key")]
    [InlineData("WildcardInKeyId", "Remove-AuthressAccessKey $id '*'")]
    [InlineData("OwnAccessKey", "Remove-AuthressAccessKey (Get-AuthressConnection).ClientId (Get-AuthressConnection).KeyId")]
    [InlineData("ContradictoryClientId", "$key | Remove-AuthressAccessKey -ClientId sc_other")]
    [InlineData("ContradictoryKeyId", "$key | Remove-AuthressAccessKey -KeyId other")]
    [InlineData("InvalidValue", "Invoke-AuthressRequest v1/clients POST '{ no JSON'")]
    [InlineData("InvalidValue", "Invoke-AuthressRequest v1/clients POST @{ secret = $secret }")]
    [InlineData("InvalidValue", "Invoke-AuthressRequest v1/clients POST @{ number = [double]::NaN }")]
    [InlineData("InvalidValue", "Invoke-AuthressRequest https://example.com/v1/clients DELETE")]
    [InlineData("InvalidValue", "Invoke-AuthressRequest v1/clients/../users DELETE")]
    public void Refuses_the_inputs_that_a_run_refuses_and_does_not_prompt_for_them(string id, string script)
    {
        _account.Shell.Answer = "Yes";
        _account.Shell.Set("id", _arguments.ClientId);
        _account.Shell.Set("key", _account.Run($"Get-AuthressAccessKey {_arguments.ClientId} {_arguments.KeyId}").Ok().Single);
        _account.Shell.Set("copy", Shell.Deserialized(_account.Fetch(_arguments.ClientId)));
        _account.Shell.Set("long", new string('x', 129));
        _account.Shell.Set("broken", "\uD800");
        _account.Shell.Set("secret", Shell.Secret("text"));
        _account.Shell.Set("folder", _account.Folder);
        _account.Shell.Set("publicKey", _account.Fetch(_arguments.ClientId).Properties["AccessKey"].Value is System.Collections.IList { Count: > 0 } keys ? PSObject.AsPSObject(keys[0]!).Properties["PublicKey"].Value : null);
        _account.Run($"Import-Module '{StandIns.SecretManagement}'; Set-Secret taken precious").Ok();
        string taken = Path.Combine(_account.Folder, "taken.key");
        File.WriteAllText(taken, "precious");
        _account.Shell.Set("taken", taken);
        foreach (string more in (string[])["-Confirm:$false", "-WhatIf", "-Confirm"])
        {
            _account.Shell.Set("client", _account.Fetch(_arguments.ClientId));
            _account.Server.ClearRequests();
            ShellResult result = _account.Run($"{script} {more}");
            Assert.Equal((more, id), (more, result.ErrorId));
            Assert.Empty(_account.Server.Requests);
            Assert.Empty(result.HostText);
            Assert.Empty(result.Questions);
            Assert.Equal([taken], Directory.GetFileSystemEntries(_account.Folder));
            Assert.Equal("precious", File.ReadAllText(taken));
            Assert.Equal("precious taken", string.Join(' ', _account.Run("Get-Secret taken -AsPlainText; (Get-SecretInfo).Name").Ok().Output));
        }
    }

    [Theory]
    [InlineData("New-AuthressAccessKey $id -SecretName new")]
    [InlineData("New-AuthressAccessKey $id -SecretName taken -Force -GenerateLocally")]
    [InlineData("New-AuthressAccessKey $id -SecretName new -VaultName read-only")]
    [InlineData("New-AuthressAccessKey $id -SaveScript { $global:ran += 'save' } -ReadScript { $global:ran += 'read' }")]
    [InlineData("New-AuthressAccessKey $id -SaveScript { $global:ran += 'save' } -ReadScript { throw 'read' } -Force -GenerateLocally")]
    public void Writes_no_vault_and_runs_no_script(string script)
    {
        _account.Shell.Set("id", _arguments.ClientId);
        _account.Run($"Import-Module '{StandIns.SecretManagement}'; Set-Secret taken precious; $global:ran = ''").Ok();
        _account.Server.ClearRequests();
        _account.Shell.Answer = "No";
        foreach (string more in (string[])["-WhatIf", "-Confirm"])
        {
            ShellResult result = _account.Run($"{script} {more}").Ok();
            Assert.Contains(_arguments.ClientId, result.HostText + string.Concat(result.Questions), StringComparison.Ordinal);
            Assert.Empty(_account.Server.Requests);
            Assert.Equal(["", "precious", "taken"], _account.Run("$global:ran; Get-Secret taken -AsPlainText; (Get-SecretInfo).Name").Ok().Output.Select(value => value.ToString()));
        }
    }

    [Fact]
    public void Refuses_a_second_key_for_one_secret_as_the_run_does()
    {
        _account.Shell.Set("ids", (string[])[_account.Seed(), _account.Seed()]);
        _account.Run($"Import-Module '{StandIns.SecretManagement}'").Ok();
        foreach (string destination in (string[])["-SecretName same", "-SaveScript { $global:place = $_.AccessKey } -ReadScript { $global:place }"])
        {
            foreach (string more in (string[])["-WhatIf", "-Confirm:$false"])
            {
                _account.Server.ClearRequests();
                Assert.Equal("DestinationTaken", _account.Run($"$ids | New-AuthressAccessKey {destination} {more}").ErrorId);
                Assert.Equal(more == "-WhatIf" ? 0 : 1, _account.Changes.Count);
            }
        }
    }

    [Fact]
    public void Refuses_a_second_key_for_one_file_as_a_run_does()
    {
        string[] ids = [_account.Seed(), _account.Seed()];
        _account.Shell.Set("ids", ids);
        _account.Shell.Set("file", Path.Combine(_account.Folder, "new.key"));
        foreach (string more in (string[])["-WhatIf", "-Confirm:$false"])
        {
            ShellResult result = _account.Run($"$ids | New-AuthressAccessKey -OutFile $file {more}");
            Assert.Equal("DestinationTaken", result.ErrorId);
            Assert.Equal(more == "-WhatIf", result.HostText.Contains(ids[0], StringComparison.Ordinal));
            Assert.DoesNotContain(ids[1], result.HostText, StringComparison.Ordinal);
            Assert.Equal(more == "-WhatIf" ? 0 : 1, _account.Changes.Count);
            Assert.Equal(more == "-WhatIf" ? 0 : 1, Directory.GetFiles(_account.Folder).Length);
        }
    }

    [Theory]
    [InlineData("New-AuthressServiceClient demo")]
    [InlineData("Set-AuthressServiceClient {0} -Name other")]
    [InlineData("Get-AuthressServiceClient {0} | Set-AuthressServiceClient -Name other")]
    [InlineData("Remove-AuthressServiceClient {0}")]
    [InlineData("New-AuthressAccessKey {0}")]
    [InlineData("Remove-AuthressAccessKey {0} key")]
    public void Sends_no_change_and_describes_what_a_run_would_do(string script)
    {
        string id = _account.Seed();
        _account.Server.ClearRequests();
        ShellResult result = _account.Run(string.Format(System.Globalization.CultureInfo.InvariantCulture, script, id) + " -WhatIf").Ok();
        Assert.Empty(_account.Changes);
        Assert.StartsWith("What if: ", result.HostText, StringComparison.Ordinal);
        Assert.Contains(script.Contains("{0}", StringComparison.Ordinal) ? id : "demo", result.HostText, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Changing))]
    public void Sends_no_change_whatever_it_is_called_with(string cmdlet) =>
        ForEachCall(cmdlet, "-WhatIf", result => Assert.StartsWith("What if: ", result.HostText, StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(Changing))]
    public void Sends_no_change_with_WhatIfPreference(string cmdlet)
    {
        _account.Run("$WhatIfPreference = $true");
        ForEachCall(cmdlet, string.Empty, result => Assert.StartsWith("What if: ", result.HostText, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Changing))]
    public void Sends_no_change_after_the_choice_No(string cmdlet)
    {
        _account.Shell.Answer = "No";
        ForEachCall(cmdlet, "-Confirm", result => Assert.Single(result.Questions));
    }

    [Theory]
    [MemberData(nameof(Changing))]
    public void Sends_no_change_in_a_session_that_cannot_ask(string cmdlet)
    {
        _account.Shell.Answer = null;
        ForEachCall(cmdlet, "-Confirm", result => result.Refused("ConfirmationImpossible", ErrorCategory.InvalidOperation));
    }

    [Theory]
    [MemberData(nameof(Changing))]
    public void Sends_no_change_over_a_read_only_connection(string cmdlet)
    {
        _account.Shell.Set("key", Shell.Secret(_account.Server.AccessKey));
        _account.Run($"Connect-Authress {_account.Server.ApiUrl} $key -ReadOnly").Ok();
        foreach (string more in (string[])["-Confirm:$false", "-WhatIf"])
        {
            ForEachCall(cmdlet, $"{more} -Connection (Get-AuthressConnection)", result =>
            {
                result.Refused("ReadOnlyConnection", ErrorCategory.PermissionDenied);
                Assert.Empty(result.HostText);
                Assert.Empty(_account.Server.Requests);
            });
        }
    }

    private void ForEachCall(string cmdlet, string more, Action<ShellResult> check)
    {
        CmdletInfo info = ExportedCommands.Info(cmdlet);
        foreach (Hashtable arguments in _arguments.For(info))
        {
            _account.Shell.Set("arguments", arguments);
            _account.Server.ClearRequests();
            ShellResult result = _account.Run($"{cmdlet} @arguments {more}");
            Assert.DoesNotContain(_account.Server.Requests, request => !ReadMethods.Contains(request.Method));
            if (!ReadMethods.Contains(arguments["Method"] ?? (info.Parameters.ContainsKey("Method") ? "GET" : "PUT")))
                check(result);
        }
    }
}
