using System.Management.Automation;
using Authress.Client;
using Authress.PowerShell.Pipeline;

namespace Authress.PowerShell.Bulk;

/// <summary>
/// The base of the cmdlets that send one request for each of many inputs: several in flight, with outcomes in the order of
/// the input. If the pipeline ends early, the outcome of every request is reported.
/// </summary>
public abstract class BulkCommand : AuthressCommand, IDynamicParameters
{
    private const int DefaultThrottle = 5;

    private BulkPipeline _requests = null!;
    private AuthressApi _reader = null!;
    private AuthressApi _changer = null!;

    /// <summary>Creates the cmdlet.</summary>
    /// <param name="usualThrottle">The default of -ThrottleLimit.</param>
    private protected BulkCommand(int usualThrottle = DefaultThrottle)
    {
        ThrottleLimit = usualThrottle;
        Progress = new ProgressMeter(this);
    }

    /// <summary>
    /// How many requests are in flight at a time. 1 if an error stops the command, unless this is specified, and
    /// always if a confirmation prompt may appear.
    /// </summary>
    [Parameter]
    [Binding.NoCredentialTransformation]
    [ValidateRange(1, 256)]
    public int ThrottleLimit { get; set; }

    /// <summary>The piped object itself.</summary>
    private protected virtual PipedInput Piped { get; } = new();

    /// <summary>Whether each request must end before the next begins, whatever -ThrottleLimit is.</summary>
    private protected virtual bool OneAtATime => false;

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
        Progress.Total = MyInvocation.ExpectingInput ? null : InputCount;
        bool isOne = !MyInvocation.ExpectingInput && InputCount is null or 1;
        _requests = new BulkPipeline(this, isOne || OneAtATime ? 1 : preferences.ChooseThrottle(ThrottleLimit));

        // Reads use the same token twice, or the client would link a third one for each request.
        _reader = Attach(null, Lifetime.Reads);
        _changer = Attach(null, Lifetime.Stopping);
    }

    /// <inheritdoc />
    protected override void StopProcessing()
    {
        // Called first. Otherwise a queued request would begin and be cancelled, and its outcome would be unknown.
        _requests?.Close();
        base.StopProcessing();
    }

    /// <inheritdoc />
    protected override void EndProcessing()
    {
        _requests.WriteAll();
        Progress.End();
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        _requests?.Dispose();
        base.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Queues a request that reads.</summary>
    /// <param name="target">What the user passed.</param>
    /// <param name="clientId">The client that the request refers to.</param>
    /// <param name="request">The request.</param>
    /// <param name="write">Writes its result, in the order of the input.</param>
    private protected void QueueRead<T>(object? target, string clientId, Func<AuthressApi, CancellationToken, Task<T>> request, Action<T> write) =>
        _requests.Add(new PendingRequest(target, clientId, cancellation: null, async () =>
        {
            T result = await request(_reader, Lifetime.Reads).ConfigureAwait(false);
            return new RequestResult(() => write(Current.Cache.Add(result)));
        }));

    /// <summary>Queues a request that changes something.</summary>
    /// <param name="target">What the user passed.</param>
    /// <param name="clientId">The client that the request refers to; null for one to be created.</param>
    /// <param name="request">The request.</param>
    /// <param name="write">Writes its result, in the order of the input.</param>
    /// <param name="rollback">Undoes a change whose result can't be written; null to keep it.</param>
    private protected void QueueChange<T>(
        object? target, string? clientId, Func<AuthressApi, CancellationToken, Task<T>> request, Action<T> write, Rollback<T>? rollback = null) =>
        _requests.Add(new PendingRequest(target, clientId, Lifetime.Changes, async () =>
        {
            T result = await request(_changer, Lifetime.Changes).ConfigureAwait(false);
            return new RequestResult(() => write(Current.Cache.Add(result)), rollback is null ? null : () => rollback.RunAsync((AuthressApi)Current.Client, result, Lifetime.Changes));
        }));

    /// <inheritdoc cref="QueueChange{T}" />
    private protected void QueueChange(object? target, string clientId, Func<AuthressApi, CancellationToken, Task> request, Action write) =>
        _requests.Add(new PendingRequest(target, clientId, Lifetime.Changes, async () =>
        {
            await request(_changer, Lifetime.Changes).ConfigureAwait(false);
            return new RequestResult(write);
        }));

    /// <summary>Writes the error of an invalid input in the order of the input. Nothing is sent for it.</summary>
    /// <param name="error">The error; null if the input is valid.</param>
    /// <returns>Whether there is an error.</returns>
    private protected bool Reject(ErrorRecord? error)
    {
        if (error is null)
            return false;
        _requests.Add(new InvalidInput(error));
        // If the error ends the command, no further input is read.
        if (StopsAtError)
            _requests.WriteAll();
        return true;
    }

    /// <summary>Waits for the queued requests on a client, and writes their outcomes.</summary>
    private protected void FinishEarlier(string clientId) => _requests.WriteAllOf(clientId);

    /// <inheritdoc />
    private protected override void OnWake()
    {
        base.OnWake();
        Progress.Show();
    }
}
