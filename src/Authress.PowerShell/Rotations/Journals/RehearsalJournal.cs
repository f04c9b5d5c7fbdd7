using Authress.Client.Rotations;

namespace Authress.PowerShell.Rotations.Journals;

/// <summary>A journal under <c>-WhatIf</c>: it is read, and nothing is written to it or locked, whatever fails.</summary>
/// <param name="journal">The journal.</param>
internal sealed class RehearsalJournal(IRotationJournal journal) : IRotationJournal
{
    public bool Lasts => journal.Lasts;

    public bool IsLocked => journal.IsLocked;

    public Task<Rotation?> ReadAsync() => journal.ReadAsync();

    public Task WriteAsync(Rotation rotation) => Task.CompletedTask;
}
