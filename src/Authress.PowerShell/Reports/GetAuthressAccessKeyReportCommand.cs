using System.Management.Automation;
using Authress.Client.Reports;
using Authress.PowerShell.Binding;
using Authress.PowerShell.Completion;
using Authress.PowerShell.Connections;
using Authress.PowerShell.Display;
using Authress.PowerShell.Errors;
using Authress.PowerShell.Rotations.Journals;
using Authress.PowerShell.Secrets;
using Authress.PowerShell.Secrets.Sources;

namespace Authress.PowerShell.Reports;

/// <summary>
/// <para type="synopsis">Reports what is wrong with the service clients and access keys of one or more accounts, the worst first, each with the command that corrects it.</para>
/// </summary>
[Cmdlet(VerbsCommon.Get, "AuthressAccessKeyReport", HelpUri = CommandText.HelpPages + "Get-AuthressAccessKeyReport.md")]
[OutputType(typeof(AccessKeyFinding))]
public sealed class GetAuthressAccessKeyReportCommand : AuthressCommand
{
    /// <summary>The connections to the accounts. The default is the session's own.</summary>
    // Hides the parameter of the base, which takes one connection.
    [Parameter]
    [ArgumentCompleter(typeof(ConnectionCompleter))]
    [ValidateNotNullOrEmpty]
    [ConnectionTransformation(AcceptsList = true)]
    public new Connection[]? Connection { get; set; }

    /// <summary>The age from which a key is too old: a number of days, a time span or a date. The default is 90 days.</summary>
    [Parameter]
    [AgeTransformation]
    [ValidateNotNull]
    public TimeSpan? MaximumAge { get; set; } = ReportOptions.DefaultMaximumAge;

    /// <summary>Tags that every client must have.</summary>
    [Parameter]
    [TextTransformation(AcceptsList = true)]
    [ValidateNotNullOrEmpty]
    public string[] RequiredTag { get; set; } = [];

    /// <summary>The destinations whose keys are known: paths of files, or objects with OutFile, or SecretName and VaultName. Any other key is a finding.</summary>
    [Parameter]
    [DestinationTransformation]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public object[]? KnownDestination { get; set; }

    /// <summary>A JSON file of accepted findings, each with a rule, a client, a reason and an end date.</summary>
    [Parameter]
    [TextTransformation(AcceptsFiles = true)]
    [ValidateNotNullOrEmpty]
    public string? ExceptionFile { get; set; }

    /// <summary>The files that receive the report: a page (.html), SARIF 2.1.0 (.sarif) or a table (.csv). Existing files are replaced.</summary>
    [Parameter]
    [TextTransformation(AcceptsList = true, AcceptsFiles = true)]
    [ValidateNotNullOrEmpty]
    public string[] OutFile { get; set; } = [];

    /// <summary>Keeps existing files.</summary>
    [Parameter]
    public SwitchParameter NoClobber { get; set; }

    /// <summary>Ends with an error if there is a finding of this severity or a worse one, after all findings.</summary>
    [Parameter]
    [NoCredentialTransformation]
    [ValidateNotNull]
    public FindingSeverity? FailOn { get; set; }

    /// <summary>The folder of the journal of rotations. The default is this user's folder for the state of programs.</summary>
    [Parameter]
    [TextTransformation(AcceptsFiles = true)]
    [ValidateNotNullOrEmpty]
    public string? JournalPath { get; set; }

    private protected override bool NeedsConnection => Connection is null;

    /// <inheritdoc />
    protected override void EndProcessing()
    {
        IReadOnlyList<AcceptedFinding> exceptions = ReadExceptions();
        List<ReportFile> files = [];
        try
        {
            foreach (string path in OutFile)
                files.Add(Prepare(path));
            Write(Read(exceptions), files);
        }
        finally
        {
            files.ForEach(file => file.Dispose());
        }
    }

    private ReportDocument Read(IReadOnlyList<AcceptedFinding> exceptions)
    {
        Connection[] connections = Connection ?? [Current];
        Connection[] accounts = OfEachAccount(connections);
        List<(string What, string Reason)> gaps = [];
        IReadOnlyCollection<HeldKey>? known = KnownDestination is null ? null : new KnownDestinations(this, (what, reason) => gaps.Add((what, reason))).Read(KnownDestination);
        ReportOptions options = new()
        {
            MaximumAge = MaximumAge!.Value,
            RequiredTags = [.. RequiredTag.Distinct(StringComparer.Ordinal)],
            KnownKeys = known,
            OwnKeys = [.. connections.Where(own => own is { ClientId: not null, KeyId: not null }).Select(own => new HeldKey(own.AccountId, own.ClientId!, own.KeyId!))],
        };
        JournalFolder? journal = JournalChoice.Create(this, JournalPath, without: JournalPath is null && JournalFolder.DefaultPath is null).Folder;
        string? journalPath = JournalPath is null ? null : FilePath.Resolve(this, JournalPath);
        ReportBuilder report = new(options, account => new ReportFixes(NeedsName(account, accounts.Length) ? account.Name : null, journalPath));
        AccountReader reader = new(this, journal, [.. gaps.Distinct()], report);
        foreach (Connection connection in accounts)
            reader.Read(connection);
        return report.Build(exceptions, ExceptionFile is null ? null : FilePath.Resolve(this, ExceptionFile));
    }

    // An account is read once, by its first connection.
    private static Connection[] OfEachAccount(Connection[] connections)
    {
        List<(Connection Connection, ReportAccount Account)> first = [];
        foreach (Connection connection in connections)
        {
            if (!first.Exists(known => known.Account.Is(connection.AccountId, connection.ApiUrl)))
                first.Add((connection, new ReportAccount(connection.AccountId, connection.ApiUrl, IsComplete: true)));
        }

        return [.. first.Select(known => known.Connection)];
    }

    // A command that names no connection uses the session's own, which may belong to another account.
    private bool NeedsName(ReportAccount account, int accounts) =>
        accounts > 1 || SessionConnection.Get(SessionState) is not { } own || !account.Is(own.AccountId, own.ApiUrl);

    // What was found is written even where a file can't be.
    private void Write(ReportDocument document, List<ReportFile> files)
    {
        List<ErrorRecord> errors = [.. files.Select((file, index) => Write(file, document, OutFile[index])).OfType<ErrorRecord>()];
        WriteObject(document.Findings, enumerateCollection: true);
        int failing = FailOn is { } severity ? document.Findings.Count(finding => finding.Severity >= severity) : 0;
        if (failing > 0)
            errors.Add(ErrorFactory.ReportFailed(failing, FailOn!.Value));
        for (int i = 0; i < errors.Count - 1; i++)
            WriteError(errors[i]);
        if (errors.Count > 0)
            ThrowTerminatingError(errors[errors.Count - 1]);
    }

    private ReportFile Prepare(string path)
    {
        try
        {
            return ReportFile.Prepare(this, path, NoClobber);
        }
        catch (IOException e)
        {
            ThrowTerminatingError(ErrorFactory.ReportNotWritten(path, e));
            throw;
        }
    }

    private static ErrorRecord? Write(ReportFile file, ReportDocument document, string path)
    {
        try
        {
            file.Write(document);
            return null;
        }
        catch (IOException e)
        {
            return ErrorFactory.ReportNotWritten(path, e);
        }
    }

    private IReadOnlyList<AcceptedFinding> ReadExceptions()
    {
        if (ExceptionFile is null)
            return [];
        try
        {
            return AcceptedFinding.Read(BoundedFile.Read(FilePath.Resolve(this, ExceptionFile)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            ThrowTerminatingError(ErrorFactory.InvalidExceptions(ExceptionFile, e));
            throw;
        }
    }
}
