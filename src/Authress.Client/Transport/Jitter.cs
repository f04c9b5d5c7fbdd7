namespace Authress.Client.Transport;

/// <summary>Random numbers for waits.</summary>
internal static class Jitter
{
#if NET
    /// <summary>A number from 0 up to, but not including, 1.</summary>
    public static double Next() => Random.Shared.NextDouble();
#else
    private static readonly Random Source = new();

    /// <summary>A number from 0 up to, but not including, 1.</summary>
    public static double Next()
    {
        lock (Source)
            return Source.NextDouble();
    }
#endif
}
