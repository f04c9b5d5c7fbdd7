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
            foreach (string cmdlet in Asking)
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
                // What an update answers needs no id: it is known.
                foreach (string body in Bodies.Keys.Where(body => body != "another object" || !script.StartsWith("Set-", StringComparison.Ordinal)))
                    calls.Add(script, body);
            }

            return calls;
        }
    }

    // A test of the connection tells of a failure and is none.
    private static IEnumerable<string> Asking => ExportedCommands.Connected.Select(row => row.Data).Where(name => ExportedCommands.Info(name).Verb != VerbsDiagnostic.Test);

    public async ValueTask InitializeAsync()
    {
        await _account.InitializeAsync();
        // Each answer by itself; what is tried again is tested in the client library.
        _account.Connect("-MaximumRetryCount 0");
        _account.Run("$ConfirmPreference = 'None'").Ok();
    }

    public ValueTask DisposeAsync() => _account.DisposeAsync();

    [Theory]
    [MemberData(nameof(StatusCalls))]
    public void Makes_an_error_of_every_status(string cmdlet, int status)
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
            // The sentence comes first; what support asks for has a line of its own.
            string[] lines = error.ToString().Split(Environment.NewLine);
            Assert.Equal(2, lines.Length);
            Assert.Contains(requestId, lines[1], StringComparison.Ordinal);
            Assert.DoesNotContain(requestId, lines[0], StringComparison.Ordinal);
            if (arguments.Count > 0)
                Assert.NotNull(error.TargetObject);
        }
    }

    [Theory]
    [MemberData(nameof(BodyCalls))]
    public void Makes_an_error_of_an_answer_that_can_not_be_used(string script, string body)
    {
        (Fault fault, string id, ErrorCategory category) = Bodies[body];
        string client = _account.Seed("""{ "name": "before" }""");
        // The read before an update is well; it is the update's own answer that is spoilt.
        bool isChange = !script.StartsWith("Get-", StringComparison.Ordinal);
        _account.Server.AddFault(isChange ? script.StartsWith("Set-", StringComparison.Ordinal) ? "PUT" : "POST" : "GET", "*", fault, times: -1);
        ErrorRecord error = _account.Run(script.Replace("{0}", client, StringComparison.Ordinal)).Refused(id, category);
        // Who changed something and could not read the answer is told that it may have been done.
        Assert.Equal(isChange, PSObject.AsPSObject(error.Exception).Properties["OutcomeUnknown"].Value);
    }

    [Theory]
    [InlineData("Remove-AuthressServiceClient {0}")]
    [InlineData("Remove-AuthressAccessKey {0} key")]
    public void Does_not_take_a_page_for_a_deletion(string script)
    {
        string client = _account.Seed();
        _account.Server.AddFault("DELETE", "*", new HtmlFault(), times: -1);
        _account.Run(script.Replace("{0}", client, StringComparison.Ordinal)).Refused("InvalidResponse", ErrorCategory.InvalidData);
        Assert.NotNull(_account.Server.FindClient(client));
    }

    [Fact]
    public void Ends_a_list_that_would_never_end()
    {
        _account.Server.SeedClients(25);
        _account.Server.AddFault("GET", "/v1/clients", new RepeatCursorFault(), times: -1);
        _account.Server.ClearRequests();
        ShellResult result = _account.Run("Get-AuthressServiceClient");
        result.Refused("CursorRepeated", ErrorCategory.InvalidResult);
        // All that the server told before it began again.
        Assert.Equal(26, result.Output.Count);
    }

    [Theory]
    [InlineData("http://localhost:1")]
    [InlineData("https://localhost:1")]
    [InlineData("https://authress.invalid")]
    public void Says_that_a_host_can_not_be_reached(string url)
    {
        ConnectTo(url);
        _account.Run("Get-AuthressServiceClient sc_x").Refused("ConnectionFailed", ErrorCategory.ConnectionError, "sc_x");
        ErrorRecord error = _account.Run("New-AuthressServiceClient demo").Refused("ConnectionFailed", ErrorCategory.ConnectionError, "demo");
        // What was never sent was not done.
        Assert.Equal(false, PSObject.AsPSObject(error.Exception).Properties["OutcomeUnknown"].Value);
    }

    [Fact]
    public void Says_that_no_safe_connection_can_be_made()
    {
        ConnectTo($"https://127.0.0.1:{_account.Server.ApiUrl.Port}");
        _account.Server.ClearRequests();
        _account.Run("Get-AuthressServiceClient sc_x").Refused("ConnectionFailed", ErrorCategory.ConnectionError, "sc_x");
        Assert.Empty(_account.Server.Requests);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Gives_up_when_no_answer_comes_in_time(bool afterItsHead)
    {
        string client = _account.Seed();
        ConnectTo(_account.Server.ApiUrl.ToString(), "-TimeoutSec 1");
        _account.Server.AddFault("*", "*", afterItsHead ? new StallFault(60_000) : new DelayFault(60_000), times: -1);
        _account.Run($"Get-AuthressServiceClient {client}").Refused("TimedOut", ErrorCategory.OperationTimeout, client);
    }

    [Fact]
    public async Task Takes_no_token_to_where_a_redirect_leads()
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
