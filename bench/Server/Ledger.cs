using System.Collections.Concurrent;

namespace Authress.Bench.Server;

/// <summary>Counts each creation and deletion, to verify that everything was done exactly once.</summary>
internal sealed class Ledger
{
    private readonly ConcurrentDictionary<string, int> _done = new(StringComparer.Ordinal);

    public int Done => _done.Count;

    public int DoneTwice => _done.Count(entry => entry.Value > 1);

    public void Note(string what) => _done.AddOrUpdate(what, 1, static (_, times) => times + 1);
}
