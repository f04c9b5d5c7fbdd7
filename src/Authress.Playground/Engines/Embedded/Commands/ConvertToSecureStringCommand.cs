using System.Management.Automation;
using System.Security;

namespace Authress.Playground.Engines.Embedded.Commands;

/// <summary>ConvertTo-SecureString, from plain text only.</summary>
[Cmdlet(VerbsData.ConvertTo, "SecureString")]
[OutputType(typeof(SecureString))]
internal sealed class ConvertToSecureStringCommand : PSCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    public string String { get; set; } = string.Empty;

    // Without it the text would be an encrypted string, which only Windows can make and read.
    [Parameter(Mandatory = true)]
    public SwitchParameter AsPlainText { get; set; }

    // Accepted for the scripts that still say it; PowerShell 7 asks for it no more.
    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void ProcessRecord()
    {
        var secret = new SecureString();
        foreach (char character in String)
            secret.AppendChar(character);
        secret.MakeReadOnly();
        WriteObject(secret);
    }
}
