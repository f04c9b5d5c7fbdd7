namespace Authress.PowerShell.Bulk;

/// <summary>The request that takes back what another did, whose result can't reach anybody any more.</summary>
/// <param name="done">What is taken back.</param>
internal sealed class TakingBack(Job done) : Job(done.Target, done.ClientId, givenUp: null)
{
    private Task<Action>? _undo;

    /// <summary>What reports it, once it has ended.</summary>
    public Action Report => _undo!.GetAwaiter().GetResult();

    public override Task BeginAsync() => _undo = done.UndoAsync();
}
