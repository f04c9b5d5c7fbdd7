using System.Collections;
using System.Management.Automation;
using Authress.Emulator;
using Authress.Emulator.Faults;
using Authress.PowerShell.Tests.Contract;
using Authress.PowerShell.Tests.Hosting;

namespace Authress.PowerShell.Tests.Errors;

/// <summary>Every error response, unusable response and failed connection becomes one clear error.</summary>
public sealed class ResponseErrorTests : IAsyncLifetime
{
    private static readonly (int Status, string Id, ErrorCategory Category)[] Statuses =
    [
        (400, "InvalidRequest", ErrorCategory.InvalidArgument),
        (401, "AuthenticationFailed", ErrorCategory.AuthenticationError),
        (402, "PlanLimitReached", ErrorCategory.LimitsExceeded),
        (403, "PermissionDenied", ErrorCategory.PermissionDenied),
        (404, "NotFound", ErrorCategory.ObjectNotFound),
        (409, "AlreadyExists", ErrorCategory.ResourceExists),
        (422, "InvalidRequest", ErrorCategory.InvalidArgument),
        (429, "TooManyRequests", ErrorCategory.LimitsExceeded),
        (500, "ServerFailed", ErrorCategory.ResourceUnavailable),
        (503, "ServerFailed", ErrorCategory.ResourceUnavailable),
        (302, "UnexpectedStatus", ErrorCategory.InvalidResult),
        (418, "UnexpectedStatus", ErrorCategory.InvalidResult),
    ];

    private static readonly Dictionary<string, (Fault Fault, string Id, ErrorCategory Category)> Bodies = new()
    {
        ["not JSON"] = (new MalformedFault { Text = "this is not JSON" }, "InvalidResponse", ErrorCategory.InvalidData),
        ["of other types"] = (new MalformedFault(), "InvalidResponse", ErrorCategory.InvalidData),
        ["of another kind"] = (new MalformedFault { Text = "[1, 2]" }, "InvalidResponse", ErrorCategory.InvalidData),
        ["null"] = (new MalformedFault { Text = "null" }, "InvalidResponse", ErrorCategory.InvalidData),
        ["another object"] = (new MalformedFault { Text = """{ "hello": "world" }""" }, "InvalidResponse", ErrorCategory.InvalidData),
        ["a page"] = (new HtmlFault(), "InvalidResponse", ErrorCategory.InvalidData),
        ["empty"] = (new EmptyFault(), "InvalidResponse", ErrorCategory.InvalidData),
        ["cut short"] = (new TruncateFault { Complete = true }, "InvalidResponse", ErrorCategory.InvalidData),
        ["broken off"] = (new TruncateFault(), "ConnectionFailed", ErrorCategory.ConnectionError),
        ["too large"] = (new OversizedFault { Megabytes = 9 }, "ResponseTooLarge", ErrorCategory.LimitsExceeded),
        ["none at all"] = (new DropFault(), "ConnectionFailed", ErrorCategory.ConnectionError),
    };

    private readonly Account _account = new();

    public static TheoryData<string, int> StatusCalls
    {
        get
        {
            TheoryData<string, int> calls = [];
            foreach (string cmdlet in Connected)
            {
                foreach ((int status, _, _) in Statuses)
                    calls.Add(cmdlet, status);
            }

            return calls;
        }
    }

    public static TheoryData<string, string> BodyCalls
    {
        get
        {
            TheoryData<string, string> calls = [];
            foreach (string script in new[] { "Get-AuthressServiceClient", "Get-AuthressServiceClient {0}", "Get-AuthressAccessKey {0}", "New-AuthressServiceClient demo", "Set-AuthressServiceClient {0} -Name other", "New-AuthressAccessKey {0}" })
            {
                // The response to an update needs no id: it is known.
                foreach (string body in Bodies.Keys.Where(body => body != "another object" || !script.StartsWith("Set-", StringComparison.Ordinal)))
                    calls.Add(script, body);
            }

            return calls;
        }
    }

    // Test-AuthressConnection reports a failure as its result. A token is signed without a request.
    private static IEnumerable<string> Connected => ExportedCommands.Connected.Select(row => row.Data).Where(name => ExportedCommands.Info(name).Verb != VerbsDiagnostic.Test && name is not ("Get-AuthressAccessToken" or "Get-AuthressAccessKeyRotation"));

    public async ValueTask InitializeAsync()
    {
        await _account.InitializeAsync();
        // Each response by itself; the client library's tests cover retries.
        _account.Connect("-MaximumRetryCount 0");
        _account.Run("$ConfirmPreference = 'None'").Ok();
    }

    public ValueTask DisposeAsync() => _account.DisposeAsync();

    [Theory]
    [MemberData(nameof(StatusCalls))]
    public void Every_error_status_is_an_error_with_its_id_and_category(string cmdlet, int status)
    {
        (_, string id, ErrorCategory category) = Statuses.Single(row => row.Status == status);
        Hashtable arguments = new Arguments(_account).For(ExportedCommands.Info(cmdlet)).First();
        _account.Shell.Set("arguments", arguments);
        foreach (FaultBody body in Enum.GetValues<FaultBody>())
        {
            _account.Server.ClearFaults();
            _account.Server.AddFault("*", "*", new StatusFault(status) { Body = body }, times: -1);
            ErrorRecord error = _account.Run($"{cmdlet} @arguments").Refused(id, category);
            Assert.Equal("Authress.AuthressApiException", error.Exception.GetType().FullName);
            PSObject exception = PSObject.AsPSObject(error.Exception);
            Assert.Equal(status, exception.Properties["StatusCode"].Value);
            string requestId = Assert.IsType<string>(exception.Properties["RequestId"].Value);
            // The sentence comes first; each id for support has a line of its own, and nothing else has.
            string[] ids = exception.Properties["ErrorId"].Value is string errorId ? [requestId, errorId] : [requestId];
            string[] lines = error.ToString().Split(Environment.NewLine);
            Assert.Equal(ids, lines.Skip(1).Select(line => line.Split(' ')[^1]));
            Assert.DoesNotContain(ids, id => lines[0].Contains(id, StringComparison.Ordinal));
            Assert.EndsWith(".", lines[0], StringComparison.Ordinal);
            if (arguments.Count > 0)
                Assert.NotNull(error.TargetObject);
        }
    }

    [Theory]
    [InlineData("Get-AuthressServiceClient 'Nightly invoices'", true)]
    [InlineData("Get-AuthressServiceClient invoices", true)]
    [InlineData("[pscustomobject]@{ ClientId = 'sc_gone ' } | Get-AuthressServiceClient", true)]
    [InlineData("New-AuthressAccessKey 'Nightly invoices'", true)]
    [InlineData("Get-AuthressServiceClient sc_gone", false)]
    [InlineData("Remove-AuthressAccessKey sc_gone key1", false)]
    [InlineData("Invoke-AuthressRequest /v1/nowhere", false)]
    public void A_name_in_place_of_an_id_is_recommended_another_parameter(string script, bool isName) =>
        Assert.Equal(isName, _account.Run(script).Refused("NotFound", ErrorCategory.ObjectNotFound).ErrorDetails.RecommendedAction.Contains("-Name", StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(BodyCalls))]
    public void An_unusable_response_is_an_error_with_its_id_and_category(string script, string body)
    {
        (Fault fault, string id, ErrorCategory category) = Bodies[body];
        string client = _account.Seed("""{ "name": "before" }""");
        // The read before an update succeeds; the fault is in the response to the update itself.
        bool isChange = !script.StartsWith("Get-", StringComparison.Ordinal);
        _account.Server.AddFault(isChange ? script.StartsWith("Set-", StringComparison.Ordinal) ? "PUT" : "POST" : "GET", "*", fault, times: -1);
        ErrorRecord error = _account.Run(script.Replace("{0}", client, StringComparison.Ordinal)).Refused(id, category);
        // A change whose response is unusable may have been done.
        Assert.Equal(isChange, PSObject.AsPSObject(error.Exception).Properties["OutcomeUnknown"].Value);
    }

    [Theory]
    [InlineData("Remove-AuthressServiceClient {0}")]
    [InlineData("Remove-AuthressAccessKey {0} key")]
    public void An_HTML_page_does_not_confirm_a_deletion(string script)
    {
        string client = _account.Seed();
        _account.Server.AddFault("DELETE", "*", new HtmlFault(), times: -1);
        _account.Run(script.Replace("{0}", client, StringComparison.Ordinal)).Refused("InvalidResponse", ErrorCategory.InvalidData);
        Assert.NotNull(_account.Server.FindClient(client));
    }

    [Fact]
    public void A_repeated_cursor_ends_a_list_with_an_error()
    {
        _account.Server.SeedClients(25);
        _account.Server.AddFault("GET", "/v1/clients", new RepeatCursorFault(), times: -1);
        _account.Server.ClearRequests();
        ShellResult result = _account.Run("Get-AuthressServiceClient");
        result.Refused("CursorRepeated", ErrorCategory.InvalidResult);
        // Every client before the repeated cursor.
        Assert.Equal(26, result.Output.Count);
    }

    [Theory]
    [InlineData("http://localhost:1")]
    [InlineData("https://localhost:1")]
    [InlineData("https://authress.invalid")]
    public void An_unreachable_host_is_a_failed_connection(string url)
    {
        ConnectTo(url);
        _account.Run("Get-AuthressServiceClient sc_x").Refused("ConnectionFailed", ErrorCategory.ConnectionError, "sc_x");
        ErrorRecord error = _account.Run("New-AuthressServiceClient demo").Refused("ConnectionFailed", ErrorCategory.ConnectionError, "demo");
        // What was never sent was not done.
        Assert.Equal(false, PSObject.AsPSObject(error.Exception).Properties["OutcomeUnknown"].Value);
    }

    [Fact]
    public void A_failed_TLS_handshake_is_a_failed_connection()
    {
        ConnectTo($"https://127.0.0.1:{_account.Server.ApiUrl.Port}");
        _account.Server.ClearRequests();
        _account.Run("Get-AuthressServiceClient sc_x").Refused("ConnectionFailed", ErrorCategory.ConnectionError, "sc_x");
        Assert.Empty(_account.Server.Requests);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_response_that_does_not_arrive_in_time_is_a_timeout(bool afterItsHead)
    {
        string client = _account.Seed();
        ConnectTo(_account.Server.ApiUrl.ToString(), "-TimeoutSec 1");
        _account.Server.AddFault("*", "*", afterItsHead ? new StallFault(60_000) : new DelayFault(60_000), times: -1);
        _account.Run($"Get-AuthressServiceClient {client}").Refused("TimedOut", ErrorCategory.OperationTimeout, client);
    }

    [Fact]
    public async Task A_redirect_is_an_error_and_sends_no_token_elsewhere()
    {
        await using EmulatorServer other = await EmulatorServer.StartAsync();
        _account.Server.AddFault("GET", "*", new RedirectFault(other.ApiUrl + "v1/clients"), times: -1);
        _account.Run("Get-AuthressServiceClient").Refused("UnexpectedStatus", ErrorCategory.InvalidResult);
        Assert.Empty(other.Requests);
    }

    private void ConnectTo(string url, string more = "")
    {
        _account.Shell.Set("key", Shell.Secret(_account.Server.AccessKey));
        _account.Run($"Connect-Authress '{url}' $key -MaximumRetryCount 0 {more}").Ok();
    }
}
