using System.Globalization;
using System.Management.Automation;
using Microsoft.PowerShell.Commands;

namespace Authress.Playground.Engines.Embedded.Commands;

/// <summary>Sort-Object by properties or script blocks; equals keep their order.</summary>
[Cmdlet("Sort", "Object")]
internal sealed class SortObjectCommand : PSCmdlet
{
    private readonly List<PSObject> _items = [];

    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    [Parameter(Position = 0)]
    public PSPropertyExpression[]? Property { get; set; }

    [Parameter]
    public SwitchParameter Descending { get; set; }

    [Parameter]
    public SwitchParameter Unique { get; set; }

    [Parameter]
    public SwitchParameter CaseSensitive { get; set; }

    protected override void ProcessRecord()
    {
        if (InputObject is not null)
            _items.Add(InputObject);
    }

    protected override void EndProcessing()
    {
        var order = Comparer<object?[]>.Create(CompareKeys);
        var keyed = _items.Select(item => (Item: item, Keys: Keys(item)));
        var sorted = Descending ? keyed.OrderByDescending(pair => pair.Keys, order) : keyed.OrderBy(pair => pair.Keys, order);

        object?[]? previous = null;
        foreach ((PSObject item, object?[] keys) in sorted)
        {
            if (Unique && previous is not null && CompareKeys(previous, keys) == 0)
                continue;

            WriteObject(item);
            previous = keys;
        }
    }

    private object?[] Keys(PSObject item) =>
        Property is null ? [item] : [.. Property.Select(property => property.GetValues(item).FirstOrDefault()?.Result)];

    private int CompareKeys(object?[]? left, object?[]? right)
    {
        for (int index = 0; index < left!.Length; index++)
        {
            int order = CompareKey(left[index], right![index]);
            if (order != 0)
                return order;
        }

        return 0;
    }

    private int CompareKey(object? left, object? right)
    {
        if (LanguagePrimitives.TryCompare(left, right, !CaseSensitive, CultureInfo.CurrentCulture, out int order))
            return order;

        // What has no order of its own goes by its text.
        return CultureInfo.CurrentCulture.CompareInfo.Compare(left?.ToString(), right?.ToString(), CaseSensitive ? CompareOptions.None : CompareOptions.IgnoreCase);
    }
}
