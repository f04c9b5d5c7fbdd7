using Authress.Client.Rotations;

namespace Authress.PowerShell.Rotations.Journals;

/// <summary>No record: destination and server alone show how far a rotation is.</summary>
internal sealed class NoJournal : IRotationJournal
{
    public bool Lasts => false;

    public bool IsLocked => false;

    public Task<Rotation?> ReadAsync() => Task.FromResult<Rotation?>(null);

    public Task WriteAsync(Rotation rotation) => Task.CompletedTask;
}
