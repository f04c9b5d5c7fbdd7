namespace Authress.Playground.Engines.Embedded;

/// <summary>What the console at the other end can do.</summary>
internal static class ConsoleStreams
{
    /// <summary>What is redirected has no width of its own; most readers of logs have this one.</summary>
    private const int WidthWhenRedirected = 120;

    /// <summary>Whether colours and other escape sequences may be written.</summary>
    public static bool AllowAnsi { get; } =
        !Console.IsOutputRedirected && !Console.IsErrorRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    /// <summary>Whether somebody is there to answer.</summary>
    public static bool CanAsk => !Console.IsInputRedirected;

    /// <summary>The width that tables are fitted to, in characters.</summary>
    public static int Width
    {
        get
        {
            if (int.TryParse(Environment.GetEnvironmentVariable("COLUMNS"), out int columns) && columns > 0)
                return columns;

            // A terminal that does not know its width reports zero.
            return !Console.IsOutputRedirected && Console.WindowWidth > 0 ? Console.WindowWidth : WidthWhenRedirected;
        }
    }
}
