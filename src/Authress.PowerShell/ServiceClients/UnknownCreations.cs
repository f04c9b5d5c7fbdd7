using System.Management.Automation;

namespace Authress.PowerShell.ServiceClients;

/// <summary>Creations with an unknown outcome, each with what the user passed. Their errors are written after one listing has looked for all of them.</summary>
internal sealed class UnknownCreations
{
    private readonly List<(AuthressApiException Failure, object? Target)> _unreported = [];

    /// <summary>Whether no error is pending.</summary>
    public bool IsEmpty => _unreported.Count == 0;

    /// <summary>The pending errors.</summary>
    public IReadOnlyList<AuthressApiException> Failures => [.. _unreported.Select(creation => creation.Failure)];

    /// <summary>The input of each of them.</summary>
    public IEnumerable<object?> Targets => _unreported.Select(creation => creation.Target);

    /// <summary>Adds a pending error.</summary>
    public void Add(AuthressApiException failure, object? target) => _unreported.Add((failure, target));

    /// <summary>Writes the errors one by one. If one ends the pipeline, the later ones remain pending.</summary>
    /// <param name="write">Writes an error.</param>
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
