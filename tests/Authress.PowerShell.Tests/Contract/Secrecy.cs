using System.Collections;
using System.Management.Automation;
using System.Text;
using System.Text.Json;
using Authress.PowerShell.Tests.Hosting;
using Engine = System.Management.Automation.PowerShell;

namespace Authress.PowerShell.Tests.Contract;

/// <summary>Searches everything that a command wrote for secrets, in every encoding.</summary>
internal static class Secrecy
{
    /// <summary>The start of every token that the module signs: the base64 of <c>{"alg":</c>.</summary>
    public const string TokenBeginning = "eyJhbGciOi";

    /// <summary>Runs a command with every stream on, and returns everything that it wrote as text.</summary>
    public static (string Text, IReadOnlyList<PSObject> Output) Record(Shell shell, string cmdlet, Hashtable arguments, bool confirms)
    {
        shell.Run("$ConfirmPreference = 'None'");
        using Engine engine = Engine.Create(shell.Runspace);
        engine.AddCommand(cmdlet).AddParameters(arguments).AddParameter("Verbose").AddParameter("Debug");
        if (confirms)
            engine.AddParameter("Confirm", false);
        PSDataCollection<PSObject> output = [];
        List<ErrorRecord> errors = [];
        try
        {
            engine.Invoke(null, output);
        }
        catch (RuntimeException e)
        {
            errors.Add(e.ErrorRecord);
        }

        errors.AddRange(engine.Streams.Error);
        StringBuilder text = new();
        foreach (object written in (object[])[.. engine.Streams.Verbose, .. engine.Streams.Debug, .. engine.Streams.Warning, .. engine.Streams.Information, .. engine.Streams.Progress])
            text.AppendLine(written.ToString());
        foreach (ErrorRecord error in errors)
            text.AppendLine(TextOf(error));
        foreach (PSObject item in output)
            text.AppendLine(TextOf(shell, item));
        text.AppendLine(shell.Show("Get-AuthressConnection")).AppendLine(shell.Run("$Error | ForEach-Object { $_.ToString() }").HostText);
        return (text.ToString(), [.. output]);
    }

    /// <summary>Everything that an error shows or holds.</summary>
    public static string TextOf(ErrorRecord error) => string.Join('\n', (string?[])
    [
        error.ToString(),
        error.Exception.ToString(),
        error.FullyQualifiedErrorId,
        error.CategoryInfo.ToString(),
        error.TargetObject?.ToString(),
        error.ErrorDetails?.RecommendedAction,
        PSSerializer.Serialize(error, 1),
    ]);

    /// <summary>Fails if one of the texts holds the secret: as it is, in hex, or in base64, of UTF-8 or of UTF-16.</summary>
    public static void AssertHidden(string secret, params string[] places)
    {
        foreach (string form in FormsOf(secret).Distinct())
            Assert.All(places, place => Assert.DoesNotContain(form, place, StringComparison.Ordinal));
    }

    // An object as a string, by property, formatted, serialized for a file or a job, and as JSON.
    private static string TextOf(Shell shell, PSObject item)
    {
        shell.Set("shown", item);
        return string.Join('\n', (string?[])
        [
            item.ToString(),
            .. item.Properties.Select(property => $"{property.Name}: {property.Value}"),
            shell.Show("$shown"),
            shell.Show("[pscustomobject]@{ inner = $shown }"),
            PSSerializer.Serialize(item, item.Properties["Exception"] is null ? 6 : 2),
            JsonOf(item.BaseObject),
        ]);
    }

    private static string JsonOf(object item)
    {
        try
        {
            return JsonSerializer.Serialize(item, item.GetType());
        }
        catch (NotSupportedException)
        {
            // JSON has no form for an exception. Its properties are in the text already.
            return string.Empty;
        }
    }

    private static IEnumerable<string> FormsOf(string secret)
    {
        yield return secret;
        foreach (byte[] bytes in (byte[][])[Encoding.UTF8.GetBytes(secret), Encoding.Unicode.GetBytes(secret)])
        {
            yield return Convert.ToHexString(bytes);
            yield return Convert.ToHexStringLower(bytes);
            // Inside a longer text the bytes have one of three alignments. The characters at the ends depend on their neighbours.
            for (int shift = 0; shift < 3; shift++)
                yield return Convert.ToBase64String([.. new byte[shift], .. bytes])[(shift == 0 ? 0 : 4)..^4];
        }
    }
}
