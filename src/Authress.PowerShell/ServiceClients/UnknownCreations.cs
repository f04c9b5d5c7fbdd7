using System.Management.Automation;

namespace Authress.PowerShell.ServiceClients;

/// <summary>Creations with an unknown outcome, each with what the user passed. Their errors wait until one listing has looked for them all.</summary>
internal sealed class UnknownCreations
{
    private readonly List<(AuthressApiException Failure, object? Target)> _unreported = [];

    /// <summary>Whether no error waits.</summary>
    public bool IsEmpty => _unreported.Count == 0;

    /// <summary>The errors that wait.</summary>
    public IReadOnlyList<AuthressApiException> Failures => [.. _unreported.Select(creation => creation.Failure)];

    /// <summary>What the user passed for each of them.</summary>
    public IEnumerable<object?> Targets => _unreported.Select(creation => creation.Target);

    /// <summary>Lets an error wait.</summary>
    public void Add(AuthressApiException failure, object? target) => _unreported.Add((failure, target));

    /// <summary>Writes the errors one by one. Where one ends the pipeline, the later ones still wait.</summary>
    /// <param name="write">Writes one.</param>
    public void Write(Action<AuthressApiException, object?> write)
    {
        while (_unreported.Count > 0)
        {
            (AuthressApiException failure, object? target) = _unreported[0];
            _unreported.RemoveAt(0);
            try
            {
                write(failure, target);
            }
            catch (PipelineStoppedException)
            {
                // Stopped before the error was written.
                _unreported.Insert(0, (failure, target));
                throw;
            }
        }
    }
}
