namespace Authress.Playground;

/// <summary>The playground's exit codes, unless the script sets its own.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>An error was written or thrown, or the playground could not start.</summary>
    public const int Failure = 1;

    /// <summary>The command line was invalid, and nothing was run.</summary>
    public const int Usage = 2;
}
