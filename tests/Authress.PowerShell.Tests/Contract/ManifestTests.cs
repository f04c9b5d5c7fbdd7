using System.Management.Automation;
using System.Reflection;
using Authress.PowerShell.Tests.Hosting;

namespace Authress.PowerShell.Tests.Contract;

/// <summary>What is exported is what is there and what is described, and it looks as PowerShell's guidelines ask.</summary>
public sealed class ManifestTests
{
    private static readonly string[] ApprovedVerbs =
    [
        .. new[] { typeof(VerbsCommon), typeof(VerbsCommunications), typeof(VerbsData), typeof(VerbsDiagnostic), typeof(VerbsLifecycle), typeof(VerbsOther), typeof(VerbsSecurity) }
            .SelectMany(verbs => verbs.GetFields(BindingFlags.Public | BindingFlags.Static))
            .Select(verb => (string)verb.GetValue(null)!),
    ];

    public static TheoryData<string> All => ExportedCommands.All;

    [Fact]
    public void Exports_every_implemented_cmdlet_and_no_other()
    {
        string[] implemented = [.. Classes().Select(type => type.GetCustomAttribute<CmdletAttribute>()!).Select(cmdlet => $"{cmdlet.VerbName}-{cmdlet.NounName}")];
        Assert.NotEmpty(implemented);
        Assert.Equal(implemented.Order(StringComparer.Ordinal), ExportedCommands.Cmdlets.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Exports_every_implemented_alias_and_no_other()
    {
        string[] implemented = [.. Classes().SelectMany(type => type.GetCustomAttributes<AliasAttribute>()).SelectMany(alias => alias.AliasNames)];
        Assert.Equal(implemented.Order(StringComparer.Ordinal), ExportedCommands.Aliases.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_session_has_the_exports_of_the_manifest()
    {
        using Shell shell = new();
        PSModuleInfo module = Assert.IsType<PSModuleInfo>(shell.Run("Get-Module Authress").Ok().Single.BaseObject);
        Assert.Equal(ExportedCommands.Cmdlets.Order(StringComparer.Ordinal), module.ExportedCmdlets.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(ExportedCommands.Aliases.Order(StringComparer.Ordinal), module.ExportedAliases.Keys.Order(StringComparer.Ordinal));
        Assert.Empty(module.ExportedFunctions);
        Assert.Empty(module.ExportedVariables);
    }

    [Fact]
    public void Documents_every_exported_cmdlet_and_no_other()
    {
        string folder = Path.Combine(Shell.RepositoryRoot, "docs");
        string[] documented = Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder, "*-Authress*.md", SearchOption.AllDirectories).Select(file => Path.GetFileNameWithoutExtension(file))]
            : [];
        Assert.Equal(ExportedCommands.Cmdlets.Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Names_a_cmdlet_by_an_approved_verb_and_a_singular_noun_in_Pascal_case(string cmdlet)
    {
        CmdletInfo info = ExportedCommands.Info(cmdlet);
        Assert.Contains(info.Verb, ApprovedVerbs);
        Assert.Matches("^Authress([A-Z][a-z]+)*$", info.Noun);
        Assert.DoesNotMatch("[^s]s$", info.Noun);
        Assert.Equal($"{info.Verb}{info.Noun}Command", info.ImplementingType.Name);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Names_parameters_in_Pascal_case_and_in_the_singular(string cmdlet) =>
        Assert.All(OwnParameters(cmdlet), parameter =>
        {
            Assert.Matches("^([A-Z][a-z]+)+$", parameter.Name);
            Assert.DoesNotMatch("[^s]s$", parameter.Name);
        });

    [Theory]
    [MemberData(nameof(All))]
    public void Declares_the_output_type_of_a_cmdlet(string cmdlet) =>
        Assert.NotEmpty(ExportedCommands.Info(cmdlet).ImplementingType.GetCustomAttributes<OutputTypeAttribute>(inherit: false));

    [Theory]
    [MemberData(nameof(All))]
    public void Only_cmdlets_that_change_something_support_WhatIf_and_Confirm(string cmdlet)
    {
        CmdletInfo info = ExportedCommands.Info(cmdlet);
        CmdletAttribute attribute = info.ImplementingType.GetCustomAttribute<CmdletAttribute>()!;
        Assert.Equal(ExportedCommands.IsChanging(info), attribute.SupportsShouldProcess);
        if (info.Verb == VerbsCommon.Remove)
            Assert.Equal(ConfirmImpact.High, attribute.ConfirmImpact);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Every_cmdlet_that_sends_a_request_accepts_a_connection(string cmdlet)
    {
        // The session's own connection is all that a cmdlet without one can be about, or what is on this machine.
        CmdletInfo info = ExportedCommands.Info(cmdlet);
        bool isLocal = info.Noun == "Authress" || (info.Noun == "AuthressConnection" && info.Verb != VerbsDiagnostic.Test) || info.Verb == VerbsCommon.Find;
        Assert.Equal(isLocal, !info.Parameters.ContainsKey("Connection"));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Reads_every_value_from_a_file_through_a_transformation(string cmdlet)
    {
        ParameterMetadata[] fromFiles = [.. OwnParameters(cmdlet).Where(parameter => parameter.ParameterSets.Values.Any(set => set.ValueFromPipelineByPropertyName))];
        Assert.All(fromFiles, parameter =>
        {
            Assert.Contains(parameter.Attributes, attribute => attribute is ArgumentTransformationAttribute);
            // An empty cell binds a switch as true.
            Assert.False(parameter.SwitchParameter, $"-{parameter.Name} is a switch and can come from a file");
        });
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Has_a_default_parameter_set_that_exists(string cmdlet)
    {
        CmdletInfo info = ExportedCommands.Info(cmdlet);
        if (info.ParameterSets.Count > 1)
            Assert.Single(info.ParameterSets, set => set.IsDefault);
    }

    private static IEnumerable<ParameterMetadata> OwnParameters(string cmdlet) =>
        ExportedCommands.Info(cmdlet).Parameters.Values.Where(parameter => !Cmdlet.CommonParameters.Contains(parameter.Name) && !Cmdlet.OptionalCommonParameters.Contains(parameter.Name));

    private static IEnumerable<Type> Classes() =>
        ExportedCommands.Assembly("Authress.PowerShell").GetExportedTypes().Where(type => type.GetCustomAttribute<CmdletAttribute>(inherit: false) is not null);
}
