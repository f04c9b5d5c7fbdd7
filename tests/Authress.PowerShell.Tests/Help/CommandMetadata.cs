using System.Globalization;
using System.Management.Automation;
using System.Reflection;

namespace Authress.PowerShell.Tests.Help;

/// <summary>A cmdlet's own attributes, in the terms of a page.</summary>
internal static class CommandMetadata
{
    /// <summary>The parameters that help is about: neither those that every cmdlet has nor the hidden ones.</summary>
    public static IEnumerable<ParameterMetadata> Described(CmdletInfo cmdlet) => cmdlet.Parameters.Values
        .Where(parameter => !Cmdlet.CommonParameters.Contains(parameter.Name))
        .Where(parameter => !parameter.Attributes.OfType<ParameterAttribute>().Any(attribute => attribute.DontShow));

    public static IEnumerable<CommandParameterInfo> Described(CommandParameterSetInfo set, CmdletInfo cmdlet)
    {
        HashSet<string> described = [.. Described(cmdlet).Select(parameter => parameter.Name)];
        return set.Parameters.Where(parameter => described.Contains(parameter.Name));
    }

    public static string Position(int position) => position < 0 ? "Named" : position.ToString(CultureInfo.InvariantCulture);

    public static IEnumerable<PageParameterSet> Sets(ParameterMetadata parameter) => parameter.ParameterSets.Select(set => new PageParameterSet
    {
        Name = set.Key == ParameterAttribute.AllParameterSets ? "(All)" : set.Key,
        Position = Position(set.Value.Position),
        IsRequired = set.Value.IsMandatory,
        ValueFromPipeline = set.Value.ValueFromPipeline,
        ValueFromPipelineByPropertyName = set.Value.ValueFromPipelineByPropertyName,
        ValueFromRemainingArguments = set.Value.ValueFromRemainingArguments,
    });

    public static bool SupportsWildcards(ParameterMetadata parameter) => parameter.Attributes.OfType<SupportsWildcardsAttribute>().Any();

    /// <summary>The values of a parameter that takes one of a list.</summary>
    public static IEnumerable<string> AcceptedValues(ParameterMetadata parameter)
    {
        Type type = parameter.ParameterType;
        type = type.GetElementType() ?? Nullable.GetUnderlyingType(type) ?? type;
        return type.IsEnum ? Enum.GetNames(type) : parameter.Attributes.OfType<ValidateSetAttribute>().SelectMany(values => values.ValidValues);
    }

    /// <summary>What a parameter is where it is left out; empty where that is nothing.</summary>
    public static string DefaultValue(CmdletInfo cmdlet, ParameterMetadata parameter)
    {
        // -WhatIf, -First and their kin belong to PowerShell and are no properties of the cmdlet.
        // A parameter may hide one of the base that has another type.
        PropertyInfo? property = cmdlet.ImplementingType.GetProperties().Where(property => property.Name == parameter.Name).OrderByDescending(property => property.DeclaringType == cmdlet.ImplementingType).FirstOrDefault();
        object? value = property?.GetValue(Activator.CreateInstance(cmdlet.ImplementingType));
        return value switch
        {
            _ when parameter.SwitchParameter => (value is SwitchParameter { IsPresent: true }).ToString(CultureInfo.InvariantCulture),
            null or Array { Length: 0 } => string.Empty,
            _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        };
    }
}
