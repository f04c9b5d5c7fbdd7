using System.Collections;
using System.Management.Automation;
using Authress.Client.Reports;
using Authress.PowerShell.Binding;
using Authress.PowerShell.Errors;

namespace Authress.PowerShell.Reports;

/// <summary>Searches piped text and environment variables.</summary>
/// <param name="cmdlet">The cmdlet.</param>
internal sealed class TextSearch(PSCmdlet cmdlet)
{
    private readonly AccessKeyReader _reader = new();
    private int _line = 1;

    /// <summary>Searches the next piece of piped text, whose lines are counted from the first one's.</summary>
    public void Search(string[] texts)
    {
        foreach (string text in texts)
        {
            if (ReferenceEquals(text, SearchedTextTransformationAttribute.Unusable))
            {
                cmdlet.WriteError(ErrorFactory.NotSearchable());
                continue;
            }

            foreach (FoundAccessKey found in _reader.Read(text, path: null, _line))
                cmdlet.WriteObject(found.Sighting);
            _line += CountLines(text);
        }
    }

    /// <summary>Searches the environment variables of this process.</summary>
    public void SearchEnvironment()
    {
        IDictionary variables = Environment.GetEnvironmentVariables();
        foreach (string name in variables.Keys.Cast<string>().OrderBy(name => name, StringComparer.OrdinalIgnoreCase))
        {
            foreach (FoundAccessKey found in _reader.Read((string)variables[name]!, AccessKeySighting.EnvironmentDrive + name))
                cmdlet.WriteObject(found.Sighting);
        }
    }

    // A line break at the end begins no further line.
    private static int CountLines(string text)
    {
        int ends = 0;
        for (int at = text.IndexOf('\n'); at >= 0; at = text.IndexOf('\n', at + 1))
            ends++;
        return text.Length > 0 && text[text.Length - 1] == '\n' ? ends : ends + 1;
    }
}
