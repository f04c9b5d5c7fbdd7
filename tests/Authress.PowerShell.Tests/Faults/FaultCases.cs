using Authress.Emulator.Faults;

namespace Authress.PowerShell.Tests.Faults;

/// <summary>Every fault that the emulator has, and those that keep a request from reaching it.</summary>
internal static class FaultCases
{
    /// <summary>How long one try may take, in the matrix.</summary>
    public const int TimeoutSec = 2;

    /// <summary>How often is tried again.</summary>
    public const int RetryCount = 2;

    /// <summary>How long is waited for that at most.</summary>
    public const int RetryWaitSec = 5;

    // Later than all looks for a client, earlier than the last for a key.
    private const int Soon = 1_200;

    // Later than the last try of what is tried three times.
    private const int Late = 9_000;

    private const int BeyondTimeout = (TimeoutSec * 1_000) + 1_500;

    private static readonly string[] RetrievalOnly = ["get", "update"];

    public static IReadOnlyList<FaultCase> All { get; } =
    [
        Refusal(400, "InvalidRequest"),
        new("401", Sight.Unauthorized, new StatusFault(401)) { ErrorId = "AuthenticationFailed" },
        Refusal(402, "PlanLimitReached"),
        Refusal(403, "PermissionDenied"),
        Refusal(404, "NotFound"),
        Refusal(409, "AlreadyExists"),
        Refusal(422, "InvalidRequest"),
        new("304", Sight.Refusal, new NotModifiedFault()) { ErrorId = "UnexpectedStatus" },
        new("redirect 302", Sight.Refusal, new RedirectFault("https://127.0.0.1:1/")) { ErrorId = "UnexpectedStatus" },
        new("redirect 307", Sight.Refusal, new RedirectFault("https://127.0.0.1:1/") { Status = 307 }) { ErrorId = "UnexpectedStatus" },
        TooMany("429", null),
        TooMany("429, Retry-After in seconds", "1") with { Wait = 1 },
        TooMany("429, Retry-After as a date", "date:+2") with { Wait = 1 },
        TooMany("429, Retry-After too long", "600") with { AsksTooMuch = true },
        TooMany("429, Retry-After garbage", "in a while"),
        Doubt(408, act: false) with { ErrorId = "TimedOut" },
        Doubt(500, act: false),
        Doubt(502, act: false),
        Doubt(503, act: false),
        Doubt(504, act: false),
        Doubt(408, act: true) with { ErrorId = "TimedOut" },
        Doubt(500, act: true),
        Doubt(502, act: true),
        Doubt(503, act: true),
        Doubt(504, act: true),
        Doubt(503, act: false) with { Name = "503, Retry-After in seconds", Fault = new StatusFault(503) { RetryAfter = "1" }, Wait = 1 },
        Doubt(503, act: false) with { Name = "503, Retry-After as a date", Fault = new StatusFault(503) { RetryAfter = "date:+2" }, Wait = 1 },
        Doubt(503, act: false) with { Name = "503, Retry-After too long", Fault = new StatusFault(503) { RetryAfter = "600" }, AsksTooMuch = true },
        Doubt(503, act: false) with { Name = "503, Retry-After garbage", Fault = new StatusFault(503) { RetryAfter = "-1, soon" } },
        Doubt(502, act: false) with { Name = "502 with a page of HTML", Fault = new StatusFault(502) { Body = FaultBody.Html } },
        Doubt(502, act: false) with { Name = "502 without a body", Fault = new StatusFault(502) { Body = FaultBody.Empty } },
        new("dropped before acting", Sight.Doubt, new DropFault()) { ErrorId = "ConnectionFailed" },
        new("acts, then drops", Sight.Doubt, new ActThenDropFault()) { ErrorId = "ConnectionFailed", Acting = Acting.AtOnce },
        new("drops, then acts", Sight.Doubt, new DropThenActFault(Soon)) { ErrorId = "ConnectionFailed", Acting = Acting.Soon },
        new("slow, within the time-out", Sight.Fine, new DelayFault(200)),
        new("slow before acting", Sight.Doubt, new DelayFault(Late)) { ErrorId = "TimedOut", Acting = Acting.Late },
        new("slow after acting", Sight.Doubt, new DelayFault(BeyondTimeout) { AfterActing = true }) { ErrorId = "TimedOut", Acting = Acting.AtOnce },
        new("stalls in the middle", Sight.Doubt, new StallFault(BeyondTimeout)) { ErrorId = "TimedOut", Acting = Acting.AtOnce, NeedsBody = true },
        new("cut in the middle", Sight.Doubt, new TruncateFault()) { ErrorId = "ConnectionFailed", Acting = Acting.AtOnce, StatusArrives = true },
        BadBody("half an answer, sent as all", new TruncateFault { Complete = true }) with { NeedsBody = true },
        BadBody("malformed", new MalformedFault()),
        BadBody("empty", new EmptyFault()) with { NeedsBody = true },
        BadBody("oversized", new OversizedFault { Megabytes = 9 }) with { ErrorId = "ResponseTooLarge" },
        new("a page of HTML with 200", Sight.Page, new HtmlFault()) { ErrorId = "InvalidResponse" },
        new("repeated cursor", Sight.Endless, new RepeatCursorFault())
        {
            ErrorId = "CursorRepeated",
            Only = (["list"], "only listings have a cursor"),
            NeverOnce = "the first page has no cursor to repeat",
        },
        new("stale read", Sight.Fine, new StaleReadFault())
        {
            Method = "GET",
            Only = (RetrievalOnly, "it reads no single client"),
            NeverAlways = "a read that is stale for ever is told by no caller from one that is right",
        },
        new("acts, then drops; the first look is stale", Sight.Doubt, new ActThenDropFault())
        {
            ErrorId = "ConnectionFailed",
            Acting = Acting.AtOnce,
            IsReadStale = true,
            Only = (["create key"], "it looks for nothing in a single client"),
            NeverAlways = "as above",
        },
        new("key not yet usable", Sight.Fine, new KeyNotYetUsableFault { Requests = 2 })
        {
            Only = (["create key"], "it makes no key"),
            NeverAlways = "the fault is in the key and not in a request",
        },
        new("connection refused", Sight.NotConnected, null) { ErrorId = "ConnectionFailed", NeverOnce = "an account that begins to listen between two tries is what UnsentTests are about" },
        new("certificate not trusted", Sight.NotTrusted, null) { ErrorId = "ConnectionFailed", NeverOnce = "a certificate does not pass" },
        new("connection reset", Sight.Broken, null) { ErrorId = "ConnectionFailed", NeverOnce = "once, it is the same as dropped before acting" },
    ];

    private static FaultCase Refusal(int status, string errorId) => new($"{status}", Sight.Refusal, new StatusFault(status)) { ErrorId = errorId };

    private static FaultCase TooMany(string name, string? retryAfter) =>
        new(name, Sight.TooMany, new StatusFault(429) { RetryAfter = retryAfter }) { ErrorId = "TooManyRequests" };

    private static FaultCase Doubt(int status, bool act) => new(act ? $"{status} after acting" : $"{status}", Sight.Doubt, new StatusFault(status) { Act = act })
    {
        ErrorId = "ServerFailed",
        Acting = act ? Acting.AtOnce : Acting.Never,
    };

    private static FaultCase BadBody(string name, Fault fault) => new(name, Sight.BadBody, fault) { ErrorId = "InvalidResponse", Acting = Acting.AtOnce };
}
