namespace Authress.Client.Tests.Transport;

/// <summary>Holds whole responses back from the client until the test releases them.</summary>
internal sealed class ResponseHolder(HttpMessageHandler inner, params HeldResponse[] held) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (held.FirstOrDefault(one => one.Takes(request)) is { } hold)
        {
            await response.Content.LoadIntoBufferAsync(cancellationToken).ConfigureAwait(false);
            await hold.WaitAsync().ConfigureAwait(false);
        }

        return response;
    }
}

/// <summary>The first response to a request, which is held back.</summary>
/// <param name="method">The request's method.</param>
/// <param name="part">A part of the request's path and query.</param>
internal sealed class HeldResponse(string method, string part)
{
    private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // What waits for it continues in Release itself.
    private readonly TaskCompletionSource _released = new();
    private int _taken;

    /// <summary>Ends when the response has arrived and is held.</summary>
    public Task IsHeld => _held.Task;

    public bool Takes(HttpRequestMessage request) =>
        request.Method.Method == method && request.RequestUri!.PathAndQuery.Contains(part, StringComparison.Ordinal) && Interlocked.Exchange(ref _taken, 1) == 0;

    public Task WaitAsync()
    {
        _held.SetResult();
        return _released.Task;
    }

    /// <summary>Lets the response through.</summary>
    public void Release() => _released.SetResult();
}
