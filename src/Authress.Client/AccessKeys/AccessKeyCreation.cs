using System.Text.Json;
using Authress.Client.Json;
using Authress.Client.ServiceClients;
using Authress.Client.Transport;

namespace Authress.Client.AccessKeys;

/// <summary>Creates an access key, or registers the caller's public key. If the outcome is unknown, it looks for the key.</summary>
internal sealed class AccessKeyCreation(ApiTransport transport, Invocation invocation, RuledOutIds ruledOutIds, AccessKeyRecovery recovery, string clientId, string? publicKey)
{
    /// <inheritdoc cref="AuthressApi.CreateAccessKeyAsync(string, string, CancellationToken)" />
    public async Task<IssuedAccessKey> RunAsync(CancellationToken cancellationToken)
    {
        ApiRequest request = new(HttpMethod.Post, Routes.AccessKeys(clientId), $"UPDATE: Authress:ServiceClients/{clientId}/access-keys")
        {
            // Never without a body: HttpClient itself may repeat a request that has none.
            Body = JsonSerializer.SerializeToUtf8Bytes(new NewAccessKeyJson { PublicKey = publicKey }, AuthressJsonContext.Default.NewAccessKeyJson),
        };
        long began = ServerClock.Now;
        try
        {
            ApiResponse<IssuedAccessKeyJson> response = await transport.SendAsync(request, AuthressJsonContext.Default.IssuedAccessKeyJson, invocation, cancellationToken).ConfigureAwait(false);
            if (!IsComplete(response.Value!))
                throw ApiErrors.FromBody(request, response);
            IssuedAccessKey key = response.Value!.ToModel(clientId, publicKey);
            ruledOutIds.AddCreated(clientId, key.KeyId);
            return key;
        }
        catch (AuthressApiException e) when (e.OutcomeUnknown)
        {
            if (publicKey is null)
            {
                await recovery.FindCandidatesAsync(e, began, cancellationToken).ConfigureAwait(false);
                throw;
            }

            e.PublicKey = publicKey;
            if (await recovery.FindAsync(publicKey, cancellationToken).ConfigureAwait(false) is { } found)
                return found;
            throw;
        }
    }

    // A key that Authress generated must have its secret. A registered one has none, and its public key must not be echoed as
    // another. An echo in a form that can't be read is none.
    private bool IsComplete(IssuedAccessKeyJson json) => json.KeyId is { Length: > 0 }
        && (publicKey is null ? json.AccessKey is { Length: > 0 } : PublicKeyText.TryToDer(json.PublicKey) is not { } echo || echo == publicKey);
}
