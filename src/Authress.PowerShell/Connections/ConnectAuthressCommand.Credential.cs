using System.Management.Automation;
using System.Security;
using Authress.PowerShell.Binding;

namespace Authress.PowerShell.Connections;

/// <content>The credential, a parameter set each.</content>
public sealed partial class ConnectAuthressCommand
{
    private const string EnvironmentSet = "Environment";
    private const string AccessKeySet = "AccessKey";
    private const string AccessTokenSet = "AccessToken";
    private const string KeyFileSet = "KeyFile";

    /// <summary>A service client's access key.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = AccessKeySet)]
    [SecretTransformation]
    public SecureString? AccessKey { get; set; }

    /// <summary>An access token.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AccessTokenSet)]
    [SecretTransformation]
    public SecureString? AccessToken { get; set; }

    /// <summary>The path of a text file that contains only an access key.</summary>
    [Parameter(Mandatory = true, ParameterSetName = KeyFileSet)]
    [TextTransformation(AcceptsFiles = true)]
    [ValidateNotNullOrEmpty]
    public string? KeyFile { get; set; }
}
