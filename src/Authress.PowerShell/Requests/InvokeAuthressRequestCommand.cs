using System.Management.Automation;
using Authress.Client.Requests;
using Authress.PowerShell.Binding;
using Authress.PowerShell.Display;
using Authress.PowerShell.Errors;
using Authress.PowerShell.Pipeline;

namespace Authress.PowerShell.Requests;

/// <summary>
/// <para type="synopsis">Calls any other route of the Authress API, signed, with JSON in and objects out.</para>
/// </summary>
[Cmdlet(VerbsLifecycle.Invoke, "AuthressRequest", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium, HelpUri = CommandText.HelpPages + "Invoke-AuthressRequest.md")]
[OutputType(typeof(PSObject))]
public sealed class InvokeAuthressRequestCommand : AuthressCommand
{
    /// <summary>Creates the cmdlet.</summary>
    public InvokeAuthressRequestCommand() => Trace.ReportsChanges = true;

    /// <summary>The route with its query, relative to the API URL. The caller encodes ids.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [TextTransformation]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = string.Empty;

    /// <summary>The HTTP method.</summary>
    [Parameter(Position = 1)]
    [NoCredentialTransformation]
    [TextTransformation]
    [ValidateSet("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")]
    public string Method { get; set; } = "GET";

    /// <summary>The body: JSON text, or a hashtable or an object, which is converted to JSON.</summary>
    [Parameter(Position = 2, ValueFromPipeline = true)]
    [AllowNull]
    public object? Body { get; set; }

    /// <summary>The name of a variable that receives the HTTP status.</summary>
    [Parameter]
    [TextTransformation]
    [ValidateNotNullOrEmpty]
    public string? StatusCodeVariable { get; set; }

    /// <summary>The name of a variable that receives the response's headers, each with all its values.</summary>
    [Parameter]
    [TextTransformation]
    [ValidateNotNullOrEmpty]
    public string? ResponseHeadersVariable { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        string method = Method.ToUpperInvariant();
        bool isRead = method is "GET" or "HEAD" or "OPTIONS";
        object? body;
        try
        {
            body = PlainData.FromPowerShell(Body);
        }
        catch (ArgumentException e)
        {
            WriteError(ErrorFactory.InvalidValue(e, Body));
            return;
        }

        if (!isRead && Rehearsal.FindRefusal(Current, (api, cancellation) => api.SendAsync(method, Path, body, cancellation)) is { } refusal)
        {
            WriteFailure(refusal, Path);
            return;
        }

        if (!isRead && !this.ShouldDo(Messages.SendRequest, Messages.SendRequestDescription, Messages.SendRequestQuery, method, Path))
            return;
        bool succeeded = isRead
            ? Try(Path, () => Read((api, cancellation) => api.SendAsync(method, Path, body, cancellation)), out RawResponse response)
            : Try(Path, () => Change((api, cancellation) => api.SendAsync(method, Path, body, cancellation)), out response);
        if (!succeeded)
            return;
        SetVariables(response.StatusCode, response.Headers);
        if (response.Body is not null)
            WriteObject(PlainData.ToPowerShell(response.Body), enumerateCollection: true);
    }

    /// <inheritdoc />
    private protected override void WriteFailure(AuthressApiException failure, object? target)
    {
        // Also set after an error, so that no values of an earlier call remain.
        SetVariables(failure.StatusCode, failure.ResponseHeaders);
        base.WriteFailure(failure, target);
    }

    private void SetVariables(int? status, IReadOnlyDictionary<string, string[]>? headers)
    {
        if (StatusCodeVariable is not null)
            SessionState.PSVariable.Set(StatusCodeVariable, status);
        if (ResponseHeadersVariable is not null)
            SessionState.PSVariable.Set(ResponseHeadersVariable, headers);
    }
}
