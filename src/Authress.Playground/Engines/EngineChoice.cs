using Authress.Playground.Engines.Embedded;
using Authress.Playground.Engines.Pwsh;

namespace Authress.Playground.Engines;

/// <summary>Which PowerShell runs the session.</summary>
internal static class EngineChoice
{
    /// <summary>The engine that was asked for, else the better of those that are there.</summary>
    /// <exception cref="UsageException">pwsh was asked for, and none that serves is on PATH.</exception>
    public static IPowerShellEngine Choose(EngineKind? wanted)
    {
        if (wanted == EngineKind.Embedded)
            return new EmbeddedEngine();

        if (PwshProgram.Find() is PwshProgram program)
            return new PwshEngine(program);

        if (wanted == EngineKind.Pwsh)
            throw new UsageException($"There is no pwsh {PwshProgram.OldestServed} or later on PATH. Try -Engine Embedded.");

        return new EmbeddedEngine();
    }
}
