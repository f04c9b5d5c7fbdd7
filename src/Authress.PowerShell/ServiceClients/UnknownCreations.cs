using System.Management.Automation;

namespace Authress.PowerShell.ServiceClients;

/// <summary>
/// Creations whose outcome is unknown. They are looked up together at the end, with one listing, so that each error can
/// name what it may have created.
/// </summary>
/// <param name="lookUp">Looks up what they created.</param>
/// <param name="write">Writes the error of one.</param>
/// <param name="report">Reports one, by its target, where the pipeline ended before they were looked up.</param>
internal sealed class UnknownCreations(Action<IReadOnlyList<AuthressApiException>> lookUp, Action<AuthressApiException, object?> write, Action<object?> report)
{
    private readonly List<(AuthressApiException Failure, object? Target)> _pending = [];

    /// <summary>Adds one.</summary>
    public void Add(AuthressApiException failure, object? target) => _pending.Add((failure, target));

    /// <summary>Looks all up and writes their errors.</summary>
    public void Write()
    {
        if (_pending.Count == 0)
            return;
        lookUp([.. _pending.Select(one => one.Failure)]);

        // One by one: where an error ends the pipeline, the rest is reported.
        while (_pending.Count > 0)
        {
            (AuthressApiException failure, object? target) = _pending[0];
            _pending.RemoveAt(0);
            try
            {
                write(failure, target);
            }
            catch (PipelineStoppedException)
            {
                // Stopped before it was written.
                _pending.Insert(0, (failure, target));
                throw;
            }
        }
    }

    /// <summary>Reports those that were not written, when the pipeline has ended.</summary>
    public void Report() => _pending.ForEach(one => report(one.Target));
}
