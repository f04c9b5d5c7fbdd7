using Authress.Emulator.Faults;

namespace Authress.PowerShell.Tests.Faults;

/// <summary>Every fault of the emulator, and those that keep a request from reaching it.</summary>
internal static class FaultCases
{
    /// <summary>The time-out of one attempt.</summary>
    public const int TimeoutSec = 2;

    /// <summary>The number of retries.</summary>
    public const int RetryCount = 2;

    /// <summary>The longest total wait between attempts.</summary>
    public const int RetryWaitSec = 5;

    // Later than every search for a client, earlier than the last one for a key.
    private const int Soon = 1_200;

    // Later than the third attempt, and than the last search for a public key.
    private const int Late = 14_000;

    private const int BeyondTimeout = (TimeoutSec * 1_000) + 1_500;

    private static readonly string[] RetrievalOnly = ["get", "update"];

    private static readonly string[] KeyCreation = ["create key", "create key locally", "register public key"];

    public static IReadOnlyList<FaultCase> All { get; } =
    [
        Refusal(400, "InvalidRequest"),
        new("401", FaultClass.Unauthorized, new StatusFault(401)) { ErrorId = "AuthenticationFailed" },
        Refusal(402, "PlanLimitReached"),
        Refusal(403, "PermissionDenied"),
        Refusal(404, "NotFound"),
        Refusal(409, "AlreadyExists"),
        Refusal(422, "InvalidRequest"),
        new("304", FaultClass.Refusal, new NotModifiedFault()) { ErrorId = "UnexpectedStatus" },
        new("redirect 302", FaultClass.Refusal, new RedirectFault("https://127.0.0.1:1/")) { ErrorId = "UnexpectedStatus" },
        new("redirect 307", FaultClass.Refusal, new RedirectFault("https://127.0.0.1:1/") { Status = 307 }) { ErrorId = "UnexpectedStatus" },
        Throttled("429", null),
        Throttled("429, Retry-After in seconds", "1") with { Wait = 1 },
        Throttled("429, Retry-After as a date", "date:+2") with { Wait = 1 },
        Throttled("429, Retry-After too long", "600") with { WaitTooLong = true },
        Throttled("429, Retry-After garbage", "in a while"),
        OutcomeUnknown(408, act: false) with { ErrorId = "TimedOut" },
        OutcomeUnknown(500, act: false),
        OutcomeUnknown(502, act: false),
        OutcomeUnknown(503, act: false),
        OutcomeUnknown(504, act: false),
        OutcomeUnknown(408, act: true) with { ErrorId = "TimedOut" },
        OutcomeUnknown(500, act: true),
        OutcomeUnknown(502, act: true),
        OutcomeUnknown(503, act: true),
        OutcomeUnknown(504, act: true),
        OutcomeUnknown(503, act: false) with { Name = "503, Retry-After in seconds", Fault = new StatusFault(503) { RetryAfter = "1" }, Wait = 1 },
        OutcomeUnknown(503, act: false) with { Name = "503, Retry-After as a date", Fault = new StatusFault(503) { RetryAfter = "date:+2" }, Wait = 1 },
        OutcomeUnknown(503, act: false) with { Name = "503, Retry-After too long", Fault = new StatusFault(503) { RetryAfter = "600" }, WaitTooLong = true },
        OutcomeUnknown(503, act: false) with { Name = "503, Retry-After garbage", Fault = new StatusFault(503) { RetryAfter = "-1, soon" } },
        OutcomeUnknown(502, act: false) with { Name = "502 with a page of HTML", Fault = new StatusFault(502) { Body = FaultBody.Html } },
        OutcomeUnknown(502, act: false) with { Name = "502 without a body", Fault = new StatusFault(502) { Body = FaultBody.Empty } },
        new("dropped before acting", FaultClass.OutcomeUnknown, new DropFault()) { ErrorId = "ConnectionFailed" },
        new("acts, then drops", FaultClass.OutcomeUnknown, new ActThenDropFault()) { ErrorId = "ConnectionFailed", Execution = Execution.Immediate },
        new("drops, then acts", FaultClass.OutcomeUnknown, new DropThenActFault(Soon)) { ErrorId = "ConnectionFailed", Execution = Execution.Soon },
        new("slow, within the time-out", FaultClass.Unnoticed, new DelayFault(200)),
        new("slow before acting", FaultClass.OutcomeUnknown, new DelayFault(Late)) { ErrorId = "TimedOut", Execution = Execution.Late },
        new("slow after acting", FaultClass.OutcomeUnknown, new DelayFault(BeyondTimeout) { AfterActing = true }) { ErrorId = "TimedOut", Execution = Execution.Immediate },
        new("stalls in the middle", FaultClass.OutcomeUnknown, new StallFault(BeyondTimeout)) { ErrorId = "TimedOut", Execution = Execution.Immediate, NeedsBody = true },
        new("cut in the middle", FaultClass.OutcomeUnknown, new TruncateFault()) { ErrorId = "ConnectionFailed", Execution = Execution.Immediate, StatusArrives = true },
        BadBody("half a response, sent as complete", new TruncateFault { Complete = true }) with { NeedsBody = true },
        BadBody("malformed", new MalformedFault()),
        BadBody("empty", new EmptyFault()) with { NeedsBody = true },
        BadBody("oversized", new OversizedFault { Megabytes = 9 }) with { ErrorId = "ResponseTooLarge", TimeoutSec = 60 },
        new("a page of HTML with 200", FaultClass.HtmlPage, new HtmlFault()) { ErrorId = "InvalidResponse" },
        new("repeated cursor", FaultClass.EndlessListing, new RepeatCursorFault())
        {
            ErrorId = "CursorRepeated",
            Only = (["list"], "only listings have a cursor"),
            NeverOnce = "the first page has no cursor to repeat",
        },
        new("stale read", FaultClass.Unnoticed, new StaleReadFault())
        {
            Method = "GET",
            Only = (RetrievalOnly, "it reads no single client"),
            NeverAlways = "no client can distinguish a permanently stale read from a correct one",
        },
        new("acts, then drops; the first search is stale", FaultClass.OutcomeUnknown, new ActThenDropFault())
        {
            ErrorId = "ConnectionFailed",
            Execution = Execution.Immediate,
            IsReadStale = true,
            Only = (KeyCreation, "it searches no single client"),
            NeverAlways = "as above",
        },
        new("key not yet usable", FaultClass.Unnoticed, new KeyNotYetUsableFault { Requests = 2 })
        {
            Only = (KeyCreation, "it creates no key"),
            NeverAlways = "the fault is in the key and not in a request",
        },
        new("public keys in another form", FaultClass.Unnoticed, new PublicKeyFormFault(PublicKeyForm.Pem)),
        new("connection refused", FaultClass.NotConnected, null) { ErrorId = "ConnectionFailed", NeverOnce = "UnsentTests cover an account that begins to listen between two attempts" },
        new("certificate not trusted", FaultClass.NotTrusted, null) { ErrorId = "ConnectionFailed", NeverOnce = "a certificate does not become trusted" },
        new("connection reset", FaultClass.ConnectionReset, null) { ErrorId = "ConnectionFailed", NeverOnce = "once, it is the same as dropped before acting" },
    ];

    private static FaultCase Refusal(int status, string errorId) => new($"{status}", FaultClass.Refusal, new StatusFault(status)) { ErrorId = errorId };

    private static FaultCase Throttled(string name, string? retryAfter) =>
        new(name, FaultClass.Throttled, new StatusFault(429) { RetryAfter = retryAfter }) { ErrorId = "TooManyRequests" };

    private static FaultCase OutcomeUnknown(int status, bool act) => new(act ? $"{status} after acting" : $"{status}", FaultClass.OutcomeUnknown, new StatusFault(status) { Act = act })
    {
        ErrorId = "ServerFailed",
        Execution = act ? Execution.Immediate : Execution.Never,
    };

    private static FaultCase BadBody(string name, Fault fault) => new(name, FaultClass.BadBody, fault) { ErrorId = "InvalidResponse", Execution = Execution.Immediate };
}
