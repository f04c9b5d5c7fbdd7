namespace Authress.Playground;

/// <summary>What the playground tells the program that started it, where the script names no code of its own.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>An error was written or thrown.</summary>
    public const int Failure = 1;

    /// <summary>The arguments made no sense, and nothing was run.</summary>
    public const int Usage = 2;
}
