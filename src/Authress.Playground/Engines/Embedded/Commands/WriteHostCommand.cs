using System.Collections;
using System.Globalization;
using System.Management.Automation;

namespace Authress.Playground.Engines.Embedded.Commands;

/// <summary>Write-Host: text for the person at the console, outside the pipeline.</summary>
[Cmdlet(VerbsCommunications.Write, "Host")]
internal sealed class WriteHostCommand : PSCmdlet
{
    [Parameter(Position = 0, ValueFromRemainingArguments = true, ValueFromPipeline = true)]
    [Alias("Msg", "Message")]
    public object? Object { get; set; }

    [Parameter]
    public SwitchParameter NoNewline { get; set; }

    [Parameter]
    public object Separator { get; set; } = " ";

    [Parameter]
    public ConsoleColor? ForegroundColor { get; set; }

    [Parameter]
    public ConsoleColor? BackgroundColor { get; set; }

    protected override void ProcessRecord()
    {
        var message = new HostInformationMessage { Message = Text(Object), NoNewLine = NoNewline };
        if (ForegroundColor is ConsoleColor foreground)
            message.ForegroundColor = foreground;
        if (BackgroundColor is ConsoleColor background)
            message.BackgroundColor = background;

        // What carries this tag is shown by the host, whatever $InformationPreference says.
        WriteInformation(message, ["PSHOST"]);
    }

    private string Text(object? value) => value switch
    {
        null => string.Empty,
        PSObject wrapped when wrapped.BaseObject is not PSCustomObject => Text(wrapped.BaseObject),
        string text => text,
        IEnumerable items => string.Join(Text(Separator), items.Cast<object?>().Select(Text)),
        _ => (string)LanguagePrimitives.ConvertTo(value, typeof(string), CultureInfo.CurrentCulture),
    };
}
