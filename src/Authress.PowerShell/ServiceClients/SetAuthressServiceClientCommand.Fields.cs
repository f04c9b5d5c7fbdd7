using System.Management.Automation;
using Authress.Client.ServiceClients;
using Authress.PowerShell.Binding;
using Authress.PowerShell.Completion;

namespace Authress.PowerShell.ServiceClients;

/// <content>A parameter for each field.</content>
public sealed partial class SetAuthressServiceClientCommand
{
    private readonly GivenFields _given = new();

    /// <summary>The new name, up to 128 characters.</summary>
    [Parameter(ParameterSetName = InputObjectSet)]
    [Parameter(ParameterSetName = IdSet, ValueFromPipelineByPropertyName = true)]
    [TextTransformation]
    public string? Name
    {
        get => (string?)_given[ServiceClientFields.Name];
        set => _given[ServiceClientFields.Name] = value;
    }

    /// <summary>The new tags, which replace all existing tags.</summary>
    [Parameter(ParameterSetName = InputObjectSet)]
    [Parameter(ParameterSetName = IdSet, ValueFromPipelineByPropertyName = true)]
    [Alias("Tags")]
    [TagTransformation]
    [ArgumentCompleter(typeof(TagCompleter))]
    public TagMap? Tag
    {
        get => (TagMap?)_given[ServiceClientFields.Tag];
        set => _given[ServiceClientFields.Tag] = value;
    }

    /// <summary>Whether the client may check authorization on behalf of any user.</summary>
    [Parameter(ParameterSetName = InputObjectSet)]
    [Parameter(ParameterSetName = IdSet, ValueFromPipelineByPropertyName = true)]
    [BooleanTransformation]
    public bool? GrantUserPermissionsAccess
    {
        get => (bool?)_given[ServiceClientFields.GrantUserPermissionsAccess];
        set => _given[ServiceClientFields.GrantUserPermissionsAccess] = value;
    }

    /// <summary>Whether the client may create tokens for any user.</summary>
    [Parameter(ParameterSetName = InputObjectSet)]
    [Parameter(ParameterSetName = IdSet, ValueFromPipelineByPropertyName = true)]
    [BooleanTransformation]
    public bool? GrantTokenGeneration
    {
        get => (bool?)_given[ServiceClientFields.GrantTokenGeneration];
        set => _given[ServiceClientFields.GrantTokenGeneration] = value;
    }

    /// <summary>The new rate limit, such as <c>PT1H:1000</c>.</summary>
    [Parameter(ParameterSetName = InputObjectSet)]
    [Parameter(ParameterSetName = IdSet, ValueFromPipelineByPropertyName = true)]
    [Alias("RateLimits")]
    [RateLimitTransformation]
    [ArgumentCompleter(typeof(RateLimitCompleter))]
    public RateLimit? RateLimit
    {
        get => (RateLimit?)_given[ServiceClientFields.RateLimit];
        set => _given[ServiceClientFields.RateLimit] = value;
    }
}
