using System.Text.Json;
using Authress.Client.Json;
using Authress.Client.Transport;

namespace Authress.Client.ServiceClients;

/// <summary>
/// Updates a service client: reads it, merges the changes, and writes the whole object. After an attempt that may have
/// written, it reads and merges again before it writes again: a second write without a read would undo other changes.
/// </summary>
internal sealed class ServiceClientUpdate(ApiTransport transport, Invocation invocation, string clientId, ServiceClientChange change)
{
    private readonly ApiRequest _read = ServiceClientReader.Request(clientId);

    /// <inheritdoc cref="AuthressApi.UpdateServiceClientAsync" />
    public async Task<ServiceClientUpdateResult> RunAsync(CancellationToken cancellationToken)
    {
        ApiRequest write = new(HttpMethod.Put, Routes.ServiceClient(clientId), $"UPDATE: Authress:ServiceClients/{clientId}");
        transport.ThrowIfReadOnly(write);
        ServiceClientReader reader = new(transport, invocation);
        ApiResponse<ServiceClientJson> response = await reader.ReadAsync(clientId, _read, cancellationToken).ConfigureAwait(false);
        ServiceClientJson before = response.Value!;
        if (ServiceClientMerge.Apply(before, change) is not { } merged)
            return new ServiceClientUpdateResult(before.ToModel(clientId), WasWritten: false);
        write = write with { Body = Serialize(merged, response) };
        response = await transport.SendAsync(
            write, AuthressJsonContext.Default.ServiceClientJson, invocation, cancellationToken, context => AttemptAsync(context, write, before)).ConfigureAwait(false);
        return response.Value!.ClientId is null || response.Value.ClientId == clientId
            ? new ServiceClientUpdateResult(response.Value.ToModel(clientId), WasWritten: true)
            : throw ApiErrors.FromBody(write, response);
    }

    // A read that shows more to write isn't returned: if the caller stops before the write, the outcome is still unknown.
    private async Task<Attempt> AttemptAsync(RetryContext context, ApiRequest write, ServiceClientJson before)
    {
        if (!context.OutcomeUnknown)
            return await transport.AttemptAsync(context, write, AuthressJsonContext.Default.ServiceClientJson).ConfigureAwait(false);
        Attempt read = await transport.AttemptAsync(context, _read, AuthressJsonContext.Default.ServiceClientJson).ConfigureAwait(false);
        if (!read.IsUsable || MergeAgain((ApiResponse<ServiceClientJson>)read.Response!, before) is not { } body)
            return read;
        return await transport.AttemptAsync(context, write with { Body = body }, AuthressJsonContext.Default.ServiceClientJson).ConfigureAwait(false);
    }

    /// <summary>The body to write after an attempt that may have written; null if the client has every change.</summary>
    private byte[]? MergeAgain(ApiResponse<ServiceClientJson> response, ServiceClientJson before)
    {
        try
        {
            return ServiceClientMerge.Apply(ServiceClientReader.Verify(clientId, _read, response), change.Rebase(before)) is { } merged
                ? Serialize(merged, response)
                : null;
        }
        catch (AuthressApiException e)
        {
            e.OutcomeUnknown = true;
            throw;
        }
    }

    // Unknown members are written back as they were read. Invalid Unicode in one is detected only here. Omitting the member
    // would remove it from the client.
    private byte[] Serialize(ServiceClientJson merged, ApiResponse<ServiceClientJson> read)
    {
        try
        {
            return JsonSerializer.SerializeToUtf8Bytes(merged, AuthressJsonContext.Default.ServiceClientJson);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            read.Value = null;
            read.BodyFailure = e;
            throw ApiErrors.FromBody(_read, read);
        }
    }
}
