using Authress.Client.Json;
using Authress.Client.Transport;

namespace Authress.Client.ServiceClients;

/// <summary>Creates a service client. If the outcome is unknown, the exception has the pending creation for <see cref="ServiceClientRecovery"/>.</summary>
internal sealed class ServiceClientCreation(ApiTransport transport, Invocation invocation, RuledOutIds ruledOutIds, ServiceClientChange content)
{
    /// <inheritdoc cref="AuthressApi.CreateServiceClientAsync" />
    public async Task<ServiceClient> RunAsync(CancellationToken cancellationToken)
    {
        ApiRequest request = new(HttpMethod.Post, Routes.ServiceClients, "CREATE: Authress:ServiceClients")
        {
            Body = content.ToNewClient(),
        };
        long began = ServerClock.Now;

        // Ends after the id is known, so that a listing that waits for it finds the id.
        using IDisposable unfinished = ruledOutIds.Unfinished.Begin();
        try
        {
            ApiResponse<ServiceClientJson> response = await transport.SendAsync(request, AuthressJsonContext.Default.ServiceClientJson, invocation, cancellationToken).ConfigureAwait(false);
            if (response.Value!.ClientId is not { Length: > 0 } id)
                throw ApiErrors.FromBody(request, response);
            ruledOutIds.AddCreated(id);
            return response.Value.ToModel();
        }
        catch (AuthressApiException e) when (e.OutcomeUnknown)
        {
            e.UnknownCreation = new UnknownCreation(content.Name.Value, began);
            throw;
        }
    }
}
