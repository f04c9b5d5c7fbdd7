using System.Management.Automation;

namespace Authress.PowerShell.Bulk;

/// <summary>An input for which no request is made, so that its error is written in its place among the others' outcomes.</summary>
/// <param name="error">What is wrong with it.</param>
internal sealed class Refusal(ErrorRecord error) : Job(error.TargetObject, clientId: null, givenUp: null)
{
    /// <summary>What is wrong with it.</summary>
    public ErrorRecord Error => error;

    public override bool CanUndo => false;

    public override void Write()
    {
        // It never succeeds.
    }

    public override Task<Action>? UndoAsync() => null;

    protected override Task RequestAsync() => throw error.Exception;
}
