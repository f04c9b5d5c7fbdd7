namespace Authress.Client.Transport;

/// <summary>Random numbers that decide nothing but how long to wait.</summary>
internal static class Jitter
{
#if NET
    /// <summary>At least 0 and less than 1.</summary>
    public static double Next() => Random.Shared.NextDouble();
#else
    private static readonly Random Source = new();

    /// <summary>At least 0 and less than 1.</summary>
    public static double Next()
    {
        lock (Source)
            return Source.NextDouble();
    }
#endif
}
