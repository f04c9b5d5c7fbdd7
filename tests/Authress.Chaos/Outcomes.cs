using System.Management.Automation;

namespace Authress.Chaos;

/// <summary>What a script reported about one input.</summary>
internal enum Outcome
{
    /// <summary>Done: an object, or no error if a success returns none.</summary>
    Done,

    /// <summary>Not done: an error, or a report after a stop.</summary>
    Refused,

    /// <summary>Outcome unknown: it may have been done.</summary>
    Unknown,

    /// <summary>No report, which means that it was not begun.</summary>
    NotBegun,

    /// <summary>No report, because the operation reports no successes and was stopped.</summary>
    Unreported,
}

/// <summary>Derives the outcome of each input from everything that a script reported.</summary>
internal sealed class Outcomes
{
    private readonly Invocation _invocation;
    private readonly ScriptResult _result;
    private readonly Dictionary<string, List<PSObject>> _outputs = [];
    private readonly Dictionary<string, ErrorRecord> _errors = [];
    private readonly int _endedAt = int.MaxValue;

    public Outcomes(Invocation invocation, ScriptResult result, Action<string> differs)
    {
        _invocation = invocation;
        _result = result;
        foreach (PSObject output in result.Output)
        {
            string key = invocation.KeyOf(output);
            if (!_outputs.TryAdd(key, [output]))
                _outputs[key].Add(output);
            if (!invocation.Inputs.Contains(key))
                differs($"the output has an object that was not requested: {key}");
            else if (_outputs[key].Count > 1)
                differs($"the output has {key} twice");
        }

        int[] order = [.. result.Output.Select(output => invocation.Inputs.ToList().IndexOf(invocation.KeyOf(output)))];
        if (!order.SequenceEqual(order.Order()))
            differs("the output is not in the order of the input");
        foreach (ErrorRecord error in result.Errors)
        {
            string? key = TargetKey(error);
            if (key is null || !invocation.Inputs.Contains(key))
                differs($"an error names none of the inputs: {error.FullyQualifiedErrorId} {error} {error.Exception}");
            else if (!_errors.TryAdd(key, error) && error != result.End)
                differs($"there are two errors for {key}");
            if (error == result.End && key is not null)
                _endedAt = invocation.Inputs.ToList().IndexOf(key);
        }
    }

    public PSObject? Output(string input) => _outputs.TryGetValue(input, out List<PSObject>? outputs) ? outputs[0] : null;

    public ErrorRecord? Error(string input) => _errors.GetValueOrDefault(input);

    public Outcome Of(int index)
    {
        string input = _invocation.Inputs[index];
        if (_outputs.ContainsKey(input))
            return Outcome.Done;
        if (_errors.TryGetValue(input, out ErrorRecord? error))
            return Reported.IsUnknown(error) ? Outcome.Unknown : Outcome.Refused;
        foreach (string line in _result.Lines)
        {
            // A client that was created is named with its new id.
            string name = _invocation.NameOf(input);
            bool isCreated = line.Contains($"'{name} (sc_", StringComparison.Ordinal) && line.Contains(")' was under way", StringComparison.Ordinal);
            if (isCreated || line.Contains($"'{name}' was under way", StringComparison.Ordinal))
                return Read(line);
            if (_invocation.RequestOf(input) is { } request && line.Contains(request + " was ", StringComparison.Ordinal))
                return line.Contains("with success", StringComparison.Ordinal) ? Outcome.Done : Outcome.Unknown;
        }

        if (_result.End is not null)
            return index < _endedAt && !_invocation.HasOutput ? Outcome.Done : Outcome.NotBegun;
        return _result.IsStopped && !_invocation.HasOutput ? Outcome.Unreported
            : _result.IsStopped || _invocation.EndsEarly || _invocation.HasOutput ? Outcome.NotBegun
            : Outcome.Done;
    }

    /// <summary>Whether every input must have a report, since the script ran to its end.</summary>
    public bool IsWhole => !_result.IsStopped && _result.End is null && !_invocation.EndsEarly;

    private static Outcome Read(string line) =>
        line.Contains("may have been done", StringComparison.OrdinalIgnoreCase) ? Outcome.Unknown
        : line.Contains("and is done", StringComparison.Ordinal) ? Outcome.Done
        : Outcome.Refused;

    private string? TargetKey(ErrorRecord error) => error.TargetObject switch
    {
        null => null,
        string text => text,
        PSObject { BaseObject: string text } => text,
        PSObject row => _invocation.KeyOf(row),
        object other => _invocation.KeyOf(PSObject.AsPSObject(other)),
    };
}

/// <summary>One script: its inputs, and how its reports name them.</summary>
/// <param name="Inputs">A key for each input.</param>
/// <param name="KeyOf">The key of the input that an object belongs to.</param>
/// <param name="NameOf">How the module names an input.</param>
/// <param name="RequestOf">The request that an input sends, if it identifies the input.</param>
/// <param name="HasOutput">Whether a success gives an object.</param>
/// <param name="EndsEarly">Whether the pipeline may end before its input does.</param>
internal sealed record Invocation(
    IReadOnlyList<string> Inputs,
    Func<PSObject, string> KeyOf,
    Func<string, string> NameOf,
    Func<string, string?> RequestOf,
    bool HasOutput,
    bool EndsEarly);

/// <summary>Reads the module's errors and objects by reflection, as a script does.</summary>
internal static class Reported
{
    public static bool IsUnknown(ErrorRecord error) => Get<bool>(error, "OutcomeUnknown");

    public static bool IsSearched(ErrorRecord error) => Get<bool>(error, "CandidatesKnown");

    /// <summary>What the request may have created: clients or keys.</summary>
    public static IReadOnlyList<PSObject> Candidates(ErrorRecord error) =>
        PSObject.AsPSObject(error.Exception).Properties["Candidates"]?.Value is System.Collections.IEnumerable candidates
            ? [.. candidates.Cast<object>().Select(PSObject.AsPSObject)]
            : [];

    public static string Text(PSObject value, string property) => value.Properties[property]?.Value?.ToString() ?? string.Empty;

    private static T Get<T>(ErrorRecord error, string property) => PSObject.AsPSObject(error.Exception).Properties[property]?.Value is T value ? value : default!;
}
