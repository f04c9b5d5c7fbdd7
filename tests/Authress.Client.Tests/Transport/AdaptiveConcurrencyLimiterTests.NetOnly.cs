using System.Net;
using Authress.Client.ServiceClients;
using Authress.Client.Transport;
using Authress.Emulator;
using Authress.Emulator.Faults;

namespace Authress.Client.Tests.Transport;

/// <summary>A connection slows down to the rate that the server accepts, and speeds up again.</summary>
/// <remarks>The emulator's state is read while requests are pending, which needs an emulator in this process. .NET Framework has none.</remarks>
public class AdaptiveConcurrencyLimiterTests
{
    private const HttpStatusCode TooMany = (HttpStatusCode)429;

    // More than any limit.
    private const int Unlimited = 1000;

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    public void No_429_and_a_few_429s_do_not_limit_anything(int every)
    {
        using AdaptiveConcurrencyLimiter limiter = new(TimeProvider.System, LongestPause);
        for (int i = 1; i <= 10_000; i++)
        {
            Enter(limiter, 1);
            limiter.Leave(every > 0 && i % every == 0 ? TooMany : HttpStatusCode.OK, null);
        }

        Assert.Equal(Unlimited, RoomIn(limiter));
    }

    [Fact]
    public void A_burst_of_429s_limits_the_requests_in_flight_and_not_to_one()
    {
        using AdaptiveConcurrencyLimiter limiter = new(TimeProvider.System, LongestPause);
        Enter(limiter, 30);
        for (int i = 0; i < 15; i++)
            limiter.Leave(TooMany, null);
        for (int i = 0; i < 15; i++)
            limiter.Leave(null, null);
        Assert.InRange(RoomIn(limiter), 2, 29);
    }

    [Fact]
    public void One_request_may_always_be_in_flight_and_successes_lift_the_limit()
    {
        using AdaptiveConcurrencyLimiter limiter = new(TimeProvider.System, LongestPause);
        Throttle(limiter);
        int room = RoomIn(limiter);
        Assert.Equal(1, room);
        while (room < Unlimited)
        {
            int before = room;
            for (int successes = 0; successes < 1000; successes++)
            {
                Enter(limiter, 1);
                limiter.Leave(HttpStatusCode.OK, null);
            }

            room = RoomIn(limiter);
            Assert.True(room > before, $"The limit went from {before} to {room}.");
        }
    }

    [Fact]
    public async Task Waiting_requests_begin_in_order_of_arrival_and_none_is_dropped()
    {
        using AdaptiveConcurrencyLimiter limiter = new(TimeProvider.System, LongestPause);
        Throttle(limiter);
        Enter(limiter, 1);
        List<int> order = [];
        Task[] waiting = [.. Enumerable.Range(0, 50).Select(async number =>
        {
            await limiter.EnterAsync(default);
            lock (order)
                order.Add(number);
            limiter.Leave(null, null);
        })];
        Assert.False(limiter.TryEnter());
        limiter.Leave(null, null);
        await Task.WhenAll(waiting);
        Assert.Equal(Enumerable.Range(0, 50), order);
        Assert.True(limiter.TryEnter());
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task A_requested_pause_holds_all_requests(int status)
    {
        TestTime time = new(standsStill: true);
        using AdaptiveConcurrencyLimiter limiter = new(time, LongestPause);
        Enter(limiter, 1);
        limiter.Leave((HttpStatusCode)status, TimeSpan.FromSeconds(10));
        Assert.False(limiter.TryEnter());
        Task[] held = [limiter.EnterAsync(default), limiter.EnterAsync(default), limiter.EnterAsync(default)];
        time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.All(held, one => Assert.False(one.IsCompleted));
        Assert.False(limiter.TryEnter());
        time.Advance(TimeSpan.FromSeconds(0.2));
        await Task.WhenAll(held);
        Assert.True(limiter.TryEnter());
    }

    [Theory]
    [InlineData(500, 10.0)]
    [InlineData(429, null)]
    [InlineData(429, 0.0)]
    public void Nothing_else_pauses(int status, double? seconds)
    {
        using AdaptiveConcurrencyLimiter limiter = new(new TestTime(standsStill: true), LongestPause);
        Enter(limiter, 1);
        limiter.Leave((HttpStatusCode)status, seconds is { } given ? TimeSpan.FromSeconds(given) : null);
        Assert.True(limiter.TryEnter());
    }

    [Fact]
    public async Task No_number_of_pauses_holds_a_request_longer_than_the_bound()
    {
        TestTime time = new(standsStill: true);
        using AdaptiveConcurrencyLimiter limiter = new(time, LongestPause);
        Enter(limiter, 2);
        limiter.Leave(TooMany, TimeSpan.FromDays(1));
        Task held = limiter.EnterAsync(default);
        time.Advance(TimeSpan.FromSeconds(50));
        limiter.Leave(TooMany, TimeSpan.FromDays(1));
        Task later = limiter.EnterAsync(default);
        time.Advance(TimeSpan.FromSeconds(10.1));
        await held;
        Assert.False(later.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(50));
        await later;
    }

    [Fact]
    public async Task A_cancelled_waiter_leaves_its_place_to_the_next()
    {
        TestTime time = new(standsStill: true);
        using AdaptiveConcurrencyLimiter limiter = new(time, LongestPause);
        Enter(limiter, 1);
        limiter.Leave(TooMany, TimeSpan.FromSeconds(10));
        using CancellationTokenSource cancellation = new();
        Task first = limiter.EnterAsync(cancellation.Token);
        Task second = limiter.EnterAsync(default);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.False(second.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(10));
        await second;
    }

    [Fact]
    public async Task Closing_the_connection_fails_waiting_requests()
    {
        using AdaptiveConcurrencyLimiter limiter = new(new TestTime(standsStill: true), LongestPause);
        Enter(limiter, 1);
        limiter.Leave(TooMany, TimeSpan.FromSeconds(10));
        Task held = limiter.EnterAsync(default);
        limiter.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => held);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => limiter.EnterAsync(default));
    }

    [Fact]
    public async Task A_pause_holds_the_callers_of_every_invocation_of_a_connection_and_no_other_connection()
    {
        TestTime time = new(standsStill: true);
        await using ApiSession session = await ApiSession.StartAsync(retries: 0, time: time);
        AuthressApi one = session.Api.ForInvocation(_ => { }, _ => { }, default);
        AuthressApi two = session.Api.ForInvocation(_ => { }, _ => { }, default);
        using AuthressApi another = TestApi.Connect(session.Server.ApiUrl, session.Server.AccessKey);
        session.Server.AddFault("GET", "*", new StatusFault(429) { RetryAfter = "30" });
        await Assert.ThrowsAsync<AuthressApiException>(() => one.ProbeAsync(default));
        Task<ServiceClient> held = two.CreateServiceClientAsync(new ServiceClientChange(), default);
        await time.Waited;
        await another.ProbeAsync(default);
        Assert.False(held.IsCompleted);
        Assert.Equal(2, session.Server.Requests.Count);
        time.Advance(TimeSpan.FromSeconds(30));
        await held;
    }

    [Fact]
    public async Task A_waiting_request_can_be_cancelled_and_stopped()
    {
        TestTime time = new(standsStill: true);
        await using ApiSession session = await ApiSession.StartAsync(retries: 0, time: time);
        session.Server.AddFault("GET", "*", new StatusFault(503) { RetryAfter = "30" });
        await Assert.ThrowsAsync<AuthressApiException>(() => session.Api.ProbeAsync(default));
        using CancellationTokenSource stopping = new();
        using CancellationTokenSource cancellation = new();
        Task stopped = session.Api.ForInvocation(_ => { }, _ => { }, stopping.Token).DeleteServiceClientAsync("sc_a", default);
        Task cancelled = session.Api.DeleteServiceClientAsync("sc_a", cancellation.Token);
        await stopping.CancelAsync();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stopped);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        Assert.Single(session.Server.Requests);
    }

    [Fact]
    public async Task Nothing_is_lost_or_done_twice_while_a_third_of_the_responses_are_429()
    {
        await using ApiSession session = await ApiSession.StartAsync(retries: 20);
        int asked = 0;
        session.Server.FaultSource = (_, _) => Interlocked.Increment(ref asked) % 3 == 0 ? new StatusFault(429) : null;
        AuthressApi[] invocations = [.. Enumerable.Range(0, 4).Select(_ => session.Api.ForInvocation(_ => { }, _ => { }, default))];
        await Parallel.ForEachAsync(Enumerable.Range(0, 300), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (number, _) =>
            await invocations[number % 4].CreateServiceClientAsync(new ServiceClientChange { Name = new($"c{number}") }, default));
        Assert.Equal(Enumerable.Range(0, 300).Select(number => $"c{number}").Order(), session.Server.Clients.Select(client => client.Name!).Where(name => name.StartsWith('c')).Order());
    }

    [Fact]
    public async Task Fewer_requests_are_in_flight_while_the_server_rejects_more_than_it_accepts()
    {
        await using ApiSession session = await ApiSession.StartAsync(new EmulatorOptions { Latency = TimeSpan.FromMilliseconds(5) }, retries: 20);
        session.Server.FaultSource = (_, _) => session.Server.Requests.Count(request => request.RespondedAt is null) >= 4 ? new StatusFault(429) : null;
        await Parallel.ForEachAsync(Enumerable.Range(0, 400), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (_, _) => await session.Api.ProbeAsync(default));
        // Without a limit, sixteen would be in flight all the time.
        Assert.InRange(session.Server.Requests.Skip(200).Average(request => request.InFlight), 1, 10);
    }

    private static void Throttle(AdaptiveConcurrencyLimiter limiter)
    {
        for (int i = 0; i < 1000; i++)
        {
            Enter(limiter, 1);
            limiter.Leave(TooMany, null);
        }
    }

    // The number of requests that may begin now.
    private static int RoomIn(AdaptiveConcurrencyLimiter limiter)
    {
        int room = 0;
        while (room < Unlimited && limiter.TryEnter())
            room++;
        for (int i = 0; i < room; i++)
            limiter.Leave(null, null);
        return room;
    }

    private static void Enter(AdaptiveConcurrencyLimiter limiter, int count)
    {
        for (int i = 0; i < count; i++)
            Assert.True(limiter.TryEnter());
    }
}
