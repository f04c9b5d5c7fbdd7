using System.Net;
using System.Text.Json.Serialization.Metadata;

namespace Authress.Client.Transport;

/// <summary>One request from its first try to its last, with what its tries have in common.</summary>
internal abstract class Call(ApiRequest request, Invocation invocation, TimeSpan timeout, CancellationToken cancellationToken)
{
    /// <summary>What is sent; a change that was merged anew has another body than at first.</summary>
    public ApiRequest Request { get; protected set; } = request;

    public Invocation Invocation => invocation;

    /// <summary>Gives up the whole call, a try that changes something included.</summary>
    public CancellationToken CancellationToken => cancellationToken;

    /// <summary>How long one try may take.</summary>
    public TimeSpan Timeout => timeout;

    /// <summary>How many times the request was sent, or was to be.</summary>
    public int Sent { get; private set; }

    /// <summary>Whether a try may have acted, so that what the server holds is not known.</summary>
    public bool InDoubt { get; private set; }

    /// <summary>
    /// The last try that is an outcome. A look that shows there is more to do is none: given up after it, the change is still
    /// in doubt.
    /// </summary>
    public Attempt? Last { get; private set; }

    /// <summary>How long was waited between the tries, all waits together.</summary>
    public TimeSpan Waited { get; set; }

    /// <summary>Whether the token was signed anew already, which is done once.</summary>
    public bool Renewed { get; set; }

    /// <summary>Nothing is sent for a caller who has given up.</summary>
    public void ThrowIfGivenUp()
    {
        cancellationToken.ThrowIfCancellationRequested();
        invocation.Stopping.ThrowIfCancellationRequested();
    }

    /// <summary>Counts what is about to be sent; a look in between is not the request.</summary>
    public void Count(ApiRequest sent)
    {
        if (ReferenceEquals(sent, Request))
            Sent++;
    }

    /// <summary>Keeps what came of a try, or of a look in between.</summary>
    public Attempt Note(Attempt attempt)
    {
        if (ReferenceEquals(attempt.Request, Request) || !attempt.IsUsable)
            Last = attempt;
        InDoubt |= attempt.MayHaveActed;
        return attempt;
    }

    /// <summary>Tries once, or once more.</summary>
    public abstract Task<Attempt> TryAsync();
}

/// <summary>A call whose answer is of one type.</summary>
internal sealed class Call<T>(ApiTransport transport, ApiRequest request, JsonTypeInfo<T>? type, Recheck<T>? recheck, Invocation invocation, TimeSpan timeout, CancellationToken cancellationToken)
    : Call(request, invocation, timeout, cancellationToken)
    where T : class
{
    public override Task<Attempt> TryAsync() => InDoubt && recheck is not null ? LookFirstAsync(recheck) : transport.TryAsync(this, Request, type);

    /// <summary>The answer of the last try, where it is a success.</summary>
    /// <exception cref="AuthressApiException">It is none.</exception>
    public ApiResponse<T> Conclude(Attempt last)
    {
        if (!last.IsUsable && !IsGoneAfterDoubt(last))
            throw ApiErrors.From(last);
        ApiResponse<T> answer = (ApiResponse<T>)last.Answer!;
        answer.Attempts = Sent;
        return answer;
    }

    private async Task<Attempt> LookFirstAsync(Recheck<T> doubt)
    {
        Attempt look = await transport.TryAsync(this, doubt.Read, type).ConfigureAwait(false);
        if (!look.IsUsable || doubt.Judge((ApiResponse<T>)look.Answer!) is not { } body)
            return look;
        Request = Request with { Body = body };
        return await transport.TryAsync(this, Request, type).ConfigureAwait(false);
    }

    // What a try in doubt was to delete is not there: that try has deleted it. A page is no word of the API's.
    private bool IsGoneAfterDoubt(Attempt last) =>
        InDoubt && last.Request.Method == HttpMethod.Delete && last.Status == HttpStatusCode.NotFound && last.Answer!.BodyFailure is null;
}

/// <summary>
/// How to look before a change is sent again that may have been carried out already: somebody else may have changed the
/// same thing since, and a blind second write would take that back.
/// </summary>
/// <param name="Read">Reads what the change is about.</param>
/// <param name="Judge">What to send in view of that; null where it is as it was wanted, so that the read is the answer.</param>
internal sealed record Recheck<T>(ApiRequest Read, Func<ApiResponse<T>, byte[]?> Judge)
    where T : class;
