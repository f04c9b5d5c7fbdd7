using System.Net;
using Authress.Client.ServiceClients;
using Authress.Client.Transport;
using Authress.Emulator;
using Authress.Emulator.Faults;

namespace Authress.Client.Tests.Transport;

/// <summary>How a connection slows down to what the server takes, and speeds up again.</summary>
/// <remarks>They ask the emulator about every request as it comes, in this process, where .NET Framework has none.</remarks>
public class AdaptiveConcurrencyLimiterTests
{
    private const HttpStatusCode TooMany = (HttpStatusCode)429;

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(60);

    [Fact]
    public void Any_number_is_let_in_while_all_is_well()
    {
        using AdaptiveConcurrencyLimiter flow = new(TimeProvider.System, LongestPause);
        for (int i = 0; i < 10_000; i++)
            Assert.True(flow.TryEnter());
    }

    [Fact]
    public void A_few_refusals_slow_nobody_down()
    {
        using AdaptiveConcurrencyLimiter flow = new(TimeProvider.System, LongestPause);
        for (int i = 0; i < 10_000; i++)
        {
            Assert.True(flow.TryEnter());
            flow.Leave(i % 20 == 0 ? TooMany : HttpStatusCode.OK, null);
        }

        Assert.Equal(double.PositiveInfinity, flow.Limit);
    }

    [Fact]
    public void Many_refusals_cut_what_is_in_flight_by_three_tenths_and_not_at_every_one()
    {
        using AdaptiveConcurrencyLimiter flow = new(TimeProvider.System, LongestPause);
        Enter(flow, 30);
        for (int i = 0; i < 6; i++)
            flow.Leave(TooMany, null);
        Assert.Equal(double.PositiveInfinity, flow.Limit);
        flow.Leave(TooMany, null);
        // The seventh in a row makes more than a tenth of the last sixty-four; twenty-four were in flight.
        Assert.Equal(24 * 0.7, flow.Limit, 9);
        for (int i = 0; i < 16; i++)
            flow.Leave(TooMany, null);
        Assert.Equal(24 * 0.7, flow.Limit, 9);
        flow.Leave(TooMany, null);
        Assert.Equal(7 * 0.7, flow.Limit, 9);
    }

    [Fact]
    public void However_many_refusals_come_there_is_room_for_one()
    {
        using AdaptiveConcurrencyLimiter flow = new(TimeProvider.System, LongestPause);
        for (int i = 0; i < 1000; i++)
        {
            Assert.True(flow.TryEnter());
            flow.Leave(TooMany, null);
        }

        Assert.Equal(1, flow.Limit);
        Assert.True(flow.TryEnter());
        Assert.False(flow.TryEnter());
    }

    [Fact]
    public void The_limit_grows_back_with_good_answers_until_there_is_none()
    {
        using AdaptiveConcurrencyLimiter flow = new(TimeProvider.System, LongestPause);
        for (int i = 0; i < 100; i++)
        {
            Enter(flow, 1);
            flow.Leave(TooMany, null);
        }

        double before = flow.Limit;
        for (int i = 0; i < 200; i++)
        {
            Enter(flow, 1);
            flow.Leave(HttpStatusCode.OK, null);
        }

        // Each good answer adds a part, so that the square of the limit grows evenly.
        Assert.InRange(flow.Limit, Math.Sqrt((before * before) + 390), Math.Sqrt((before * before) + 420));
        for (int i = 0; i < 40_000; i++)
        {
            Enter(flow, 1);
            flow.Leave(HttpStatusCode.OK, null);
        }

        Assert.Equal(double.PositiveInfinity, flow.Limit);
    }

    [Fact]
    public async Task Who_has_to_wait_goes_in_the_order_of_coming_and_nobody_is_dropped()
    {
        using AdaptiveConcurrencyLimiter flow = new(TimeProvider.System, LongestPause);
        for (int i = 0; i < 1000; i++)
        {
            Enter(flow, 1);
            flow.Leave(TooMany, null);
        }

        Enter(flow, 1);
        List<int> order = [];
        Task[] waiting = [.. Enumerable.Range(0, 50).Select(async number =>
        {
            await flow.EnterAsync(default);
            lock (order)
                order.Add(number);
            flow.Leave(null, null);
        })];
        Assert.False(flow.TryEnter());
        flow.Leave(null, null);
        await Task.WhenAll(waiting);
        Assert.Equal(Enumerable.Range(0, 50), order);
        Assert.True(flow.TryEnter());
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task A_pause_that_is_asked_for_holds_everybody_until_then(int status)
    {
        TestTime time = new(standsStill: true);
        using AdaptiveConcurrencyLimiter flow = new(time, LongestPause);
        Enter(flow, 1);
        flow.Leave((HttpStatusCode)status, TimeSpan.FromSeconds(10));
        Assert.False(flow.TryEnter());
        Task[] held = [flow.EnterAsync(default), flow.EnterAsync(default), flow.EnterAsync(default)];
        time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.All(held, one => Assert.False(one.IsCompleted));
        Assert.False(flow.TryEnter());
        time.Advance(TimeSpan.FromSeconds(0.2));
        await Task.WhenAll(held);
        Assert.True(flow.TryEnter());
    }

    [Theory]
    [InlineData(500, 10.0)]
    [InlineData(429, null)]
    [InlineData(429, 0.0)]
    public void Nothing_else_pauses(int status, double? seconds)
    {
        using AdaptiveConcurrencyLimiter flow = new(new TestTime(standsStill: true), LongestPause);
        Enter(flow, 1);
        flow.Leave((HttpStatusCode)status, seconds is { } given ? TimeSpan.FromSeconds(given) : null);
        Assert.True(flow.TryEnter());
    }

    [Fact]
    public async Task Nobody_is_held_for_longer_than_the_bound_however_often_a_pause_is_asked_for()
    {
        TestTime time = new(standsStill: true);
        using AdaptiveConcurrencyLimiter flow = new(time, LongestPause);
        Enter(flow, 2);
        flow.Leave(TooMany, TimeSpan.FromDays(1));
        Task held = flow.EnterAsync(default);
        time.Advance(TimeSpan.FromSeconds(50));
        flow.Leave(TooMany, TimeSpan.FromDays(1));
        Task later = flow.EnterAsync(default);
        time.Advance(TimeSpan.FromSeconds(10.1));
        await held;
        Assert.False(later.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(50));
        await later;
    }

    [Fact]
    public async Task Who_gives_up_waiting_leaves_the_place_to_the_next()
    {
        TestTime time = new(standsStill: true);
        using AdaptiveConcurrencyLimiter flow = new(time, LongestPause);
        Enter(flow, 1);
        flow.Leave(TooMany, TimeSpan.FromSeconds(10));
        using CancellationTokenSource givingUp = new();
        Task first = flow.EnterAsync(givingUp.Token);
        Task second = flow.EnterAsync(default);
        await givingUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.False(second.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(10));
        await second;
    }

    [Fact]
    public async Task Nobody_waits_at_a_connection_that_is_closed()
    {
        using AdaptiveConcurrencyLimiter flow = new(new TestTime(standsStill: true), LongestPause);
        Enter(flow, 1);
        flow.Leave(TooMany, TimeSpan.FromSeconds(10));
        Task held = flow.EnterAsync(default);
        flow.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => held);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => flow.EnterAsync(default));
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
    public async Task Whoever_is_held_can_give_up()
    {
        TestTime time = new(standsStill: true);
        await using ApiSession session = await ApiSession.StartAsync(retries: 0, time: time);
        session.Server.AddFault("GET", "*", new StatusFault(503) { RetryAfter = "30" });
        await Assert.ThrowsAsync<AuthressApiException>(() => session.Api.ProbeAsync(default));
        using CancellationTokenSource stopping = new();
        using CancellationTokenSource givingUp = new();
        Task stopped = session.Api.ForInvocation(_ => { }, _ => { }, stopping.Token).DeleteServiceClientAsync("sc_a", default);
        Task givenUp = session.Api.DeleteServiceClientAsync("sc_a", givingUp.Token);
        await stopping.CancelAsync();
        await givingUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stopped);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => givenUp);
        Assert.Single(session.Server.Requests);
    }

    [Fact]
    public async Task Nothing_is_lost_and_nothing_done_twice_while_the_server_refuses_a_third_of_all()
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
    public async Task Fewer_are_in_flight_while_the_server_refuses_what_is_more_than_it_takes()
    {
        await using ApiSession session = await ApiSession.StartAsync(new EmulatorOptions { Latency = TimeSpan.FromMilliseconds(5) }, retries: 20);
        session.Server.FaultSource = (_, _) => session.Server.Requests.Count(request => request.AnsweredAt is null) >= 4 ? new StatusFault(429) : null;
        await Parallel.ForEachAsync(Enumerable.Range(0, 400), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (_, _) => await session.Api.ProbeAsync(default));
        // Without a limit sixteen would be in flight to the end.
        Assert.InRange(session.Server.Requests.Skip(200).Average(request => request.InFlight), 1, 10);
    }

    private static void Enter(AdaptiveConcurrencyLimiter flow, int count)
    {
        for (int i = 0; i < count; i++)
            Assert.True(flow.TryEnter());
    }
}
