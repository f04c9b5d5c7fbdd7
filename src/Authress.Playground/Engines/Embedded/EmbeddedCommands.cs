using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using System.Reflection;
using Authress.Playground.Engines.Embedded.Commands;

namespace Authress.Playground.Engines.Embedded;

/// <summary>Which commands an embedded session has.</summary>
internal static class EmbeddedCommands
{
    /// <summary>The engine's own commands, and the few that the playground brings along.</summary>
    public static InitialSessionState CreateSessionState()
    {
        InitialSessionState state = InitialSessionState.CreateDefault2();

        // On Windows a checkout's scripts and module count as downloaded until somebody says otherwise.
        if (OperatingSystem.IsWindows())
            state.ExecutionPolicy = Microsoft.PowerShell.ExecutionPolicy.Bypass;

        foreach (Type type in Assembly.GetExecutingAssembly().GetTypes().Where(type => type.IsSubclassOf(typeof(Cmdlet)) && type != typeof(MissingCommand)))
        {
            var name = type.GetCustomAttribute<CmdletAttribute>()!;
            state.Commands.Add(new SessionStateCmdletEntry($"{name.VerbName}-{name.NounName}", type, helpFileName: null));
        }

        RemoveWhatLeadsNowhere(state);

        // PowerShell's own help pages through commands that are not here.
        state.Commands.Add(new SessionStateAliasEntry("help", "Get-Help"));
        return state;
    }

    /// <summary>Has every command that is not there answered with where it is.</summary>
    public static void AnswerForMissingCommands(Runspace runspace) =>
        runspace.SessionStateProxy.InvokeCommand.CommandNotFoundAction = (_, lookup) =>
        {
            lookup.Command = new CmdletInfo(lookup.CommandName, typeof(MissingCommand));
            lookup.StopSearch = true;
        };

    /// <summary>Takes away the aliases and functions whose commands are in the half of PowerShell that is not here.</summary>
    private static void RemoveWhatLeadsNowhere(InitialSessionState state)
    {
        var commands = state.Commands.Select(entry => entry.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        SessionStateCommandEntry[] deadEnds =
        [
            .. state.Commands.OfType<SessionStateAliasEntry>().Where(alias => !commands.Contains(alias.Definition)),
            .. state.Commands.OfType<SessionStateFunctionEntry>().Where(function => !Calls(function).All(commands.Contains)),
        ];
        foreach (SessionStateCommandEntry deadEnd in deadEnds)
            state.Commands.Remove(deadEnd.Name, deadEnd.GetType());
    }

    private static IEnumerable<string> Calls(SessionStateFunctionEntry function) =>
        Parser.ParseInput(function.Definition, out _, out _).FindAll(ast => ast is CommandAst, searchNestedScriptBlocks: true)
            .Select(ast => ((CommandAst)ast).GetCommandName()).Where(name => name is not null);
}
