using System.Management.Automation;
using System.Reflection;
using Authress.PowerShell.Tests.Hosting;

namespace Authress.PowerShell.Tests.Contract;

/// <summary>What a Get puts out can be piped on: to its Set, its Remove, and to whatever makes a child of it.</summary>
public sealed class PipelineBindingTests : IAsyncLifetime
{
    private readonly Account _account = new();

    public static TheoryData<string> Getters => [.. ExportedCommands.Connected.Select(row => row.Data).Where(name => ExportedCommands.Info(name).Verb == VerbsCommon.Get)];

    public static TheoryData<string, string> Pairs
    {
        get
        {
            TheoryData<string, string> pairs = [];
            foreach (string getter in Getters.Select(row => row.Data))
            {
                foreach (string other in ExportedCommands.Cmdlets.Where(other => other != getter && IsMeant(getter, other) && IsFed(ExportedCommands.Info(other), OutputOf(getter))))
                    pairs.Add(getter, other);
            }

            return pairs;
        }
    }

    public ValueTask InitializeAsync() => _account.InitializeAsync();

    public ValueTask DisposeAsync() => _account.DisposeAsync();

    [Theory]
    [MemberData(nameof(Getters))]
    public void The_output_of_a_getter_binds_to_every_cmdlet_that_changes_the_object(string getter)
    {
        string noun = ExportedCommands.Info(getter).Noun;
        string[] fed = [.. Pairs.Select(row => row.Data).Where(pair => pair.Item1 == getter).Select(pair => pair.Item2)];
        string[] changers = [.. ExportedCommands.Cmdlets.Where(name => ExportedCommands.Info(name) is { } other && other.Noun == noun && ExportedCommands.IsChanging(other) && other.Verb != VerbsCommon.New)];
        Assert.Empty(changers.Except(fed));
    }

    [Fact]
    public void The_output_of_a_getter_binds_to_every_cmdlet_that_creates_a_child()
    {
        string[] fed = [.. Pairs.Select(row => row.Data.Item2)];
        string[] makers = [.. ExportedCommands.Cmdlets.Where(name => ExportedCommands.Info(name) is { Verb: VerbsCommon.New } maker && maker.ParameterSets.All(set => set.Parameters.Any(parameter => parameter.IsMandatory && parameter.Name.EndsWith("Id", StringComparison.Ordinal))))];
        Assert.NotEmpty(makers);
        Assert.Empty(makers.Except(fed));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Each_property_binds_to_a_parameter_of_its_type(string getter, string cmdlet)
    {
        Type output = OutputOf(getter);
        foreach (ParameterMetadata parameter in ExportedCommands.Info(cmdlet).Parameters.Values.Where(parameter => parameter.ParameterSets.Values.Any(set => set.ValueFromPipelineByPropertyName)))
        {
            if (output.GetProperty(parameter.Name) is not { } property)
                continue;
            Type wanted = parameter.ParameterType.IsArray ? parameter.ParameterType.GetElementType()! : parameter.ParameterType;
            wanted = Nullable.GetUnderlyingType(wanted) ?? wanted;
            Assert.True(wanted.IsAssignableFrom(Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType), $"-{parameter.Name} takes {wanted}, and the property is {property.PropertyType}");
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Binds_the_objects_themselves_and_deserialized_copies(string getter, string cmdlet)
    {
        Arguments arguments = new(_account);
        _ = arguments.KeyId;
        string file = Path.Combine(_account.Folder, "held.key");
        if (getter == "Get-AuthressAccessKeyRotation" || cmdlet.EndsWith("AccessKeyRotation", StringComparison.Ordinal))
            _account.Run($"Start-AuthressAccessKeyRotation {arguments.ClientId} -OutFile '{file}' -KeyId {arguments.KeyId} -OverlapPeriod 0").Ok();
        _account.Shell.Set("arguments", new System.Collections.Hashtable { ["ClientId"] = arguments.ClientId });

        // A finding about a key that the other cmdlet acts on.
        string get = getter != "Get-AuthressAccessKeyReport" ? $"{getter} @arguments"
            : $"{getter} -MaximumAge 0 | Where-Object {{ $_.ClientId -eq $arguments.ClientId -and $_.Rule -eq '{(cmdlet.EndsWith("AccessKeyRotation", StringComparison.Ordinal) ? "RotationDue" : "KeyTooOld")}' }}";
        PSObject got = _account.Run($"{get} | Select-Object -First 1").Ok().Single;
        _account.Server.ClearRequests();
        foreach (string copy in (string[])["$input", "$input | Select-Object *", "$input | ConvertTo-Csv | ConvertFrom-Csv", "$input | ConvertTo-Json -Depth 5 | ConvertFrom-Json"])
        {
            // A deserialized client's tags are a hashtable, of which CSV keeps the type's name alone.
            foreach (PSObject piped in copy.Contains("Csv", StringComparison.Ordinal) ? (PSObject[])[got] : [got, Shell.Deserialized(got)])
            {
                CmdletInfo info = ExportedCommands.Info(cmdlet);
                // With another name, since an update that changes nothing has nothing to say.
                string more = cmdlet == "Start-AuthressAccessKeyRotation" && getter != "Get-AuthressAccessKeyRotation" ? $" -OutFile '{file}' -WhatIf" : !ExportedCommands.IsChanging(info) ? string.Empty : info.Parameters.ContainsKey("Name") ? " -Name other -WhatIf" : " -WhatIf";
                ShellResult result = _account.Run($"{copy} | {cmdlet}{more}", piped).Ok();
                Assert.Contains(arguments.ClientId, result.HostText + string.Join(' ', result.Get("ClientId")), StringComparison.Ordinal);
            }
        }

        Assert.Empty(_account.Changes);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Refuses_the_total_count_as_an_object(string getter, string cmdlet)
    {
        if (getter != "Get-AuthressServiceClient")
            return;
        CmdletInfo info = ExportedCommands.Info(cmdlet);
        ShellResult result = _account.Run($"{getter} -IncludeTotalCount -First 0 | {cmdlet} {(ExportedCommands.IsChanging(info) ? "-Confirm:$false" : string.Empty)}");
        ErrorRecord error = Assert.Single(result.Errors);
        Assert.Equal("ParameterArgumentTransformationError", error.FullyQualifiedErrorId.Split(',')[0]);
        Assert.Contains("-IncludeTotalCount", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(_account.Server.Requests, request => request.Method != "GET" || request.Target.Contains("nknown", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(ExportedCommands.Connected), MemberType = typeof(ExportedCommands))]
    public void Hides_the_parameter_for_piped_objects(string cmdlet)
    {
        string syntax = _account.Run($"Get-Command {cmdlet} -Syntax").Ok().Single.ToString();
        Assert.DoesNotContain("PipedObject", syntax, StringComparison.Ordinal);
        Assert.DoesNotContain("PipedObject", ExportedCommands.Info(cmdlet).Parameters.Keys);
    }

    // The rule, but for keys, rotations and findings that are piped to what deletes whole clients, where it would be an accident, and
    // rotations piped to what makes a key for a destination, which holds one already.
    private static bool IsMeant(string getter, string cmdlet) => (getter, cmdlet) is not (("Get-AuthressAccessKey" or "Get-AuthressAccessKeyRotation" or "Get-AuthressAccessKeyReport", "Remove-AuthressServiceClient") or ("Get-AuthressAccessKeyRotation", "New-AuthressAccessKey") or ("Get-AuthressAccessToken", _));

    // The rule: some parameter set has nothing mandatory but what such an object gives.
    private static bool IsFed(CmdletInfo cmdlet, Type output) => cmdlet.ParameterSets.Any(set =>
    {
        CommandParameterInfo[] mandatory = [.. set.Parameters.Where(parameter => parameter.IsMandatory)];
        return mandatory.Length > 0 && mandatory.All(parameter =>
            (parameter.ValueFromPipeline && parameter.ParameterType == output)
            || (parameter.ValueFromPipelineByPropertyName && parameter.Name.EndsWith("Id", StringComparison.Ordinal) && output.GetProperty(parameter.Name) is not null));
    });

    private static Type OutputOf(string getter) =>
        ExportedCommands.Info(getter).ImplementingType.GetCustomAttributes<OutputTypeAttribute>().SelectMany(types => types.Type).First().Type;
}
