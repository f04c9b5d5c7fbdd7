using System.Management.Automation;
using Authress.Client.Reports;
using Authress.PowerShell.Binding;
using Authress.PowerShell.Display;
using Authress.PowerShell.Errors;
using Authress.PowerShell.Pipeline;

namespace Authress.PowerShell.Reports;

/// <summary>
/// <para type="synopsis">Finds access keys in files, piped text and environment variables. Never shows one.</para>
/// </summary>
[Cmdlet(VerbsCommon.Find, "AuthressAccessKey", DefaultParameterSetName = PathSet, HelpUri = CommandText.HelpPages + "Find-AuthressAccessKey.md")]
[OutputType(typeof(AccessKeySighting))]
public sealed class FindAuthressAccessKeyCommand : PSCmdlet, IDisposable
{
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";
    private const string TextSet = "Text";
    private const string EnvironmentSet = "Environment";

    private readonly CommandLifetime _lifetime = new();
    private FileSearchOptions _options = null!;
    private FileSearchRun? _files;
    private TextSearch? _text;

    /// <summary>The files and folders to search, with wildcards. The default is the current folder. A folder is searched with its subfolders.</summary>
    [Parameter(Position = 0, ParameterSetName = PathSet)]
    [TextTransformation(AcceptsList = true, AcceptsFiles = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>The files and folders to search, without wildcards. Accepts the files and folders of Get-ChildItem.</summary>
    [Parameter(Mandatory = true, ParameterSetName = LiteralPathSet, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "FullName", "LP")]
    [TextTransformation(AcceptsList = true, AcceptsFiles = true)]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>The text to search, such as the output of <c>git log -p</c>.</summary>
    [Parameter(Mandatory = true, ParameterSetName = TextSet, ValueFromPipeline = true)]
    [SearchedTextTransformation]
    [AllowEmptyCollection, AllowEmptyString]
    public string[] InputObject { get; set; } = [];

    /// <summary>Searches the environment variables of this process.</summary>
    [Parameter(Mandatory = true, ParameterSetName = EnvironmentSet)]
    public SwitchParameter Environment { get; set; }

    /// <summary>Only files with these names, with wildcards.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [TextTransformation(AcceptsList = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[]? Include { get; set; }

    /// <summary>No files or folders with these names, with wildcards.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [TextTransformation(AcceptsList = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[]? Exclude { get; set; }

    /// <summary>How many levels of subfolders to search. The default is all of them, and 0 is none.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [NoCredentialTransformation, ValidateRange(0, int.MaxValue)]
    public int Depth { get; set; } = int.MaxValue;

    /// <summary>The size in bytes above which a text file is not searched. The default is 10 MB.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [NoCredentialTransformation, ValidateRange(1L, long.MaxValue)]
    public long MaximumFileSize { get; set; } = FileSearchOptions.DefaultMaximumFileSize;

    /// <summary>Also searches the folders in which git keeps its own files.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    public SwitchParameter Force { get; set; }

    private FileSearchRun Files => _files ??= new FileSearchRun(this, _lifetime, _options);

    /// <inheritdoc />
    protected override void BeginProcessing()
    {
        try
        {
            NamePatterns names = new(Include, Exclude);
            _options = new FileSearchOptions
            {
                Includes = names.Includes,
                Excludes = names.Excludes,
                Depth = Depth,
                MaximumFileSize = MaximumFileSize,
                SearchesGitFolders = Force,
            };
        }
        catch (WildcardPatternException e)
        {
            ThrowTerminatingError(ErrorFactory.InvalidWildcard(e));
        }
    }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        if (ParameterSetName == TextSet)
            (_text ??= new TextSearch(this)).Search(InputObject);
        else if (ParameterSetName == EnvironmentSet)
            new TextSearch(this).SearchEnvironment();
        else if (ParameterSetName == LiteralPathSet)
            Files.Search(LiteralPath, isPattern: false);
        else
            Files.Search(Path is [] ? ["."] : Path, isPattern: true);
    }

    /// <inheritdoc />
    protected override void EndProcessing() => _files?.Finish();

    /// <inheritdoc />
    protected override void StopProcessing() => _lifetime.Stop();

    /// <summary>Ends the search. PowerShell calls it however the pipeline ends.</summary>
    public void Dispose()
    {
        _files?.Dispose();
        _lifetime.Dispose();
    }
}
