using System.Management.Automation;
using Authress.Client;
using Authress.PowerShell.Binding;
using Authress.PowerShell.Display;
using Authress.PowerShell.Errors;
using Authress.PowerShell.Secrets;

namespace Authress.PowerShell.Tokens;

/// <summary>
/// <para type="synopsis">Gets an access token that this connection's access key signs, for another tool.</para>
/// </summary>
[Cmdlet(VerbsCommon.Get, "AuthressAccessToken", HelpUri = CommandText.HelpPages + "Get-AuthressAccessToken.md")]
[OutputType(typeof(AccessToken), typeof(PlainTextAccessToken))]
public sealed class GetAuthressAccessTokenCommand : AuthressCommand
{
    /// <summary>How long the token is valid, from 1 minute to 24 hours. The default is 1 hour.</summary>
    [Parameter(Position = 0)]
    [LifetimeTransformation]
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Returns the token as plain text instead of as SecureString.</summary>
    [Parameter]
    public SwitchParameter AsPlainText { get; set; }

    /// <inheritdoc />
    protected override void EndProcessing()
    {
        if (Current.Authentication == AuthenticationMethod.AccessToken)
            ThrowTerminatingError(ErrorFactory.NoSigningKey());
        AccessToken token = ((AuthressApi)Current.Client).SignToken(Lifetime);
        if (!AsPlainText && SerializedOutput.IsUsedBy(Host))
            WriteWarning(Messages.TokenStaysInside);
        WriteObject(AsPlainText ? PlainTextAccessToken.From(token) : token);
    }
}
