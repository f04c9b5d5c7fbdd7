using Authress.Client.Rotations;

namespace Authress.Client.Tests.Rotations.Model;

/// <content>The end, which every rotation comes to.</content>
internal sealed partial class RotationHistory
{
    // Without faults, kills and people, every rotation comes to its end.
    private void End()
    {
        _isEnding = true;
        foreach (Machine machine in _machines.Where(machine => machine.Run is not null))
            Kill(machine);
        foreach (Late late in _late.ToArray())
        {
            if (_random.Next(2) == 0)
                Land(late);
            Verify();
        }

        _late.Clear();
        _world.Now += TimeSpan.FromMinutes(10);
        foreach (string keyId in _bystanders)
            DeleteUnlessHeld(keyId);
        _excuse = null;
        foreach (Machine machine in _machines)
        {
            if (_wrong is null && !Bring(machine))
                return;
        }

        foreach (Machine machine in _machines)
        {
            // What turned up since is removed.
            RunToEnd(machine, starts: true, machine.Ports.Options with { OlderThan = TimeSpan.FromDays(10_000) });
        }

        if (_wrong is not null || _world.IsClientDeleted)
            return;
        if (!_world.HoldsWorkingKey)
            Fail("at the end the destination holds no key that works");
        if (_machines.All(machine => machine.Ports.Lasts) && _world.Keys.FirstOrDefault(key => key != _world.HeldKey && key.Maker is not null && !_inHands.Contains(key.KeyId)) is { } left)
            Fail($"at the end {left.KeyId} is left over");
        Count("histories brought to their end");
    }

    private void DeleteUnlessHeld(string keyId)
    {
        if (_world.HeldKey?.KeyId == keyId)
            return;
        Log($"people: delete {keyId}");
        _world.Delete(keyId);
    }

    // Returns false if the client is gone.
    private bool Bring(Machine machine)
    {
        RotationOptions options = machine.Ports.Options with { Overlap = TimeSpan.Zero, Wait = TimeSpan.FromMinutes(10) };
        for (int round = 0; round < MaximumRounds && _wrong is null; round++)
        {
            bool forces = round > 0;
            Rotation? rotation = RunToEnd(machine, starts: true, options with { Force = forces });
            if (_world.IsClientDeleted)
            {
                if (machine.LastError is not (AuthressApiException { StatusCode: 404 } or RotationException { ErrorId: nameof(Messages.RotationNeedsAttention) }))
                    Fail($"{machine.Ports.Name} rotates a client that is gone: {machine.LastError}");
                Count("histories whose client was deleted");
                return false;
            }

            if (machine.LastError is RotationException { ErrorId: nameof(Messages.RotationAmbiguous) or nameof(Messages.RotationOnlyKeyFresh) or nameof(Messages.RotationNoRoom) })
            {
                // A person decides.
                foreach (WorldKey key in _world.Keys.Where(IsOnlyOfPeople).ToArray())
                    DeleteUnlessHeld(key.KeyId);

                // Another machine's keys may be left to choose from.
                if (round > 1 && _world.Keys.Count < RotationWorld.MaximumKeys)
                    WriteAsPeople(_world.AddKey().Text);
            }

            if (rotation is { IsDelivered: true, ReplacedKeyId: var replaced })
            {
                rotation = RunToEnd(machine, starts: false, options with { Force = true, KeyId = machine.Ports.Lasts ? null : replaced });
                if (rotation is { Step: RotationStep.Completed } || (!machine.Ports.Lasts && replaced is null))
                    return true;
            }
        }

        Fail($"{machine.Ports.Name} does not come to an end: {machine.LastError}");
        return true;
    }

    // What people took over, and what a machine without a journal forgot.
    private bool IsOnlyOfPeople(WorldKey key) => key.Maker is null || _inHands.Contains(key.KeyId) || !_machines.Single(machine => machine.Ports.Name == key.Maker).Ports.Lasts;

    private Rotation? RunToEnd(Machine machine, bool starts, RotationOptions options)
    {
        _excuse = null;
        Begin(machine, (starts, options));
        Task<Rotation?> run = machine.Run!;
        while (!run.IsCompleted && _wrong is null)
        {
            Steps++;
            _world.Now += TimeSpan.FromMilliseconds(100);
            _excuse = null;
            machine.Advance();
            Verify();
        }

        if (_wrong is not null)
            return null;
        Finish(machine);
        return run.Status == TaskStatus.RanToCompletion ? run.Result : null;
    }
}
