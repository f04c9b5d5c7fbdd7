using Authress.Client.AccessKeys;

namespace Authress.Client.Tests.Rotations.Model;

/// <content>What goes wrong in calls, and what arrives late.</content>
internal sealed partial class RotationHistory
{
    private const string Corruption = "the destination stores something else";

    private Fault NextFault(Machine machine, Port port, Action? later)
    {
        bool fails = Chance(_faults);
        bool lags = Chance(_lags);
        switch (port)
        {
            case Port.List or Port.IsGone:
                return fails ? new Fault { Before = Api() } : lags ? new Fault { Lag = TimeSpan.FromSeconds(_random.Next(1, 60)) } : Fault.None;
            case Port.Register or Port.Delete when fails:
                if (_random.Next(3) == 0)
                    return new Fault { Before = RotationMachine.ApiFailure(_random.Next(2) == 0 ? 429 : 403) };
                if (_random.Next(2) == 0)
                    return new Fault { After = RotationMachine.ApiFailure(500, outcomeUnknown: true) };
                if (_random.Next(2) == 0)
                    Postpone(machine, port, later!);
                return new Fault { Before = RotationMachine.ApiFailure(500, outcomeUnknown: true) };
            case Port.Prove when fails:
                return _random.Next(3) switch
                {
                    0 => new Fault { Proof = new AccessKeyProof(null, 503, null, "It proves nothing.") },
                    1 => new Fault { Proof = new AccessKeyProof(false, 401, _random.Next(3) switch { 0 => null, 1 => true, _ => false }, "It is refused.") },
                    _ => new Fault { Before = Api() },
                };
            case Port.Check or Port.Prepare when fails:
                return new Fault { Before = Io() };
            case Port.ReadContent:
                return fails ? new Fault { Before = Io() } : Fault.None;
            case Port.WriteContent when fails:
                if (_corrupts && _random.Next(2) == 0)
                {
                    // The destination itself breaks the promise: it loses what it held.
                    _excuse = Corruption;
                    return new Fault { Stores = _random.Next(2) == 0 ? "something else" : RotationWorld.ForeignKey(keyId: "k0"), After = _random.Next(2) == 0 ? Io() : null };
                }

                if (_random.Next(2) == 0)
                    return new Fault { After = Io() };
                if (_random.Next(2) == 0)
                    Postpone(machine, port, later!);
                return new Fault { Before = Io() };
            case Port.ReadJournal when fails:
                return new Fault { Before = Io() };
            case Port.WriteJournal when fails:
                return _random.Next(2) == 0 ? new Fault { Before = Io() } : new Fault { After = Io() };
            default:
                return Fault.None;
        }

        static IOException Io() => new("The disk is full.");

        AuthressApiException Api() => RotationMachine.ApiFailure(_random.Next(3) switch { 0 => 429, 1 => 503, _ => 403 });
    }

    private void Postpone(Machine machine, Port port, Action action)
    {
        _late.Add(new Late(machine, port, action, _world.Now, _world.Writes, machine.Ports.WritesSeen));
        Log($"{machine.Ports.Name}: {port} is on its way");
    }

    // What was on its way arrives: a request within a day, and a write only if nothing was written since.
    private void Land(Late late)
    {
        _late.Remove(late);
        if (late.Port == Port.WriteContent ? late.Writes != _world.Writes : _world.Now - late.Since > TimeSpan.FromHours(23))
            return;
        Log($"{late.Machine.Ports.Name}: {late.Port} arrives late");
        Count("late arrivals");
        try
        {
            late.Machine.Landing = late;
            late.Act();
            if (late.Port == Port.WriteContent)
                _lastLateWrite = _world.Writes;
        }
        catch (AuthressApiException)
        {
            // Nobody hears of it.
        }
        finally
        {
            late.Machine.Landing = null;
        }
    }
}
