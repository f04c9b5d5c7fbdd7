using System.Management.Automation;

namespace Authress.PowerShell.Tests.Hosting;

/// <summary>What a clear refusal is: one error with a known id and category, about what the user passed, that says what to do.</summary>
internal static class Refusal
{
    public static ErrorRecord Refused(this ShellResult result, string id, ErrorCategory category)
    {
        Assert.Equal(id, result.ErrorId);
        ErrorRecord error = result.Errors[0];
        Assert.Equal(category, error.CategoryInfo.Category);
        Assert.False(string.IsNullOrWhiteSpace(error.ErrorDetails?.RecommendedAction), $"{id} does not say what to do.");
        return error;
    }

    public static ErrorRecord Refused(this ShellResult result, string id, ErrorCategory category, object target)
    {
        ErrorRecord error = result.Refused(id, category);
        Assert.Equal(target, error.TargetObject is PSObject wrapped ? wrapped.BaseObject : error.TargetObject);
        return error;
    }

    /// <summary>A refusal by the binding of parameters, whose ids are PowerShell's own.</summary>
    public static ErrorRecord RefusedByBinding(this ShellResult result, string id)
    {
        Assert.Equal(id, result.ErrorId);
        Assert.Equal(ErrorCategory.InvalidData, result.Errors[0].CategoryInfo.Category);
        return result.Errors[0];
    }
}
