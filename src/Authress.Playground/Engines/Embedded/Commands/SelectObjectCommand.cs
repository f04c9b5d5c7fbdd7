using System.Collections;
using System.Management.Automation;
using Microsoft.PowerShell.Commands;

namespace Authress.Playground.Engines.Embedded.Commands;

/// <summary>Select-Object: some of the objects, some of their properties, or what one property holds.</summary>
[Cmdlet(VerbsCommon.Select, "Object")]
internal sealed class SelectObjectCommand : PSCmdlet
{
    private readonly Queue<PSObject> _last = new();
    private int _seen;
    private int _written;

    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    /// <summary>Names, wildcards, script blocks, or <c>@{ Name = ...; Expression = ... }</c>.</summary>
    [Parameter(Position = 0)]
    public object[]? Property { get; set; }

    [Parameter]
    public string? ExpandProperty { get; set; }

    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int? First { get; set; }

    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int? Last { get; set; }

    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int Skip { get; set; }

    protected override void BeginProcessing()
    {
        if (Property is not null && ExpandProperty is not null)
            ThrowTerminatingError(Invalid("This Select-Object takes either -Property or -ExpandProperty."));
        if (First is not null && Last is not null)
            ThrowTerminatingError(Invalid("This Select-Object takes either -First or -Last."));
    }

    protected override void ProcessRecord()
    {
        // The commands before this one are stopped, so that nothing is fetched that nobody asked for.
        if (First == _written)
            throw EngineInternals.StopUpstream(this);

        if (InputObject is null || _seen++ < Skip && Last is null)
            return;

        if (Last is not null)
        {
            _last.Enqueue(InputObject);
            if (_last.Count > Last + Skip)
                _last.Dequeue();
            return;
        }

        Write(InputObject);
        if (++_written == First)
            throw EngineInternals.StopUpstream(this);
    }

    protected override void EndProcessing()
    {
        while (_last.Count > Skip)
            Write(_last.Dequeue());
    }

    private void Write(PSObject item)
    {
        if (ExpandProperty is not null)
            WriteExpanded(item, new PSPropertyExpression(ExpandProperty));
        else
            WriteObject(Property is null ? item : Shape(item));
    }

    private void WriteExpanded(PSObject item, PSPropertyExpression expression)
    {
        List<PSPropertyExpressionResult> results = expression.GetValues(item);
        if (results.Count == 0)
            WriteError(new ErrorRecord(new PSArgumentException($"Property \"{ExpandProperty}\" cannot be found."), "ExpandPropertyNotFound", ErrorCategory.InvalidArgument, item));

        foreach (PSPropertyExpressionResult result in results)
        {
            if (result.Exception is not null)
                WriteError(new ErrorRecord(result.Exception, "PropertyEvaluationExpand", ErrorCategory.InvalidResult, item));
            else
                WriteObject(result.Result, enumerateCollection: true);
        }
    }

    private PSObject Shape(PSObject item)
    {
        var shaped = new PSObject();
        shaped.TypeNames.Insert(0, $"Selected.{item.TypeNames[0]}");
        foreach (object property in Property!)
        {
            (string? name, PSPropertyExpression expression) = Parse(property);
            List<PSPropertyExpression> resolved = expression.ResolveNames(item);
            if (resolved.Count == 0 && !expression.HasWildCardCharacters)
                Add(shaped, name ?? expression.ToString(), null);

            // A property that cannot be read is empty, as in the real Select-Object.
            foreach (PSPropertyExpression one in resolved)
                Add(shaped, name ?? one.ToString(), one.GetValues(item).FirstOrDefault()?.Result);
        }

        return shaped;
    }

    private (string? Name, PSPropertyExpression Expression) Parse(object property)
    {
        object value = property is PSObject wrapped ? wrapped.BaseObject : property;
        if (value is not IDictionary calculated)
            return (null, Expression(value));

        object? name = ByPrefix(calculated, "Name") ?? ByPrefix(calculated, "Label");
        object? expression = ByPrefix(calculated, "Expression");
        if (name is null || expression is null)
            ThrowTerminatingError(Invalid("A calculated property needs a Name and an Expression."));

        return (name!.ToString(), Expression(expression!));
    }

    // Keys may be shortened, as in @{ n = ...; e = ... }.
    private static object? ByPrefix(IDictionary calculated, string key) =>
        calculated.Keys.OfType<string>().Where(name => name.Length > 0 && key.StartsWith(name, StringComparison.OrdinalIgnoreCase))
            .Select(name => calculated[name]).FirstOrDefault();

    private static PSPropertyExpression Expression(object value) =>
        value is ScriptBlock script ? new PSPropertyExpression(script) : new PSPropertyExpression(value.ToString());

    private static void Add(PSObject shaped, string name, object? value)
    {
        if (shaped.Properties[name] is null)
            shaped.Properties.Add(new PSNoteProperty(name, value));
    }

    private static ErrorRecord Invalid(string message) =>
        new(new PSArgumentException(message), "SelectObjectUsage", ErrorCategory.InvalidArgument, targetObject: null);
}
