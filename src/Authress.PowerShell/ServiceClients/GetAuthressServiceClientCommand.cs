using System.Management.Automation;
using Authress.Client.ServiceClients;
using Authress.PowerShell.Binding;
using Authress.PowerShell.Bulk;
using Authress.PowerShell.Completion;
using Authress.PowerShell.Display;
using Authress.PowerShell.Errors;

namespace Authress.PowerShell.ServiceClients;

/// <summary>
/// <para type="synopsis">Lists service clients, or gets those with the ids given.</para>
/// </summary>
[Cmdlet(VerbsCommon.Get, "AuthressServiceClient", DefaultParameterSetName = ListSet, SupportsPaging = true, HelpUri = CommandText.HelpPages + "Get-AuthressServiceClient.md")]
[OutputType(typeof(ServiceClient))]
public sealed class GetAuthressServiceClientCommand : BulkCommand
{
    private const string ListSet = "List";
    private const string IdSet = "Id";

    private ServiceClientFilter _filter = null!;
    private ulong _skip;
    private ulong _left;

    /// <summary>The ids of the clients to get.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = IdSet)]
    [ClientIdTransformation]
    [ArgumentCompleter(typeof(ClientIdCompleter))]
    public string[] ClientId { get; set; } = [];

    /// <summary>Names to look for, with wildcards, without regard to case. The API can't search, so the whole list is read.</summary>
    [Parameter(ParameterSetName = ListSet)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ClientNameCompleter))]
    public string[]? Name { get; set; }

    /// <summary>Tags that a client must have, all of them. Values may have wildcards; keys are exact.</summary>
    [Parameter(ParameterSetName = ListSet)]
    [TagTransformation]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(TagCompleter))]
    public TagMap? Tag { get; set; }

    /// <summary>How many clients one request asks for, 1 to 20.</summary>
    [Parameter(ParameterSetName = ListSet)]
    [ValidateRange(1, 20)]
    [Alias("Limit")]
    public int? PageSize { get; set; }

    /// <summary>Where to go on in the list: what -NextCursorVariable received before.</summary>
    [Parameter(ParameterSetName = ListSet)]
    [ValidateNotNullOrEmpty]
    public string? Cursor { get; set; }

    /// <summary>Reads one page and stops.</summary>
    [Parameter(ParameterSetName = ListSet)]
    public SwitchParameter NoAutoPaging { get; set; }

    /// <summary>The name of a variable that receives the cursor of the next page, or null after the last.</summary>
    [Parameter(ParameterSetName = ListSet)]
    [ValidateNotNullOrEmpty]
    public string? NextCursorVariable { get; set; }

    private protected override int? InputCount => ParameterSetName == IdSet ? ClientId.Length : null;

    /// <inheritdoc />
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        if (NextCursorVariable is not null && MyInvocation.BoundParameters.ContainsKey(nameof(PagingParameters.First)))
            ThrowTerminatingError(ErrorFactory.FirstWithNextCursor());
        try
        {
            _filter = new ServiceClientFilter(Name, Tag);
        }
        catch (WildcardPatternException e)
        {
            ThrowTerminatingError(ErrorFactory.InvalidWildcard(e));
        }

        _skip = PagingParameters.Skip;
        _left = PagingParameters.First;
        if (PagingParameters.IncludeTotalCount)
            WriteObject(PagingParameters.NewTotalCount(0, accuracy: 0));
    }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        if (ParameterSetName == ListSet)
        {
            List();
            return;
        }

        foreach (string clientId in ClientId.TakeWhile(_ => _left > 0))
        {
            if (WildcardPattern.ContainsWildcardCharacters(clientId))
                Reject(ErrorFactory.WildcardInClientId(clientId));
            else
                QueueRead(clientId, clientId, (api, cancellation) => api.GetServiceClientAsync(clientId, cancellation), WriteWanted);
        }
    }

    // Else clients would be asked for that nobody wants.
    private protected override bool OneAtATime => PagingParameters.First != ulong.MaxValue;

    private void List()
    {
        using ServiceClientPager pager = new(Attach(null, Lifetime.Reads), PageSize, Cursor);
        while (_left > 0 && !pager.AtEnd)
        {
            if (!Try(null, () => Read((_, cancellation) => pager.NextAsync(cancellation)), out ServiceClientPage page))
                return;

            // Set before the page is written: whoever stops the pipeline in the middle of it still has the cursor.
            if (NextCursorVariable is not null)
                SessionState.PSVariable.Set(NextCursorVariable, page.NextCursor);
            foreach (ServiceClient client in page.Clients.Where(_filter.Matches))
            {
                WriteWanted(client);
                if (_left == 0)
                    break;
            }

            Progress.Count(page.Clients.Count);

            // Who takes the whole first page probably wants the others; who has enough of it asks for no other.
            pager.ReadAhead = PagingParameters.First == ulong.MaxValue;

            // A page that offers itself again is only told by asking for the next.
            if (NoAutoPaging && !pager.Repeats)
                return;
        }
    }

    // -Skip and -First count what the filters let through.
    private void WriteWanted(ServiceClient client)
    {
        if (_skip > 0)
        {
            _skip--;
            return;
        }

        _left--;
        Write(client);
    }
}
