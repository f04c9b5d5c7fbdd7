using System.Management.Automation;

namespace Authress.PowerShell.Tests.Hosting;

/// <summary>What a script wrote.</summary>
internal sealed class ShellResult
{
    /// <summary>The success stream.</summary>
    public required IReadOnlyList<PSObject> Output { get; init; }

    /// <summary>The error stream, and after it the error that ended the script, if one did.</summary>
    public required IReadOnlyList<ErrorRecord> Errors { get; init; }

    /// <summary>Whether an error ended the script.</summary>
    public required bool Terminated { get; init; }

    public required IReadOnlyList<string> Warnings { get; init; }

    public required IReadOnlyList<string> Verbose { get; init; }

    public required IReadOnlyList<string> Debug { get; init; }

    /// <summary>All that the host was shown: -WhatIf, formatted output.</summary>
    public required string HostText { get; init; }

    public required IReadOnlyList<string> Questions { get; init; }

    /// <summary>The one error there is, its id without the command's name.</summary>
    public string ErrorId => Assert.Single(Errors).FullyQualifiedErrorId.Split(',')[0];

    /// <summary>The one object there is.</summary>
    public PSObject Single => Assert.Single(Output);

    /// <summary>Fails where anything was written as an error.</summary>
    public ShellResult Ok()
    {
        Assert.True(Errors.Count == 0, string.Join(Environment.NewLine, Errors.Select(e => $"{e.FullyQualifiedErrorId}: {e} {e.Exception}")));
        return this;
    }

    /// <summary>A property of every object.</summary>
    public IReadOnlyList<object?> Get(string property) => [.. Output.Select(o => o.Properties[property]?.Value)];
}
