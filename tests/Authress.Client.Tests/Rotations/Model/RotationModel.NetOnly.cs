namespace Authress.Client.Tests.Rotations.Model;

/// <summary>
/// Random histories of rotations against a model. In a history, machines start and complete rotations of one destination, at
/// the same time; they are killed and stopped at any call, calls fail or act late, reads lag, people change what they like, and
/// time passes. After every step the model verifies:
/// <list type="bullet">
/// <item>The destination holds a key that works, if it held one before.</item>
/// <item>Every key that a machine made is in the destination or in a journal.</item>
/// <item>A machine deletes only its own new keys and the one key that it replaces.</item>
/// </list>
/// At the end, without faults, each machine's rotation is brought to its end, and no key is left over. History N of a seed is
/// always the same.
/// </summary>
/// <remarks>.NET only: the benchmarks' program does the long run.</remarks>
internal sealed class RotationModel(int seed)
{
    private readonly SortedDictionary<string, long> _counts = new(StringComparer.Ordinal);

    /// <summary>How often what happened.</summary>
    public IReadOnlyDictionary<string, long> Counts => _counts;

    /// <summary>How many steps were made.</summary>
    public long Steps { get; private set; }

    /// <summary>Plays a history.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="log">Receives what happens; null for nothing.</param>
    /// <returns>The finding; null if there is none.</returns>
    public string? Play(long number, Action<string>? log = null)
    {
        // The machines' calls are made on this thread, in the order of the history alone.
        SynchronizationContext? context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            RotationHistory history = new(new Random(Seed(number)), log, _counts);
            string? wrong = history.Play();
            Steps += history.Steps;
            return wrong;
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    private int Seed(long number) => unchecked((int)((((ulong)number * 0x9E3779B97F4A7C15UL) ^ ((ulong)seed * 0xC2B2AE3D27D4EB4FUL)) >> 20));
}
