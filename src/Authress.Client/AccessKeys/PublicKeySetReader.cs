using Authress.Client.Json;
using Authress.Client.Transport;

namespace Authress.Client.AccessKeys;

/// <summary>Reads the public key set of a service client, which needs no token (RFC 7517).</summary>
internal sealed class PublicKeySetReader(ApiTransport transport, Invocation invocation)
{
    /// <summary>Reads the set.</summary>
    /// <param name="clientId">The service client.</param>
    /// <param name="keyId">The key that the caller looks for; null for all. A server may ignore it.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <returns>The Ed25519 keys with their public keys; null if the set could not be read.</returns>
    public async Task<IReadOnlyList<AccessKey>?> TryReadAsync(string clientId, string? keyId, CancellationToken cancellationToken)
    {
        ApiRequest request = new(HttpMethod.Get, Routes.PublicKeys(clientId), RequiredPermission: null)
        {
            Query = keyId is null ? [] : [new("kid", keyId)],
            IsAnonymous = true,
            SkipRetries = true,
        };
        try
        {
            ApiResponse<JsonWebKeySetJson> response = await transport.SendAsync(request, AuthressJsonContext.Default.JsonWebKeySetJson, invocation, cancellationToken).ConfigureAwait(false);
            return [.. (response.Value!.Keys ?? []).Where(key => key is { Kid.Length: > 0, Crv: null or "Ed25519", X: not null })
                .Select(key => new AccessKey(clientId, key!.Kid!) { PublicKey = PublicKeyText.TryToDer(key.X) })];
        }
        catch (AuthressApiException)
        {
            // The set is a second source. What it can't show, the caller reports.
            return null;
        }
    }
}
