using System.Management.Automation;

namespace Authress.Chaos;

/// <summary>What a caller was told of one input.</summary>
internal enum Fate
{
    /// <summary>It was done.</summary>
    Done,

    /// <summary>It was not done.</summary>
    Refused,

    /// <summary>It may have been done.</summary>
    Unknown,

    /// <summary>Nothing, which says that it was never begun.</summary>
    NotBegun,

    /// <summary>Nothing, of an operation that says nothing of what it has done when it is stopped.</summary>
    Unsaid,
}

/// <summary>Reads from all that a script said what became of each of its inputs.</summary>
internal sealed class Fates
{
    private readonly Invocation _invocation;
    private readonly Saying _saying;
    private readonly Dictionary<string, List<PSObject>> _outputs = [];
    private readonly Dictionary<string, ErrorRecord> _errors = [];
    private readonly int _endedAt = int.MaxValue;

    public Fates(Invocation invocation, Saying saying, Action<string> differs)
    {
        _invocation = invocation;
        _saying = saying;
        foreach (PSObject output in saying.Output)
        {
            string key = invocation.KeyOf(output);
            if (!_outputs.TryAdd(key, [output]))
                _outputs[key].Add(output);
            if (!invocation.Inputs.Contains(key))
                differs($"something came out that was not asked for: {key}");
            else if (_outputs[key].Count > 1)
                differs($"{key} came out twice");
        }

        int[] order = [.. saying.Output.Select(output => invocation.Inputs.ToList().IndexOf(invocation.KeyOf(output)))];
        if (!order.SequenceEqual(order.Order()))
            differs("the output is not in the order of the input");
        foreach (ErrorRecord error in saying.Errors)
        {
            string? key = TargetKey(error);
            if (key is null || !invocation.Inputs.Contains(key))
                differs($"an error names none of the inputs: {error.FullyQualifiedErrorId} {error} {error.Exception}");
            else if (!_errors.TryAdd(key, error) && error != saying.End)
                differs($"there are two errors of {key}");
            if (error == saying.End && key is not null)
                _endedAt = invocation.Inputs.ToList().IndexOf(key);
        }
    }

    public PSObject? Output(string input) => _outputs.TryGetValue(input, out List<PSObject>? outputs) ? outputs[0] : null;

    public ErrorRecord? Error(string input) => _errors.GetValueOrDefault(input);

    public Fate Of(int index)
    {
        string input = _invocation.Inputs[index];
        if (_outputs.ContainsKey(input))
            return Fate.Done;
        if (_errors.TryGetValue(input, out ErrorRecord? error))
            return Said.IsUnknown(error) ? Fate.Unknown : Fate.Refused;
        foreach (string line in _saying.Lines)
        {
            if (line.Contains($"'{_invocation.NameOf(input)}' was under way", StringComparison.Ordinal))
                return Read(line);
            if (_invocation.RequestOf(input) is { } request && line.Contains(request + " was ", StringComparison.Ordinal))
                return line.Contains("with success", StringComparison.Ordinal) ? Fate.Done : Fate.Unknown;
        }

        if (_saying.End is not null)
            return index < _endedAt && !_invocation.HasOutput ? Fate.Done : Fate.NotBegun;
        return _saying.IsStopped && !_invocation.HasOutput ? Fate.Unsaid
            : _saying.IsStopped || _invocation.EndsEarly || _invocation.HasOutput ? Fate.NotBegun
            : Fate.Done;
    }

    /// <summary>Whether each input must have come to something, since nothing ended the script before its time.</summary>
    public bool IsWhole => !_saying.IsStopped && _saying.End is null && !_invocation.EndsEarly;

    private static Fate Read(string line) =>
        line.Contains("may have been done", StringComparison.OrdinalIgnoreCase) ? Fate.Unknown
        : line.Contains("and is done", StringComparison.Ordinal) ? Fate.Done
        : Fate.Refused;

    private string? TargetKey(ErrorRecord error) => error.TargetObject switch
    {
        null => null,
        string text => text,
        PSObject { BaseObject: string text } => text,
        PSObject row => _invocation.KeyOf(row),
        object other => _invocation.KeyOf(PSObject.AsPSObject(other)),
    };
}

/// <summary>What one script was asked to do.</summary>
/// <param name="Inputs">What tells its inputs apart.</param>
/// <param name="KeyOf">Which input an object is of.</param>
/// <param name="NameOf">How the module names an input.</param>
/// <param name="RequestOf">The request that an input makes, where it tells the input.</param>
/// <param name="HasOutput">Whether a success gives an object.</param>
/// <param name="EndsEarly">Whether the pipeline may end before its input does.</param>
internal sealed record Invocation(
    IReadOnlyList<string> Inputs,
    Func<PSObject, string> KeyOf,
    Func<string, string> NameOf,
    Func<string, string?> RequestOf,
    bool HasOutput,
    bool EndsEarly);

/// <summary>Reads what the module says. Its types are looked into from outside, as a script does it.</summary>
internal static class Said
{
    public static bool IsUnknown(ErrorRecord error) => Get<bool>(error, "OutcomeUnknown");

    public static bool IsSearched(ErrorRecord error) => Get<bool>(error, "CandidatesKnown");

    /// <summary>What may have come of it: clients or keys.</summary>
    public static IReadOnlyList<PSObject> Candidates(ErrorRecord error) =>
        PSObject.AsPSObject(error.Exception).Properties["Candidates"]?.Value is System.Collections.IEnumerable candidates
            ? [.. candidates.Cast<object>().Select(PSObject.AsPSObject)]
            : [];

    public static string Text(PSObject value, string property) => value.Properties[property]?.Value?.ToString() ?? string.Empty;

    private static T Get<T>(ErrorRecord error, string property) => PSObject.AsPSObject(error.Exception).Properties[property]?.Value is T value ? value : default!;
}
