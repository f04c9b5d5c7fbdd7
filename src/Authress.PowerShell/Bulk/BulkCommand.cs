using System.Management.Automation;
using Authress.Client;
using Authress.PowerShell.Binding;
using Authress.PowerShell.Pipeline;

namespace Authress.PowerShell.Bulk;

/// <summary>
/// The base of the cmdlets that send one request for each of many inputs: several in flight, with outcomes in the order of
/// the input. If the pipeline ends early, the outcome of every request is reported.
/// </summary>
public abstract class BulkCommand : AuthressCommand, IDynamicParameters
{
    private const int DefaultThrottle = 5;

    private BulkPipeline _pipeline = null!;
    private RequestFactory _requests = null!;
    private bool _checksFirst;

    /// <summary>Creates the cmdlet.</summary>
    /// <param name="usualThrottle">The default of -ThrottleLimit.</param>
    private protected BulkCommand(int usualThrottle = DefaultThrottle)
    {
        ThrottleLimit = usualThrottle;
        Progress = new ProgressMeter(this, CommandLifetime);
    }

    /// <summary>
    /// How many requests are in flight at a time. 1 if an error stops the command, unless this is specified, and always if
    /// a confirmation prompt may appear or an earlier command has -PipelineVariable.
    /// </summary>
    [Parameter]
    [Binding.NoCredentialTransformation]
    [ValidateRange(1, 256)]
    public int ThrottleLimit { get; set; }

    /// <summary>The piped object itself.</summary>
    private protected virtual PipedInput Piped { get; } = new();

    /// <summary>Whether each request must end before the next begins, whatever -ThrottleLimit is.</summary>
    private protected virtual bool OneAtATime => false;

    /// <summary>
    /// Whether no request begins before all input is read. Until then the pipeline's thread, for which a request may have to wait,
    /// is that of the command upstream.
    /// </summary>
    private protected virtual Gathering Gathers => Gathering.Never;

    /// <summary>Whether a request can be run up to the point where it would be sent. One that waits for the pipeline's thread can't.</summary>
    private protected virtual bool Rehearses => true;

    /// <summary>How many inputs a parameter has; null if it is not a list.</summary>
    private protected virtual int? InputCount => null;

    /// <summary>Whether the first error ends the command.</summary>
    internal bool StopsAtError { get; private set; }

    /// <summary>The progress of the command.</summary>
    internal ProgressMeter Progress { get; }

    /// <summary>Declares the parameter of the piped object.</summary>
    public object? GetDynamicParameters() => Piped.Declare(MyInvocation);

    /// <inheritdoc />
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        Piped.Begin(MyInvocation);
        CommandPreferences preferences = new(this);
        StopsAtError = preferences.ErrorAction == ActionPreference.Stop;
        _checksFirst = preferences.WhatIf || preferences.MayConfirm;
        Progress.Total = MyInvocation.ExpectingInput ? null : InputCount;
        bool isOne = !MyInvocation.ExpectingInput && InputCount is null or 1;
        _pipeline = new BulkPipeline(this, isOne || OneAtATime ? 1 : preferences.ChooseThrottle(ThrottleLimit), Gathers);
        _requests = new RequestFactory(Current, CommandLifetime, Attach(null, CommandLifetime.Reads), Attach(null, CommandLifetime.Stopping));
    }

    /// <inheritdoc />
    protected override void StopProcessing()
    {
        // Called first. Otherwise a queued request would begin and be cancelled, and its outcome would be unknown.
        _pipeline?.Close();
        base.StopProcessing();
    }

    /// <inheritdoc />
    protected override void EndProcessing()
    {
        _pipeline.WriteAll();
        Progress.End();
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        _pipeline?.Dispose();
        base.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Queues a request that reads.</summary>
    /// <param name="target">What the user passed.</param>
    /// <param name="clientId">The client that the request refers to.</param>
    /// <param name="request">The request.</param>
    /// <param name="write">Writes its result, in the order of the input.</param>
    private protected void QueueRead<T>(object? target, string clientId, Func<AuthressApi, CancellationToken, Task<T>> request, Action<T> write)
    {
        if (!Reject(Wildcard.FindInClientId(clientId)))
            _pipeline.Add(_requests.Read(target, clientId, request, write));
    }

    /// <summary>Queues a request that changes something, once it is confirmed.</summary>
    /// <param name="target">What the user passed.</param>
    /// <param name="clientId">The client that the request refers to; null for one to be created.</param>
    /// <param name="request">The request.</param>
    /// <param name="confirm">Whether to send it. Not called for a request that is refused before it is sent.</param>
    /// <param name="write">Writes its result, in the order of the input.</param>
    /// <param name="rollback">Undoes a change whose result can't be written; null to keep it.</param>
    /// <param name="checksFirst">Whether what this machine refuses is refused before <paramref name="confirm"/>, because that changes something too.</param>
    private protected void QueueChange<T>(
        object? target, string? clientId, Func<AuthressApi, CancellationToken, Task<T>> request, Func<bool> confirm, Action<T> write, Rollback<T>? rollback = null, bool checksFirst = false)
    {
        if (Reject(Wildcard.FindInClientId(clientId)))
            return;
        if (((_checksFirst && Rehearses) || checksFirst) && RejectUnsendable(target, clientId, request))
            return;
        if (confirm())
            _pipeline.Add(_requests.Change(target, clientId, request, write, rollback));
    }

    /// <inheritdoc cref="QueueChange{T}" />
    private protected void QueueChange(object? target, string clientId, Func<AuthressApi, CancellationToken, Task> request, Func<bool> confirm, Action write) =>
        QueueChange(target, clientId, RequestFactory.WithoutResult(request), confirm, _ => write());

    /// <summary>Writes the error of a request that this machine refuses to send, in the order of the input.</summary>
    /// <returns>Whether it is refused.</returns>
    private protected bool RejectUnsendable(object? target, string? clientId, Func<AuthressApi, CancellationToken, Task> request)
    {
        if (Rehearsal.FindRefusal(Current, request) is not { } refusal)
            return false;
        _pipeline.Add(RequestFactory.Refused(target, clientId, refusal));
        return true;
    }

    /// <summary>Writes the error of an invalid input in the order of the input. Nothing is sent for it.</summary>
    /// <param name="error">The error; null if the input is valid.</param>
    /// <returns>Whether there is an error.</returns>
    private protected bool Reject(ErrorRecord? error)
    {
        if (error is null)
            return false;
        _pipeline.Add(new InvalidInput(error));
        // If the error ends the command, no further input is read, unless the other requests depend on it.
        if (StopsAtError && Gathers != Gathering.Always)
            _pipeline.WriteAll();
        return true;
    }

    /// <summary>Waits for the queued requests on a client, and writes their outcomes.</summary>
    private protected void FinishEarlier(string clientId) => _pipeline.WriteAllOf(clientId);

    /// <summary>Waits for all queued requests, and writes their outcomes.</summary>
    private protected void FinishAll() => _pipeline.WriteAll();

    /// <inheritdoc />
    private protected override void OnWake()
    {
        base.OnWake();
        Progress.Show();
    }
}
