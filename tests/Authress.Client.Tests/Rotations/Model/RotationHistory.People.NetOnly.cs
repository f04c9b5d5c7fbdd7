namespace Authress.Client.Tests.Rotations.Model;

/// <content>What people do meanwhile.</content>
internal sealed partial class RotationHistory
{
    private void ActAsPeople()
    {
        if (_isEnding)
            return;
        switch (_random.Next(12))
        {
            case 0 when _world.HeldKey is { } held:
                DeleteAsPeople(held.KeyId);
                break;
            case 1 or 2 when _world.Keys.Count > 0:
                DeleteAsPeople(_world.Keys[_random.Next(_world.Keys.Count)].KeyId);
                break;
            case 3 or 4 when _world.Keys.Count < RotationWorld.MaximumKeys:
                _bystanders.Add(_world.AddKey().Key.KeyId);
                Log("people: a new key");
                break;
            case 5 when _world.Keys.Count < RotationWorld.MaximumKeys:
                WriteAsPeople(_world.AddKey().Text);
                break;
            case 6:
                WriteAsPeople(_random.Next(4) switch { 0 => "a password", 1 => RotationWorld.ForeignKey("sc_another"), 2 => RotationWorld.ForeignKey(), _ => null });
                break;
            case 7 or 8:
                WriteAsPeople(_world.EarlierContent);
                break;
            case 9 when _random.Next(10) == 0:
                _world.IsClientDeleted = true;
                _excuse = "people deleted the client";
                Log("people: the client is deleted");
                break;
        }
    }

    private void DeleteAsPeople(string keyId)
    {
        Log($"people: delete {keyId}");
        Count("people's deletions");
        _world.Delete(keyId);
        foreach (Machine machine in _machines)
            machine.DeletedByOthers.Add(keyId);
        _deletedByPeople.Add(keyId);
        _excuse = "people deleted the key";
    }

    private void WriteAsPeople(string? content)
    {
        Log($"people: write {Describe(content)}");
        Count("people's writes");

        // Whoever takes a key out of the destination has to see to it, and to the keys that were on their way out.
        if (_world.HeldKey is { } held)
            _inHands.Add(held.KeyId);
        foreach (Machine machine in _machines)
        {
            if (machine.Ports.Record is { IsDelivered: false, ReplacedKeyId: { } replaced })
                _inHands.Add(replaced);
        }

        _world.Write(content, writer: null);
        _excuse = "people wrote to the destination";
    }
}
