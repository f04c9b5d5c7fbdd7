namespace Authress.Bench.Subjects;

/// <summary>Keeps a number of requests in flight with as many loops over the remaining operations.</summary>
internal static class InFlight
{
    /// <summary>Runs a job on single clients, with one delegate for each operation.</summary>
    public static Task<Tally> RunAsync(BenchmarkJob job, Func<string, Task> get, Func<string, Task> create, Func<string, Task> delete) => job.Operation switch
    {
        Operation.Get => RunAsync(job.Ids(), job.InFlight, get),
        Operation.Create => RunAsync(job.Names(), job.InFlight, create),
        Operation.Delete => RunAsync(job.Ids(), job.InFlight, delete),
        _ => throw new NotSupportedException(job.Operation.ToString()),
    };

    private static async Task<Tally> RunAsync(string[] items, int inFlight, Func<string, Task> one)
    {
        int next = -1;
        int failed = 0;
        string? firstError = null;
        if (inFlight == 1)
            await LoopAsync();
        else
            await Task.WhenAll(Enumerable.Range(0, inFlight).Select(_ => Task.Run(LoopAsync)));
        return new Tally(items.Length - failed, failed, firstError);

        async Task LoopAsync()
        {
            for (int i = Interlocked.Increment(ref next); i < items.Length; i = Interlocked.Increment(ref next))
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

/// <summary>How many operations succeeded and failed, and the first error.</summary>
internal readonly record struct Tally(int Done, int Failed = 0, string? FirstError = null);
