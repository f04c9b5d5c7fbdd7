using System.Collections.Concurrent;
using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Reflection;
using Authress.PowerShell.Binding;
using Authress.PowerShell.Errors;

namespace Authress.PowerShell.Pipeline;

/// <summary>
/// The piped object itself, in addition to the properties that PowerShell binds, so that a cmdlet can detect an object
/// that contradicts the command line.
/// </summary>
/// <remarks>
/// Bound to a parameter that exists only in a pipeline: it can't be specified by name, and neither
/// <c>Get-Command -Syntax</c> nor completion shows it.
/// </remarks>
/// <param name="properties">The properties that the cmdlet reads. An object without any of them is refused.</param>
internal sealed class PipedInput(params string[] properties)
{
    private static readonly ConcurrentDictionary<Type, string[]> ByName = new();

    private RuntimeDefinedParameter? _parameter;
    private bool _hasClientId;

    /// <summary>Whether the cmdlet also reads the fields of a service client.</summary>
    public bool ReadsFields { get; init; }

    /// <summary>Whether text is accepted too; see <see cref="PipedObjectTransformationAttribute.AcceptsText" />.</summary>
    public bool AcceptsText { get; init; }

    /// <summary>The parameter set that the object belongs to.</summary>
    public string ParameterSet { get; init; } = ParameterAttribute.AllParameterSets;

    /// <summary>The object; null if none was piped or it was refused.</summary>
    public PSObject? Value => _parameter?.Value is { } value ? PSObject.AsPSObject(value) : null;

    /// <summary>The parameter; null if nothing is piped.</summary>
    /// <param name="invocation">The invocation.</param>
    public RuntimeDefinedParameterDictionary? Declare(InvocationInfo invocation)
    {
        if ((properties.Length == 0 && !ReadsFields) || !invocation.ExpectingInput)
            return null;
        Collection<Attribute> attributes =
        [
            new ParameterAttribute { ValueFromPipeline = true, DontShow = true, ParameterSetName = ParameterSet },
            new PipedObjectTransformationAttribute(properties) { ReadsFields = ReadsFields, AcceptsText = AcceptsText, Bound = BoundByName((CmdletInfo)invocation.MyCommand) },
        ];
        _parameter = new RuntimeDefinedParameter("PipedObject", typeof(PSObject), attributes);
        return new RuntimeDefinedParameterDictionary { [_parameter.Name] = _parameter };
    }

    /// <summary>Records which parameters are on the command line. Later, piped ones can't be distinguished from them.</summary>
    public void Begin(InvocationInfo invocation) => _hasClientId = invocation.BoundParameters.ContainsKey(nameof(ServiceClient.ClientId));

    /// <summary>A property of the object as text; empty if there is none.</summary>
    public string Text(string property) => PipedProperty.Text(Value, property);

    /// <summary>
    /// The error of an object that belongs to another client than -ClientId, or of text that is not used because
    /// -ClientId is specified; null if neither is the case.
    /// </summary>
    /// <param name="clientIds">The bound client ids.</param>
    public ErrorRecord? FindContradiction(params string[] clientIds)
    {
        if (_hasClientId && Value?.BaseObject is string)
            return ErrorFactory.InputObjectNotBound(Value);
        return PipedProperty.Contradicted(Value, nameof(ServiceClient.ClientId), clientIds) is { } given
            ? ErrorFactory.ContradictoryClientId(given, Text(nameof(ServiceClient.ClientId)), Value)
            : null;
    }

    /// <summary>The error of a key other than -KeyId; null if there is none.</summary>
    /// <param name="keyIds">The bound key ids.</param>
    public ErrorRecord? FindContradictoryKey(string[] keyIds) => PipedProperty.Contradicted(Value, nameof(AccessKey.KeyId), keyIds) is { } given
        ? ErrorFactory.ContradictoryKeyId(given, Text(nameof(AccessKey.KeyId)), Value)
        : null;

    // The parameters of the description itself can't be read while they are declared.
    private static string[] BoundByName(CmdletInfo cmdlet) => ByName.GetOrAdd(cmdlet.ImplementingType, type =>
        [.. type.GetProperties().Where(property => property.GetCustomAttributes<ParameterAttribute>().Any(parameter => parameter.ValueFromPipelineByPropertyName)).SelectMany(NamesOf)]);

    private static IEnumerable<string> NamesOf(PropertyInfo property) => (property.GetCustomAttribute<AliasAttribute>()?.AliasNames ?? []).Prepend(property.Name);
}
