using System.Management.Automation;
using Authress.Client.ServiceClients;
using Authress.PowerShell.Binding;
using Authress.PowerShell.Completion;

namespace Authress.PowerShell.ServiceClients;

/// <content>A parameter for each field.</content>
public sealed partial class NewAuthressServiceClientCommand
{
    private readonly GivenFields _given = new();

    /// <summary>The name that people see, up to 128 characters. Empty for a copy of a client without a name.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [TextTransformation(Property = nameof(Name))]
    [ValidateText]
    [AllowNull]
    [AllowEmptyString]
    public string? Name
    {
        get => (string?)_given[ServiceClientFields.Name];
        set => _given[ServiceClientFields.Name] = value;
    }

    /// <summary>Labels, as a hashtable or as text such as <c>env=prod;team=a</c>.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("Tags")]
    [TagTransformation]
    [ArgumentCompleter(typeof(TagCompleter))]
    public TagMap? Tag
    {
        get => (TagMap?)_given[ServiceClientFields.Tag];
        set => _given[ServiceClientFields.Tag] = value;
    }

    /// <summary>Whether the client may check authorization on behalf of any user.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [BooleanTransformation]
    public bool? GrantUserPermissionsAccess
    {
        get => (bool?)_given[ServiceClientFields.GrantUserPermissionsAccess];
        set => _given[ServiceClientFields.GrantUserPermissionsAccess] = value;
    }

    /// <summary>Whether the client may create tokens for any user.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [BooleanTransformation]
    public bool? GrantTokenGeneration
    {
        get => (bool?)_given[ServiceClientFields.GrantTokenGeneration];
        set => _given[ServiceClientFields.GrantTokenGeneration] = value;
    }

    /// <summary>How many requests the client may make in a period, such as <c>PT1H:1000</c>.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("RateLimits")]
    [RateLimitTransformation]
    [ArgumentCompleter(typeof(RateLimitCompleter))]
    public RateLimit? RateLimit
    {
        get => (RateLimit?)_given[ServiceClientFields.RateLimit];
        set => _given[ServiceClientFields.RateLimit] = value;
    }
}
