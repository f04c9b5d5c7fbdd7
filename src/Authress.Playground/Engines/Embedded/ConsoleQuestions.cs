using System.Collections;
using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;

namespace Authress.Playground.Engines.Embedded;

/// <summary>Asks the person at the terminal; where there is none, says so instead of waiting for ever.</summary>
internal sealed class ConsoleQuestions(PSHostUserInterface ui)
{
    public string ReadLine()
    {
        RequireSomebody("a line of input");
        // The end of input (Ctrl+D) is no answer to any question.
        return Console.In.ReadLine() ?? throw new PipelineStoppedException();
    }

    public SecureString ReadSecret()
    {
        RequireSomebody("a secret");
        var secret = new SecureString();
        while (true)
        {
            ConsoleKeyInfo key = Console.ReadKey(intercept: true);
            switch (key.Key)
            {
                case ConsoleKey.Enter:
                    ui.WriteLine(string.Empty);
                    secret.MakeReadOnly();
                    return secret;
                case ConsoleKey.Backspace when secret.Length > 0:
                    secret.RemoveAt(secret.Length - 1);
                    ui.Write("\b \b");
                    break;
                default:
                    if (!char.IsControl(key.KeyChar))
                    {
                        secret.AppendChar(key.KeyChar);
                        ui.Write("*");
                    }

                    break;
            }
        }
    }

    public Dictionary<string, PSObject> AskFields(string? caption, string? message, Collection<FieldDescription> descriptions)
    {
        RequireSomebody($"a value for {string.Join(", ", descriptions.Select(description => description.Name))}");
        WriteHeading(caption, message);
        return descriptions.ToDictionary(description => description.Name, AskField);
    }

    public int AskChoice(string? caption, string? message, Collection<ChoiceDescription> choices, int defaultChoice)
    {
        RequireSomebody(string.IsNullOrEmpty(caption) ? "a choice" : $"an answer to '{caption}'; -Confirm:$false goes on without one");
        WriteHeading(caption, message);
        (string Key, string Label)[] labels = [.. choices.Select(choice => Labelled(choice.Label))];
        while (true)
        {
            ui.Write(string.Concat(labels.Select(label => $"[{label.Key}] {label.Label}  ")));
            ui.Write(defaultChoice >= 0 ? $"[?] Help (default is \"{labels[defaultChoice].Key}\"): " : "[?] Help: ");
            string answer = ReadLine().Trim();
            if (answer.Length == 0 && defaultChoice >= 0)
                return defaultChoice;

            if (answer == "?")
            {
                for (int index = 0; index < choices.Count; index++)
                    ui.WriteLine($"{labels[index].Key} - {choices[index].HelpMessage}");
                continue;
            }

            int chosen = Array.FindIndex(labels, label =>
                string.Equals(answer, label.Key, StringComparison.OrdinalIgnoreCase) ||
                string.Equals(answer, label.Label, StringComparison.OrdinalIgnoreCase));
            if (chosen >= 0)
                return chosen;
        }
    }

    public PSCredential AskCredential(string? caption, string? message, string? userName)
    {
        RequireSomebody("a credential");
        WriteHeading(caption, message);
        if (string.IsNullOrEmpty(userName))
        {
            ui.Write("User: ");
            userName = ReadLine();
        }

        ui.Write($"Password for user {userName}: ");
        return new PSCredential(userName, ReadSecret());
    }

    private PSObject AskField(FieldDescription description)
    {
        Type type = Type.GetType(description.ParameterAssemblyFullName) ?? typeof(string);
        if (type == typeof(SecureString))
        {
            ui.Write($"{description.Name}: ");
            return PSObject.AsPSObject(ReadSecret());
        }

        if (type == typeof(PSCredential))
            return PSObject.AsPSObject(AskCredential(null, null, null));

        if (!typeof(IList).IsAssignableFrom(type))
        {
            ui.Write($"{description.Name}: ");
            return PSObject.AsPSObject(ReadLine());
        }

        // A list is asked for item by item, and ends with an empty line.
        var items = new List<string>();
        while (true)
        {
            ui.Write($"{description.Name}[{items.Count}]: ");
            string item = ReadLine();
            if (item.Length == 0)
                return PSObject.AsPSObject(items.ToArray());
            items.Add(item);
        }
    }

    private void WriteHeading(string? caption, string? message)
    {
        if (!string.IsNullOrEmpty(caption))
            ui.WriteLine(caption);
        if (!string.IsNullOrEmpty(message))
            ui.WriteLine(message);
    }

    /// <summary>A choice's label has an ampersand before the letter that picks it.</summary>
    private static (string Key, string Label) Labelled(string label)
    {
        int mark = label.IndexOf('&', StringComparison.Ordinal);
        string text = label.Replace("&", string.Empty, StringComparison.Ordinal);
        return mark >= 0 && mark < text.Length ? (char.ToUpperInvariant(text[mark]).ToString(), text) : (text, text);
    }

    private static void RequireSomebody(string what)
    {
        if (!ConsoleStreams.CanAsk)
            throw new HostException($"The session needs {what}, and nobody is there to give it: standard input is no terminal.");
    }
}
