using System.Collections;
using System.Management.Automation;
using System.Text;
using System.Text.Json;
using Authress.PowerShell.Tests.Hosting;
using Engine = System.Management.Automation.PowerShell;

namespace Authress.PowerShell.Tests.Contract;

/// <summary>Looks for secrets in all that a command wrote, in every form in which they might stand there.</summary>
internal static class Secrecy
{
    /// <summary>How every token of the module begins: the base64 of <c>{"alg":</c>.</summary>
    public const string TokenBeginning = "eyJhbGciOi";

    /// <summary>Runs a command with everything said that it can say, and gives all of it as text.</summary>
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
        foreach (object said in (object[])[.. engine.Streams.Verbose, .. engine.Streams.Debug, .. engine.Streams.Warning, .. engine.Streams.Information, .. engine.Streams.Progress])
            text.AppendLine(said.ToString());
        foreach (ErrorRecord error in errors)
            text.AppendLine(TextOf(error));
        foreach (PSObject item in output)
            text.AppendLine(TextOf(shell, item));
        text.AppendLine(shell.Show("Get-AuthressConnection")).AppendLine(shell.Run("$Error | ForEach-Object { $_.ToString() }").HostText);
        return (text.ToString(), [.. output]);
    }

    /// <summary>All that an error shows or holds.</summary>
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

    /// <summary>Fails where one of the texts holds the secret: as it is, in hex, or in base64, of UTF-8 or of UTF-16.</summary>
    public static void AssertHidden(string secret, params string[] places)
    {
        foreach (string form in FormsOf(secret).Distinct())
            Assert.All(places, place => Assert.DoesNotContain(form, place, StringComparison.Ordinal));
    }

    // All that an object shows: as a string, each property, as formatted, as a file or a job gets it, as JSON.
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
            // An exception holds what JSON has no form for; its properties have been looked at.
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
            // In the middle of something longer the same bytes look one of three ways, but for the letters at the ends.
            for (int shift = 0; shift < 3; shift++)
                yield return Convert.ToBase64String([.. new byte[shift], .. bytes])[(shift == 0 ? 0 : 4)..^4];
        }
    }
}
