using System.Management.Automation.Host;

namespace Authress.PowerShell.Secrets;

/// <summary>Finds out whether a session's output is serialized and goes to another process.</summary>
internal static class SerializedOutput
{
    private const string Option = "outputformat";

    /// <summary>Whether it is: in a job, in a remote session, and in a shell that another shell started for a script block.</summary>
    /// <param name="host">The session's host.</param>
    public static bool IsUsedBy(PSHost host) =>
        host.Name == "ServerRemoteHost" || (host.Name == "ConsoleHost" && AsksForXml(Environment.GetCommandLineArgs()));

    // PowerShell takes any beginning of the option's name, and "of".
    private static bool AsksForXml(string[] arguments)
    {
        for (int i = 1; i < arguments.Length - 1; i++)
        {
            string name = arguments[i].TrimStart('-', '/', '\u2013', '\u2014', '\u2015').ToLowerInvariant();
            bool isOption = name.Length > 0 && name.Length < arguments[i].Length && (name == "of" || Option.StartsWith(name, StringComparison.Ordinal));
            if (isOption && arguments[i + 1].Trim().Equals("xml", StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }
}
