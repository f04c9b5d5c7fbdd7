using System.Collections;
using System.Management.Automation;
using Authress.PowerShell.Tests.Hosting;

namespace Authress.PowerShell.Tests.Contract;

/// <summary>Nothing is changed by a cmdlet that was told not to, or by a connection that may not.</summary>
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
    [InlineData("New-AuthressServiceClient demo")]
    [InlineData("Set-AuthressServiceClient {0} -Name other")]
    [InlineData("Get-AuthressServiceClient {0} | Set-AuthressServiceClient -Name other")]
    [InlineData("Remove-AuthressServiceClient {0}")]
    [InlineData("New-AuthressAccessKey {0}")]
    [InlineData("Remove-AuthressAccessKey {0} key")]
    public void Sends_no_change_and_says_what_it_would_do(string script)
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
    public void Sends_no_change_where_the_preference_says_so(string cmdlet)
    {
        _account.Run("$WhatIfPreference = $true");
        ForEachCall(cmdlet, string.Empty, result => Assert.StartsWith("What if: ", result.HostText, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Changing))]
    public void Sends_no_change_that_was_answered_with_no(string cmdlet)
    {
        _account.Shell.Answer = "No";
        ForEachCall(cmdlet, "-Confirm", result => Assert.Single(result.Questions));
    }

    [Theory]
    [MemberData(nameof(Changing))]
    public void Sends_no_change_by_a_connection_that_only_reads(string cmdlet)
    {
        _account.Shell.Set("key", Shell.Secret(_account.Server.AccessKey));
        _account.Run($"Connect-Authress {_account.Server.ApiUrl} $key -ReadOnly").Ok();
        bool reached = false;
        ForEachCall(cmdlet, "-Confirm:$false -Connection (Get-AuthressConnection)", result =>
        {
            // An update that changes nothing has nothing to send.
            reached |= result.Errors.Count > 0;
            Assert.All(result.Errors, error =>
            {
                Assert.StartsWith("ReadOnlyConnection,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
                Assert.Equal(ErrorCategory.PermissionDenied, error.CategoryInfo.Category);
            });
        });
        Assert.True(reached);
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
