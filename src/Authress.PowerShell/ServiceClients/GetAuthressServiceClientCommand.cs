using System.Management.Automation;
using Authress.Client.ServiceClients;
using Authress.PowerShell.Binding;
using Authress.PowerShell.Bulk;
using Authress.PowerShell.Completion;
using Authress.PowerShell.Display;
using Authress.PowerShell.Errors;

namespace Authress.PowerShell.ServiceClients;

/// <summary>
/// <para type="synopsis">Lists service clients, or gets those with the specified ids.</para>
/// </summary>
[Cmdlet(VerbsCommon.Get, "AuthressServiceClient", DefaultParameterSetName = ListSet, SupportsPaging = true, HelpUri = CommandText.HelpPages + "Get-AuthressServiceClient.md")]
[OutputType(typeof(ServiceClient))]
public sealed class GetAuthressServiceClientCommand : BulkCommand
{
    private const string ListSet = "List";
    private const string IdSet = "Id";

    private ServiceClientFilter _filter = null!;
    private ResultWindow _window = null!;

    /// <summary>The ids of the clients to get.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = IdSet)]
    [ClientIdTransformation]
    [ArgumentCompleter(typeof(ClientIdCompleter))]
    public string[] ClientId { get; set; } = [];

    /// <summary>Names with wildcards, case-insensitive. The API can't search, so the whole list is read.</summary>
    [Parameter(ParameterSetName = ListSet)]
    [TextTransformation(AcceptsList = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ClientNameCompleter))]
    public string[]? Name { get; set; }

    /// <summary>Tags that a client must have, all of them. Values may contain wildcards; keys are exact.</summary>
    [Parameter(ParameterSetName = ListSet)]
    [TagTransformation]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(TagCompleter))]
    public TagMap? Tag { get; set; }

    /// <summary>The number of clients per request, 1 to 20.</summary>
    [Parameter(ParameterSetName = ListSet)]
    [NoCredentialTransformation]
    [ValidateRange(1, 20)]
    public int? PageSize { get; set; }

    /// <summary>The cursor to continue from, as -NextCursorVariable received it.</summary>
    [Parameter(ParameterSetName = ListSet)]
    [TextTransformation]
    [ValidateNotNullOrEmpty]
    public string? Cursor { get; set; }

    /// <summary>Reads one page and stops.</summary>
    [Parameter(ParameterSetName = ListSet)]
    public SwitchParameter NoAutoPaging { get; set; }

    /// <summary>The name of a variable that receives the cursor of the next page, or null after the last.</summary>
    [Parameter(ParameterSetName = ListSet)]
    [TextTransformation]
    [ValidateNotNullOrEmpty]
    public string? NextCursorVariable { get; set; }

    private protected override int? InputCount => ParameterSetName == IdSet ? ClientId.Length : null;

    // Otherwise clients beyond -First would be requested.
    private protected override bool OneAtATime => !_window.IsUnlimited;

    /// <inheritdoc />
    protected override void BeginProcessing()
    {
        _window = new ResultWindow(PagingParameters.Skip, PagingParameters.First);
        base.BeginProcessing();
        ErrorRecord? invalid = ServiceClientFilter.TryCreate(Name, Tag, WriteWarning, out _filter);
        if (NextCursorVariable is not null && !_window.IsUnlimited)
            invalid = ErrorFactory.FirstWithNextCursor();
        if (invalid is not null)
            ThrowTerminatingError(invalid);
        if (PagingParameters.IncludeTotalCount)
            WriteObject(PagingParameters.NewTotalCount(0, accuracy: 0));
    }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        if (ParameterSetName == ListSet && !_window.IsFull)
            List();
        foreach (string clientId in ClientId.TakeWhile(_ => !_window.IsFull))
            QueueRead(clientId, clientId, (api, cancellation) => api.GetServiceClientAsync(clientId, cancellation), Write);
    }

    private void List()
    {
        using ServiceClientPager pager = Attach(null, CommandLifetime.Reads).PageServiceClients(PageSize, Cursor);
        foreach (ServiceClientPage page in ServiceClientPages.Read(this, pager, wholeList: _window.IsUnlimited, onlyFirst: NoAutoPaging))
        {
            // Set before the page is written, so that a consumer that stops in the middle of it has the cursor.
            if (NextCursorVariable is not null)
                SessionState.PSVariable.Set(NextCursorVariable, page.NextCursor);
            foreach (ServiceClient client in page.Clients.Where(_filter.Matches).TakeWhile(_ => !_window.IsFull))
                Write(client);
            Progress.Count(page.Clients.Count);
            if (_window.IsFull)
                return;
        }
    }

    private void Write(ServiceClient client)
    {
        if (!_window.Takes())
            return;
        Current.Cache.Add(client);
        WriteObject(client);
    }
}
