using System.Management.Automation;

namespace Authress.PowerShell.Bulk;

/// <summary>An input for which no request is made, so that its error is written in its place among the others' outcomes.</summary>
internal sealed class Refusal : Job
{
    /// <summary>Creates one, which has ended already.</summary>
    /// <param name="error">What is wrong with the input.</param>
    public Refusal(ErrorRecord error)
        : base(error.TargetObject, clientId: null, givenUp: null)
    {
        Error = error;
        Failure = error.Exception;
        HasEnded = true;
    }

    /// <summary>What is wrong with the input.</summary>
    public ErrorRecord Error { get; }

    public override Task BeginAsync() => throw new NotSupportedException();
}
