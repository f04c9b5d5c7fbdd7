using Authress.Client.AccessKeys;
using Authress.Client.Rotations;

namespace Authress.Client.Tests.Rotations.Model;

/// <content>What must hold after every step.</content>
internal sealed partial class RotationHistory
{
    // A machine changes something: only what it may.
    private void VerifyChange(Machine machine, Port port, object what)
    {
        Rotation? record = machine.Ports.Record;
        switch (port)
        {
            case Port.WriteJournal when what is Rotation { Step: RotationStep.Announced } next && record?.PublicKey != next.PublicKey:
                VerifyChoice(machine, next, record);
                VerifyNeed(machine);
                break;
            case Port.Register when record is not { Step: RotationStep.Announced } || record.PublicKey != (string)what:
                if (machine.Landing is null && machine.Ports.Lasts)
                    Fail($"{machine.Ports.Name} registers a key that is not in the journal");
                break;
            case Port.Delete:
                VerifyDeletion(machine, (string)what, record);
                break;
            case Port.WriteContent:
                if (_excuse != Corruption)
                    VerifyWrite(machine, (string)what, record);
                if (_world.FindKey((string)what) is null)
                    ExcuseWrite(machine, (string)what);
                break;
        }
    }

    private void VerifyWrite(Machine machine, string text, Rotation? record)
    {
        bool isNew = _world.Parse(text) is { } parsed && parsed.PublicKey == record?.PublicKey;
        if (isNew && record!.Step != RotationStep.Delivering && machine.Ports.Lasts)
            Fail($"{machine.Ports.Name} writes a key whose delivery is not in the journal");
        if (_world.HeldKey is not { } lost || _world.FindKey(text) == lost)
            return;

        // A write over what another has written since this machine looked: nobody can prevent it.
        if (HasBeenDisturbed(machine))
            Count("excused: two wrote at the same moment");
        else if (!isNew && machine.Landing is null && lost.Maker != machine.Ports.Name)
            Fail($"{machine.Ports.Name} throws {lost.KeyId} out of the destination");
        if (!isNew && machine.Landing is null && machine.Ports.Trail.Last(call => call.Port != Port.WriteJournal).Port != Port.ReadContent)
            Fail($"{machine.Ports.Name} restores without a look");
    }

    // What a machine writes may have stopped working meanwhile, or not have worked before.
    private void ExcuseWrite(Machine machine, string text)
    {
        if (_world.Parse(text) is { } parsed && (machine.Landing is null ? machine.DeletedByOthers : _deletedByPeople).Contains(parsed.KeyId))
            _excuse ??= "others deleted the key meanwhile";
        else if (machine.Ports.ContentsRead.Contains((text, false)))
            _excuse ??= "what was restored did not work before";
    }

    private void VerifyChoice(Machine machine, Rotation next, Rotation? record)
    {
        if (next.ReplacedKeyId is not { } replaced)
            return;

        // What a rotation replaces stays the same, none as well, unless the destination holds another key.
        bool isLegitimate = replaced == machine.Options.KeyId || replaced == record?.ReplacedKeyId || machine.Ports.ContentsRead.Select(read => _world.Parse(read.Text)).Any(held =>
            held is { ClientId: RotationWorld.ClientId } key ? key.KeyId == replaced : record is not { Step: RotationStep.Planned });
        if (!isLegitimate)
            Fail($"{machine.Ports.Name} chose {replaced} to be replaced");

        // People, or the lack of a choice, have given it up.
        _bystanders.Remove(replaced);
    }

    // A delivered key that works is not replaced by a run that goes on with its rotation.
    private void VerifyNeed(Machine machine)
    {
        if (machine.StartRecord is { IsDelivered: true } && !machine.Options.Force && !machine.Ports.Trail.Any(call => call.Result is AccessKeyProof { Works: false }))
            Fail($"{machine.Ports.Name} makes another key");
    }

    // The last that a machine does before it deletes the replaced key is to prove the delivered one, and to look once more.
    private static bool HasProvedAgain(Machine machine) =>
        machine.Ports.Trail.Where(call => call.Port != Port.WriteJournal).Reverse().Take(2).ToArray() is [(Port.ReadContent, _), (Port.Prove, AccessKeyProof { Works: true })];

    private void VerifyDeletion(Machine machine, string keyId, Rotation? record)
    {
        if (_world.Keys.FirstOrDefault(key => key.KeyId == keyId) is not { } key)
            return;
        bool isLanding = machine.Landing is not null;
        bool isOwn = key.Maker == machine.Ports.Name
            && ((key.PublicKey == record?.PublicKey && !record!.IsDelivered) || record?.Unconfirmed.Any(lost => lost.PublicKey == key.PublicKey) == true || !machine.Ports.Lasts);
        bool isGivenUp = record is { Step: RotationStep.Retiring or RotationStep.Planned or RotationStep.Completed } && !machine.Starts && record.GivenUp.Any(given => given.KeyId == keyId && (machine.Options.Force || given.DueTime <= _world.Now));
        bool isReplaced = keyId == record?.ReplacedKeyId && record.Step == RotationStep.Retiring && !machine.Starts;
        if (_bystanders.Contains(keyId))
            Fail($"{machine.Ports.Name} deletes {keyId} of others");
        else if (!isLanding && !isOwn && !isReplaced && !isGivenUp)
            Fail($"{machine.Ports.Name} deletes {keyId}, which is neither new nor replaced");
        else if (!isOwn && !isLanding && !(isReplaced ? HasProvedAgain(machine) : machine.Ports.Trail.Any(call => call.Result is AccessKeyProof { Works: true })))
            Fail($"{machine.Ports.Name} deletes {keyId} without a proof");
        foreach (Machine other in _machines.Where(other => other != machine))
            other.DeletedByOthers.Add(keyId);
        if (_world.HeldKey != key)
            return;

        // Between the last look at the destination and the deletion, somebody else may write to it.
        if (machine.Landing is { } late ? late.WritesSeen != late.Writes || _world.Writes != late.Writes : HasBeenDisturbed(machine))
            _excuse = "others wrote to the destination at the same moment";
    }

    // Another has written since the machine looked, or what a killed run of its own had sent arrived: to an empty destination
    // nothing can be written back that would prevent it.
    private bool HasBeenDisturbed(Machine machine) =>
        machine.Ports.WritesSeen != _world.Writes && (_world.LastWriter != machine.Ports.Name || _lastLateWrite > machine.Ports.WritesSeen);

    private void Verify()
    {
        if (_wrong is not null)
            return;
        bool works = _world.HoldsWorkingKey;
        if (_mustWork && !works)
        {
            if (_excuse is null)
                Fail($"the destination holds {Describe(_world.Content)}, which does not work");
            else
                Count($"excused: {_excuse}");
        }

        _mustWork = works;
        if (_world.IsClientDeleted || _machines.Any(machine => !machine.Ports.Lasts))
            return;
        foreach (WorldKey key in _world.Keys)
        {
            if (key.Maker is not null && key != _world.HeldKey && !_inHands.Contains(key.KeyId) && !_machines.Any(machine => Accounts(machine.Ports.Record, key)))
                Fail($"{key.KeyId} is neither delivered nor in a journal");
        }
    }

    private static bool Accounts(Rotation? record, WorldKey key) => record is not null
        && (record.PublicKey == key.PublicKey || record.NewKeyId == key.KeyId || record.Unconfirmed.Any(lost => lost.PublicKey == key.PublicKey) || record.GivenUp.Any(given => given.KeyId == key.KeyId)
            || (record.ReplacedKeyId == key.KeyId && record.Step != RotationStep.Completed));
}
