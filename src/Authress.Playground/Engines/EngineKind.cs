namespace Authress.Playground.Engines;

/// <summary>The two PowerShells that the playground knows.</summary>
internal enum EngineKind
{
    /// <summary>System.Management.Automation in this process: needs nothing but .NET, and has few of PowerShell's commands.</summary>
    Embedded,

    /// <summary>The pwsh on PATH, in a process of its own.</summary>
    Pwsh,
}
