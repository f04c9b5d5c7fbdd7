using System.Collections.Concurrent;
using System.Management.Automation;
using System.Reflection;
using Authress.Client;
using Authress.PowerShell.Errors;

namespace Authress.PowerShell.Bulk;

/// <summary>
/// What the cmdlets share that do one thing for each of many inputs: several requests in flight, results and errors in
/// the order of the input, and nothing lost when the pipeline ends early.
/// </summary>
public abstract class BulkCommand : AuthressCommand
{
    private const int DefaultThrottle = 5;
    private const int LargestThrottle = 256;

    // How long an outcome that is there may wait for others.
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMilliseconds(10);

    // By the cmdlet's class; null for one that changes nothing. To read an attribute costs as much as to bind a parameter.
    private static readonly ConcurrentDictionary<Type, ConfirmImpact?> Impacts = new();

    private readonly CancellationTokenSource _endOfReads = new();
    private AuthressApi? _reader;
    private FanOut? _fanOut;

    /// <summary>Creates the cmdlet.</summary>
    /// <param name="usualThrottle">How many requests are in flight where nobody says.</param>
    private protected BulkCommand(int usualThrottle = DefaultThrottle)
    {
        ThrottleLimit = usualThrottle;
    }

    /// <summary>
    /// How many requests are in flight at a time. One where an error is to stop the command, unless this is given, and
    /// always where a confirmation may be asked for.
    /// </summary>
    [Parameter]
    [ValidateRange(1, LargestThrottle)]
    public int ThrottleLimit { get; set; }

    /// <inheritdoc />
    private protected override bool ReportsEachRequest => _fanOut is null;

    /// <summary>Whether each request must have ended before the next begins, whatever was given.</summary>
    private protected virtual bool OneAtATime => false;

    /// <summary>Whether the first error is the last that this command says.</summary>
    private protected bool StopsAtError { get; private set; }

    /// <summary>How many inputs there are where they are given as a parameter; null for one that is not a list.</summary>
    private protected virtual int? InputCount => null;

    /// <inheritdoc />
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        ActionPreference onError = Preference<ActionPreference>("ErrorAction", "ErrorActionPreference");
        StopsAtError = onError == ActionPreference.Stop;
        bool isOne = !MyInvocation.ExpectingInput && InputCount is null or 1;
        int throttle = isOne || OneAtATime || MayAsk() ? 1
            : onError is ActionPreference.Stop or ActionPreference.Inquire && !MyInvocation.BoundParameters.ContainsKey(nameof(ThrottleLimit)) ? 1
            : ThrottleLimit;
        if (throttle == 1)
            return;
        _fanOut = new FanOut(throttle);

        // A read has its one token twice, for two different ones cost each request a source of its own.
        _reader = ForThis((AuthressApi)Current.Client, _endOfReads.Token);
    }

    /// <inheritdoc />
    protected override void StopProcessing()
    {
        // Else what waits for its turn would be begun when what is in flight is given up, and count as in doubt.
        _fanOut?.BeginNoMore();
        base.StopProcessing();
        _endOfReads.Cancel();
    }

    /// <inheritdoc />
    protected override void EndProcessing()
    {
        while (_fanOut?.First is not null)
            WriteFirst();
        base.EndProcessing();
    }

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            // Another command ended the pipeline while this one was not at work.
            Abandon();
            _endOfReads.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>Makes a request that reads, now or as soon as there is room.</summary>
    /// <param name="target">What the user passed.</param>
    /// <param name="clientId">The client that it is about.</param>
    /// <param name="request">The request.</param>
    /// <param name="write">What to do with its result, when its turn comes.</param>
    private protected void QueueRead<T>(object? target, string clientId, Func<AuthressApi, CancellationToken, Task<T>> request, Action<T> write)
    {
        if (_fanOut is not null)
            Queue(new Job<T>(target, clientId, givenUp: null, () => request(_reader!, _endOfReads.Token), write, undo: null));
        else if (TryRead(target, request, out T result))
            Written(() => write(result));
    }

    /// <summary>Makes a request that changes something, now or as soon as there is room.</summary>
    /// <param name="target">What the user passed.</param>
    /// <param name="clientId">The client that it is about; null for one that is only being made.</param>
    /// <param name="request">The request.</param>
    /// <param name="write">What to do with its result, when its turn comes.</param>
    /// <param name="undo">
    /// Takes the change back where its result can't reach anybody any more, and gives what reports that; null to leave it.
    /// </param>
    private protected void QueueChange<T>(
        object? target, string? clientId, Func<AuthressApi, CancellationToken, Task<T>> request, Action<T> write, Func<T, Task<Action>>? undo = null)
    {
        if (_fanOut is not null)
        {
            Queue(new Job<T>(target, clientId, WhenGivenUp, () => request(Api, WhenGivenUp), write, undo));
            return;
        }

        if (!TryChange(target, request, out T result))
            return;
        if (IsStopping && undo is not null)
        {
            undo(result).GetAwaiter().GetResult()();
            throw new PipelineStoppedException();
        }

        WriteOrReport(() => Written(() => write(result)), undo is null ? Messages.DoneAfterEnd : null, target, clientId);
    }

    /// <inheritdoc cref="QueueChange{T}" />
    private protected void QueueChange(object? target, string clientId, Func<AuthressApi, CancellationToken, Task> request, Action write)
    {
        if (_fanOut is not null)
            Queue(new PlainJob(target, clientId, WhenGivenUp, () => request(Api, WhenGivenUp), write));
        else if (TryChange(target, request))
            WriteOrReport(() => Written(write), Messages.DoneAfterEnd, target, clientId);
    }

    /// <inheritdoc />
    private protected override void Refuse(ErrorRecord error)
    {
        if (_fanOut?.First is null)
        {
            WriteError(error);
            return;
        }

        // In its place, after what was passed before it.
        Queue(new Refusal(error));

        // Nothing more is begun where it is the last that this command says.
        while (StopsAtError && _fanOut.First is not null)
            WriteFirst();
    }

    /// <summary>Lets the requests on a client that were queued before end, and what is to be done with their results be done.</summary>
    private protected void FinishEarlier(string clientId)
    {
        while (_fanOut?.Holds(clientId) == true)
            WriteFirst();
    }

    private void Queue(Job job)
    {
        if (IsStopping)
            throw new PipelineStoppedException();
        while (_fanOut!.IsFull)
            WriteFirst();
        _fanOut.Add(job);
        while (_fanOut.First is { HasEnded: true })
            WriteFirst();
    }

    private void WriteFirst()
    {
        bool written = false;
        try
        {
            if (!_fanOut!.First!.HasEnded)
            {
                Wait(_fanOut.Ahead!.Ended, LongestDelay);
                Wait(_fanOut.First.Ended);
            }

            WriteMessages();

            // After a stop nothing can be written, and the job is one of those to account for.
            if (IsStopping)
                throw new PipelineStoppedException();
            Job job = _fanOut.Take();
            if (job.Succeeded)
                WriteOrReport(() => Written(job.Write), job.HasChanged && !job.CanUndo ? Messages.DoneAfterEnd : null, job.Target, job.ClientId);
            else if (job.Failure is not null)
                WriteOrReport(() => Fail(job), job.IsInDoubt ? Messages.UnknownAfterEnd : null, job.Target, job.ClientId);
            written = true;
        }
        finally
        {
            // A stop downstream, such as of Select-Object -First, comes out of the write, and is the last that is heard of it.
            if (!written)
                Abandon();
        }
    }

    private void Written(Action write)
    {
        write();
        CountDone(1, MyInvocation.ExpectingInput ? null : InputCount);
    }

    // A stop may come between a request's end and the words about it. What can be taken back tells of that itself.
    private void WriteOrReport(Action write, string? otherwise, object? target, string? clientId)
    {
        try
        {
            write();
        }
        catch (PipelineStoppedException) when (otherwise is not null)
        {
            ReportAfterStop(otherwise, MyInvocation.MyCommand.Name, Name(target, clientId));
            throw;
        }
    }

    private void Fail(Job job)
    {
        if (StopsAtError && _fanOut!.First is not null)
            FinishBeforeError();
        Written(() =>
        {
            if (job is Refusal refusal)
                WriteError(refusal.Error);
            else
                WriteFailure(job.Failure!, job.Target);
        });
    }

    // What is in flight ends first and is written, since the error is the last that this command says.
    private void FinishBeforeError()
    {
        _fanOut!.BeginNoMore();
        GiveUpLater();
        _endOfReads.CancelAfter(ChangeGrace);
        while (_fanOut.First is { } job)
        {
            Wait(job.Ended);
            _fanOut.Take();
            if (job.Succeeded)
                WriteOrReport(() => WriteBeforeError(job), job.HasChanged && !job.CanUndo ? Messages.DoneAfterEnd : null, job.Target, job.ClientId);
            else if (job.Failure is not null && (job.IsInDoubt || job.Failure is not OperationCanceledException))
                WriteOrReport(() => Warn(Messages.FailedBeforeError, Name(job), job.IsInDoubt ? Messages.OutcomeUnknown : job.Failure.Message), job.IsInDoubt ? Messages.UnknownAfterEnd : null, job.Target, job.ClientId);
        }
    }

    private void WriteBeforeError(Job job)
    {
        Written(job.Write);
        if (job.HasChanged)
            Warn(Messages.DoneBeforeError, Name(job));
    }

    // Nothing can be written any more: what is in flight is awaited, taken back where it must be, and named.
    private void Abandon()
    {
        if (_fanOut?.First is null)
            return;
        StopWriting();
        _fanOut.BeginNoMore();
        GiveUpLater();

        // What only reads has nothing to tell any more.
        _endOfReads.Cancel();

        // Side by side, as they were made: one after another they would use up the time that there is.
        Task<Action?>[] ends = [.. _fanOut.Jobs.Select(_fanOut.TakeBackAsync)];
        foreach (Task<Action?> end in ends)
        {
            Wait(end);
            Job job = _fanOut.Take();
            if (end.GetAwaiter().GetResult() is { } report)
                report();
            else if (job.HasChanged)
                ReportAfterStop(Messages.DoneAfterEnd, MyInvocation.MyCommand.Name, Name(job));
            else if (job.IsInDoubt)
                ReportAfterStop(Messages.UnknownAfterEnd, MyInvocation.MyCommand.Name, Name(job));
        }
    }

    // A key's id tells little without its client.
    private static string Name(object? target, string? clientId) => target is string text && clientId is not null && text != clientId ? $"{text}' of '{clientId}" : ErrorFactory.Name(target);

    private static string Name(Job job) => Name(job.Target, job.ClientId);

    // Whether PowerShell may ask before a change: with several in flight nobody would know what the answer is about.
    private bool MayAsk()
    {
        if (Impacts.GetOrAdd(GetType(), ReadImpact) is not { } impact)
            return false;
        if (MyInvocation.BoundParameters.TryGetValue("Confirm", out object? given))
            return LanguagePrimitives.IsTrue(given);
        ConfirmImpact asked = Preference<ConfirmImpact>(parameter: null, "ConfirmPreference");
        return asked != ConfirmImpact.None && asked <= impact;
    }

    private static ConfirmImpact? ReadImpact(Type command) =>
        command.GetCustomAttribute<CmdletAttribute>() is { SupportsShouldProcess: true } cmdlet ? cmdlet.ConfirmImpact : null;

    private T Preference<T>(string? parameter, string variable)
    {
        object? value = parameter is not null && MyInvocation.BoundParameters.TryGetValue(parameter, out object? given) ? given : SessionState.PSVariable.GetValue(variable);
        return LanguagePrimitives.TryConvertTo(value, out T preference) ? preference : default!;
    }
}
