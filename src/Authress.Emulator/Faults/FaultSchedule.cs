using System.IO.Enumeration;

namespace Authress.Emulator.Faults;

/// <summary>The rules in force. The first that matches a request applies; a rule that is used up is removed.</summary>
internal sealed class FaultSchedule
{
    private readonly Lock _gate = new();
    private readonly List<Pending> _rules = [];

    private sealed class Pending(FaultRule rule)
    {
        public FaultRule Rule { get; } = rule;

        public int SkipsLeft { get; set; } = rule.Skip;

        public int TimesLeft { get; set; } = rule.Times;

        public bool IsEndless => Rule.Times <= 0;

        public bool Matches(string method, string path) =>
            (Rule.Method == "*" || Rule.Method.Equals(method, StringComparison.OrdinalIgnoreCase))
            && FileSystemName.MatchesSimpleExpression(Rule.Path, path, ignoreCase: false);
    }

    /// <summary>The rules that have not been used up, with their remaining counts.</summary>
    public IReadOnlyList<FaultRule> Remaining
    {
        get
        {
            lock (_gate)
                return [.. _rules.Select(pending => pending.Rule with { Skip = pending.SkipsLeft, Times = pending.IsEndless ? pending.Rule.Times : pending.TimesLeft })];
        }
    }

    public void Add(IEnumerable<FaultRule> added)
    {
        lock (_gate)
            _rules.AddRange(added.Select(rule => new Pending(rule)));
    }

    public void Clear()
    {
        lock (_gate)
            _rules.Clear();
    }

    public Fault? Next(string method, string path)
    {
        lock (_gate)
        {
            foreach (Pending pending in _rules)
            {
                if (!pending.Matches(method, path))
                    continue;
                if (pending.SkipsLeft > 0)
                {
                    pending.SkipsLeft--;
                    continue;
                }

                if (!pending.IsEndless && --pending.TimesLeft == 0)
                    _rules.Remove(pending);
                return pending.Rule.Fault;
            }

            return null;
        }
    }
}
