namespace Authress.PowerShell.Tests.Hosting;

/// <summary>The system's clock, ahead or behind.</summary>
internal sealed class ShiftedClock : TimeProvider
{
    /// <summary>How far it is ahead.</summary>
    internal TimeSpan Shift { get; set; }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Shift;
}
