using System.Globalization;
using System.Management.Automation;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Authress.Emulator;
using Authress.Emulator.Faults;
using Authress.Emulator.Requests;
using Authress.PowerShell.Tests.Hosting;
using NSec.Cryptography;

namespace Authress.PowerShell.Tests.Faults;

/// <summary>One operation under one fault, on an account of its own.</summary>
/// <param name="Operation">The operation that the user runs.</param>
/// <param name="Fault">The fault that is injected.</param>
/// <param name="Always">Whether every request gets the fault, not just one.</param>
internal sealed record MatrixRun(MatrixOperation Operation, FaultCase Fault, bool Always)
{
    // A late execution is done by then, even on a busy machine.
    private static readonly TimeSpan SettleTimeout = TimeSpan.FromSeconds(30);

    private static readonly Dictionary<string, ErrorCategory> Categories = new()
    {
        ["InvalidRequest"] = ErrorCategory.InvalidArgument,
        ["AuthenticationFailed"] = ErrorCategory.AuthenticationError,
        ["PlanLimitReached"] = ErrorCategory.LimitsExceeded,
        ["PermissionDenied"] = ErrorCategory.PermissionDenied,
        ["NotFound"] = ErrorCategory.ObjectNotFound,
        ["AlreadyExists"] = ErrorCategory.ResourceExists,
        ["TooManyRequests"] = ErrorCategory.LimitsExceeded,
        ["UnexpectedStatus"] = ErrorCategory.InvalidResult,
        ["TimedOut"] = ErrorCategory.OperationTimeout,
        ["ServerFailed"] = ErrorCategory.ResourceUnavailable,
        ["ConnectionFailed"] = ErrorCategory.ConnectionError,
        ["InvalidResponse"] = ErrorCategory.InvalidData,
        ["ResponseTooLarge"] = ErrorCategory.LimitsExceeded,
        ["CursorRepeated"] = ErrorCategory.InvalidResult,
    };

    public string Name => $"{Operation} / {Fault} / {(Always ? "always" : "once")}";

    /// <summary>Runs the cmdlet, and returns what it reported and what the account holds.</summary>
    public async Task<Observation> ObserveAsync(Shell shell)
    {
        using X509Certificate2? certificate = Fault.Class == FaultClass.NotTrusted ? SelfSigned() : null;
        PastClock clock = new();
        await using EmulatorServer server = await EmulatorServer.StartAsync(new EmulatorOptions { Certificate = certificate, Clock = clock });
        string clientId = server.SeedClient("""{"name":"before"}""");
        server.SeedClient("""{"name":"bystander"}""");
        string keyId = server.IssueAccessKey(clientId).Split('.')[1];
        clock.Behind = TimeSpan.Zero;
        string path = string.Format(CultureInfo.InvariantCulture, Operation.Path, clientId, keyId);
        await using ResettingServer? resetting = Fault.Class == FaultClass.ConnectionReset ? ResettingServer.Start() : null;
        Uri url = Fault.Class == FaultClass.NotConnected ? ResettingServer.UnusedUrl() : resetting?.Url ?? server.ApiUrl;
        shell.Connect(url, server.AccessKey, $"-TimeoutSec {Fault.TimeoutSec} -MaximumRetryCount {FaultCases.RetryCount} -MaximumRetryWaitSec {FaultCases.RetryWaitSec}");
        if (Fault.Fault is not null)
            server.AddFault(Fault.Method ?? Operation.Method, Fault.Method is null ? path : $"/v1/clients/{clientId}", Fault.Fault, Always ? 0 : 1);
        if (Fault.IsReadStale)
            server.AddFault("GET", $"/v1/clients/{clientId}", new StaleReadFault());
        ShellResult result = shell.Run(string.Format(CultureInfo.InvariantCulture, Operation.Script, clientId, keyId, NewPublicKey()));
        Outcome expected = ExpectedOutcomes.For(Operation, Fault, Always);
        if (expected.IsDone)
            await WaitUntilAsync(() => Operation.IsDone(server, clientId));
        RequestRecord[] sent = [.. server.Requests.Where(request => request.Method == Operation.Method && request.Target.Split('?')[0] == path)];
        return new Observation(Read(result, server, clientId, keyId, sent), Problems(result, server, clientId, sent));
    }

    private Outcome Read(ShellResult result, EmulatorServer server, string clientId, string keyId, RequestRecord[] sent)
    {
        bool isDone = Operation.IsDone(server, clientId);
        if (result.Errors.Count == 0)
            return new Outcome(null, false, Candidates.NotApplicable, isDone, PagesOff(sent.Length, result));
        AuthressApiError error = new(result.Errors[0]);
        bool reached = Fault.Class is not (FaultClass.NotConnected or FaultClass.NotTrusted or FaultClass.ConnectionReset);
        Candidates candidates = Operation.Kind is not (OperationKind.Creates or OperationKind.Registers) || !error.IsUnknown ? Candidates.NotApplicable
            : Operation.Kind == OperationKind.Registers && error.Text.Contains($"Get-AuthressAccessKey -ClientId {clientId} -PublicKey {error.PublicKey}", StringComparison.Ordinal) ? Candidates.FindableByKey
            : error.Candidates.Count > 0 && error.Candidates.SequenceEqual(Operation.Made(server, clientId, keyId)) ? Candidates.Named
            : error is { IsSearched: true, Candidates.Count: 0 } ? Candidates.NoneFound
            : Candidates.SearchFailed;

        // Only the client can count requests that never arrive. An update that fails in its first read has sent none.
        int attempts = reached ? PagesOff(sent.Length, result) : error.Method == Operation.Method ? error.Attempts : 0;
        return new Outcome(error.Id, error.IsUnknown, candidates, isDone, attempts);
    }

    // A list takes two pages, and the second is requested only after the first arrived.
    private int PagesOff(int sent, ShellResult result) => Operation.IsList && result.Output.Count > 0 ? sent - 1 : sent;

    private List<string> Problems(ShellResult result, EmulatorServer server, string clientId, RequestRecord[] sent)
    {
        List<string> problems = [];
        void Report(string? problem)
        {
            if (problem is not null)
                problems.Add(problem);
        }

        Report(Operation.ProblemOf(server, clientId));
        Report(result.Warnings.Count == 0 ? null : $"warned: {result.Warnings[0]}");
        Report(result.Errors.Count <= 1 ? null : $"{result.Errors.Count} errors");
        Report(result.HostText.Split('\n').FirstOrDefault(line => line.Length > 0 && !line.StartsWith("PROGRESS", StringComparison.Ordinal)));
        if (result.Errors.Count == 0)
        {
            Report(Operation.ProblemOf(result.Output, server, clientId));
        }
        else
        {
            AuthressApiError error = new(result.Errors[0]);
            Report(error.IsOfApi ? null : $"it is not an AuthressApiException: {error.Text}");
            Report(Categories.TryGetValue(error.Id, out ErrorCategory category) && category == error.Category ? null : $"the category of {error.Id} is {error.Category}");
            Report(result.Output.Count == 0 || Operation.IsList ? null : "an object was returned beside the error");
            Report(error.Text.Contains("The outcome is unknown: it may have been done.", StringComparison.Ordinal) == error.IsUnknown ? null : $"the text and the exception differ: {error.Text}");
            Report(error.IsUnknown && Operation.Kind == OperationKind.Reads ? "a read has no unknown outcome" : null);
            foreach (string made in error.Candidates)
                Report(error.Text.Contains(Operation.Name == "create" ? $"Remove-AuthressServiceClient -ClientId {made}" : $"Remove-AuthressAccessKey -ClientId {clientId} -KeyId {made}", StringComparison.Ordinal) ? null : $"the text has no command that removes {made}: {error.Text}");
            Report(error.Action.Length > 0 ? null : "there is no recommended action");
        }

        // No other request may change anything.
        foreach (RequestRecord other in server.Requests.Except(sent).Where(request => request.Method != "GET"))
            Report($"{other.Method} {other.Target} was sent as well");
        if (Fault.Wait > 0 && sent.Length > 1 && sent[1].ReceivedAt - sent[0].ReceivedAt < TimeSpan.FromSeconds(Fault.Wait - 0.1))
            Report($"the second attempt came {(sent[1].ReceivedAt - sent[0].ReceivedAt).TotalSeconds:0.00} s after the first");
        return problems;
    }

    private static async Task WaitUntilAsync(Func<bool> condition)
    {
        using CancellationTokenSource limit = new(SettleTimeout);
        while (!condition() && !limit.IsCancellationRequested)
            await Task.Delay(25);
    }

    // The objects that exist before the run must not look new.
    private sealed class PastClock : TimeProvider
    {
        public TimeSpan Behind { get; set; } = TimeSpan.FromHours(1);

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() - Behind;
    }

    private static string NewPublicKey()
    {
        using Key pair = Key.Create(SignatureAlgorithm.Ed25519);
        return Convert.ToBase64String(pair.PublicKey.Export(KeyBlobFormat.PkixPublicKey));
    }

    private static X509Certificate2 SelfSigned()
    {
        using RSA rsa = RSA.Create(2048);
        CertificateRequest request = new("CN=127.0.0.1", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using X509Certificate2 made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}

/// <summary>What was observed in a run.</summary>
/// <param name="Outcome">The observed outcome.</param>
/// <param name="Problems">What is wrong, whatever outcome was expected.</param>
internal sealed record Observation(Outcome Outcome, IReadOnlyList<string> Problems);

/// <summary>An error as a script reads it.</summary>
internal sealed class AuthressApiError(ErrorRecord record)
{
    private readonly PSObject _exception = PSObject.AsPSObject(record.Exception);

    public string Id { get; } = record.FullyQualifiedErrorId.Split(',')[0];

    public ErrorCategory Category => record.CategoryInfo.Category;

    public string Text => record.ToString();

    public string Action => record.ErrorDetails?.RecommendedAction ?? string.Empty;

    public bool IsOfApi => record.Exception.GetType().FullName == "Authress.AuthressApiException";

    public bool IsUnknown => Get("OutcomeUnknown") is true;

    public bool IsSearched => Get("CandidatesKnown") is true;

    public string PublicKey => Get("PublicKey") as string ?? "none";

    public int Attempts => Get("Attempts") is int attempts ? attempts : -1;

    public string Method => Get("Method") as string ?? string.Empty;

    /// <summary>The ids of the objects that the request may have created.</summary>
    public IReadOnlyList<string> Candidates => Get("Candidates") is System.Collections.IEnumerable candidates
        ? [.. candidates.Cast<object>().Select(PSObject.AsPSObject).Select(candidate => (candidate.Properties["KeyId"] ?? candidate.Properties["ClientId"]).Value.ToString()!)]
        : [];

    private object? Get(string property) => _exception.Properties[property]?.Value;
}
