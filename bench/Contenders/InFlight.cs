namespace Authress.Bench.Contenders;

/// <summary>The leanest way to keep a number of requests in flight: as many loops over what is left to do.</summary>
internal static class InFlight
{
    public static async Task<Tally> RunAsync<T>(IReadOnlyList<T> items, int inFlight, Func<T, Task> one)
    {
        int next = -1;
        int failed = 0;
        string? firstError = null;
        if (inFlight == 1)
            await LoopAsync();
        else
            await Task.WhenAll(Enumerable.Range(0, inFlight).Select(_ => Task.Run(LoopAsync)));
        return new Tally(items.Count - failed, failed, firstError);

        async Task LoopAsync()
        {
            for (int i = Interlocked.Increment(ref next); i < items.Count; i = Interlocked.Increment(ref next))
            {
                try
                {
                    await one(items[i]).ConfigureAwait(false);
                }
                catch (Exception e)
                {
                    Interlocked.Increment(ref failed);
                    firstError ??= e.Message;
                }
            }
        }
    }
}

/// <summary>How many operations succeeded, how many did not, and why the first of those.</summary>
internal readonly record struct Tally(int Done, int Failed = 0, string? FirstError = null);
