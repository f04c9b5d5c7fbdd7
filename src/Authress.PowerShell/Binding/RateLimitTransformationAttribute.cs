using System.Collections;
using System.Globalization;
using System.Management.Automation;

namespace Authress.PowerShell.Binding;

/// <summary>
/// A rate limit as text such as <c>PT1H:1000</c>, or as a hashtable or object with Duration and Quota; empty means not given.
/// The API has a list of limits, of which it takes one.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class RateLimitTransformationAttribute : ArgumentTransformation
{
    private protected override object? Read(object? value)
    {
        try
        {
            return Parse(value);
        }
        catch (FormatException e)
        {
            throw Refuse(e.Message);
        }
    }

    /// <summary>A value as a rate limit; null for an empty one.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    internal static RateLimit? Parse(object? value)
    {
        try
        {
            return value switch
            {
                null or "" => null,
                RateLimit limit => limit,
                IList { Count: 0 } => null,
                IList { Count: 1 } single => Parse(Unwrap(single[0])),
                string text => string.IsNullOrWhiteSpace(text) ? null : RateLimit.Parse(text),
                IDictionary dictionary => FromParts(dictionary.Keys.Cast<object>().ToDictionary(key => key.ToString()!, key => (object?)dictionary[key], StringComparer.OrdinalIgnoreCase)),
                PSObject { BaseObject: PSCustomObject } custom => FromParts(custom.Properties.ToDictionary(property => property.Name, property => (object?)property.Value, StringComparer.OrdinalIgnoreCase)),
                _ => throw new FormatException(string.Empty),
            };
        }
        catch (FormatException e)
        {
            throw new FormatException(string.Format(CultureInfo.CurrentCulture, Messages.NotARateLimit, value, e.Message), e);
        }
    }

    private static RateLimit FromParts(Dictionary<string, object?> parts)
    {
        string? unknown = parts.Keys.FirstOrDefault(key => !key.Equals("Duration", StringComparison.OrdinalIgnoreCase) && !key.Equals("Quota", StringComparison.OrdinalIgnoreCase));
        if (unknown is not null)
            throw new FormatException(InvariantText.Format(Messages.RateLimitMember, unknown));
        if (!parts.TryGetValue("Duration", out object? duration) || duration is null)
            throw new FormatException(Messages.RateLimitWithoutDuration);
        // PowerShell's own conversion rounds 1000.5 and converts true to 1.
        return !parts.TryGetValue("Quota", out object? quota) || quota is null
            ? RateLimit.Create(duration.ToString()!, quota: null)
            : RateLimit.Parse(duration + ":" + Convert.ToString(quota, CultureInfo.InvariantCulture));
    }
}
