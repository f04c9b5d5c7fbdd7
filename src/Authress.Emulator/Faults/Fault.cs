using System.Text.Json.Serialization;
using Authress.Emulator.Http;
using Authress.Emulator.Tokens;

namespace Authress.Emulator.Faults;

/// <summary>
/// A failure that is injected into a request. In JSON, a fault is an object with its <c>kind</c> and members; a fault
/// without members may be its kind as a string.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(StatusFault), "status")]
[JsonDerivedType(typeof(NotModifiedFault), "notModified")]
[JsonDerivedType(typeof(RedirectFault), "redirect")]
[JsonDerivedType(typeof(HtmlFault), "html")]
[JsonDerivedType(typeof(MalformedFault), "malformed")]
[JsonDerivedType(typeof(OversizedFault), "oversized")]
[JsonDerivedType(typeof(DropFault), "drop")]
[JsonDerivedType(typeof(ActThenDropFault), "actThenDrop")]
[JsonDerivedType(typeof(DropThenActFault), "dropThenAct")]
[JsonDerivedType(typeof(DelayFault), "delay")]
[JsonDerivedType(typeof(StallFault), "stall")]
[JsonDerivedType(typeof(TruncateFault), "truncate")]
[JsonDerivedType(typeof(EmptyFault), "empty")]
[JsonDerivedType(typeof(RepeatCursorFault), "repeatCursor")]
[JsonDerivedType(typeof(StaleReadFault), "staleRead")]
[JsonDerivedType(typeof(KeyNotYetUsableFault), "keyNotYetUsable")]
[JsonDerivedType(typeof(PublicKeyFormFault), "publicKeyForm")]
public abstract record Fault
{
    private protected Fault()
    {
    }

    /// <summary>The fault's name in JSON and in the log of requests.</summary>
    [JsonIgnore]
    public string Kind => FaultJson.KindOf(GetType());

    /// <summary>Whether the operation is carried out before the response. False: the request changes nothing.</summary>
    internal virtual bool CarriesOut => true;

    /// <summary>The delay after which the operation is carried out, when its sender no longer listens; null for none.</summary>
    internal virtual TimeSpan? CarriesOutAfter => null;

    /// <summary>What happens before the operation.</summary>
    internal virtual Task BeforeAsync(ApiRequest request, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>What happens between the operation and its response.</summary>
    internal virtual Task AfterAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The response; null drops the connection.</summary>
    /// <param name="carriedOut">The operation's own response; null if it was not carried out.</param>
    /// <param name="context">What the fault can read and change.</param>
    internal virtual ApiResponse? Shape(ApiResponse? carriedOut, FaultContext context) => carriedOut;

    /// <summary>Sends the response.</summary>
    internal virtual Task SendAsync(HttpContext context, ApiResponse response, CancellationToken cancellationToken) =>
        ResponseWriter.WriteAsync(context, response, cancellationToken);
}

/// <summary>What a fault can read and change.</summary>
internal sealed record FaultContext(ApiRequest Request, KeyActivation Activation, TimeProvider Clock);
