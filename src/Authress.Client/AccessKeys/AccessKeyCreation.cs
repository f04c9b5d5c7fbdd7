using System.Text.Json;
using Authress.Client.Json;
using Authress.Client.ServiceClients;
using Authress.Client.Transport;

namespace Authress.Client.AccessKeys;

/// <summary>Creates an access key, or registers the caller's public key. If the outcome is unknown, it looks for the key.</summary>
internal sealed class AccessKeyCreation(ApiTransport transport, Invocation invocation, RuledOutIds ruledOutIds, AccessKeyRecovery recovery, string clientId)
{
    /// <summary>Has Authress generate a key.</summary>
    public Task<IssuedAccessKey> GenerateAsync(CancellationToken cancellationToken) => SendAsync(null, cancellationToken);

    /// <summary>Registers a public key whose private key the caller holds.</summary>
    /// <param name="publicKey">The key, in the form that the API accepts.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public Task<IssuedAccessKey> RegisterAsync(string publicKey, CancellationToken cancellationToken) => SendAsync(publicKey, cancellationToken);

    /// <summary>Generates a pair on this machine, and registers its public half.</summary>
    /// <param name="accountId">The account, which the access key names.</param>
    /// <param name="generate">Generates the pair. Called only if the request may be sent.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public async Task<IssuedAccessKey> GenerateLocallyAsync(string accountId, Func<GeneratedKeyPair> generate, CancellationToken cancellationToken)
    {
        GeneratedKeyPair.VerifyParts(clientId, keyId: null, accountId);
        transport.ThrowIfReadOnly(Request(null));
        invocation.Stopping.ThrowIfCancellationRequested();
        GeneratedKeyPair pair = generate();
        IssuedAccessKey key = await SendAsync(pair.PublicKey, cancellationToken).ConfigureAwait(false);
        try
        {
            return new IssuedAccessKey(clientId, key.KeyId, pair.ToAccessKey(clientId, key.KeyId, accountId), null) { PublicKey = pair.PublicKey, GenerationDate = key.GenerationDate };
        }
        catch (ArgumentException e)
        {
            // The key exists, so its id is no error of the caller.
            throw ApiErrors.UnusableKeyId(Request(pair.PublicKey), clientId, pair.PublicKey, e);
        }
    }

    private async Task<IssuedAccessKey> SendAsync(string? publicKey, CancellationToken cancellationToken)
    {
        ApiRequest request = Request(publicKey);
        long began = ServerClock.Now;
        try
        {
            ApiResponse<IssuedAccessKeyJson> response = await transport.SendAsync(request, AuthressJsonContext.Default.IssuedAccessKeyJson, invocation, cancellationToken).ConfigureAwait(false);
            if (!IsComplete(response.Value!, publicKey))
                throw ApiErrors.FromBody(request, response);
            IssuedAccessKey key = response.Value!.ToModel(clientId, publicKey);
            ruledOutIds.AddCreated(clientId, key.KeyId);
            return key;
        }
        catch (OperationCanceledException e) when (publicKey is not null && cancellationToken.IsCancellationRequested)
        {
            // The server may still act, and only the public key finds the result.
            throw ApiErrors.Cancelled(request, clientId, publicKey, e);
        }
        catch (AuthressApiException e) when (e.OutcomeUnknown)
        {
            if (publicKey is null)
            {
                await recovery.FindCandidatesAsync(e, began, cancellationToken).ConfigureAwait(false);
                throw;
            }

            (e.PublicKey, e.ClientId) = (publicKey, clientId);
            if (await recovery.FindAsync(publicKey, cancellationToken).ConfigureAwait(false) is { } found)
                return found;
            throw;
        }
    }

    private ApiRequest Request(string? publicKey) => new(HttpMethod.Post, Routes.AccessKeys(clientId), $"UPDATE: Authress:ServiceClients/{clientId}/access-keys")
    {
        // Never without a body: HttpClient itself may repeat a request that has none.
        Body = JsonSerializer.SerializeToUtf8Bytes(new NewAccessKeyJson { PublicKey = publicKey }, AuthressJsonContext.Default.NewAccessKeyJson),
    };

    // A key that Authress generated must have its secret. A registered one has none, and its public key must not be echoed as
    // another. An echo in a form that can't be read is none.
    private static bool IsComplete(IssuedAccessKeyJson json, string? publicKey) => json.KeyId is { Length: > 0 }
        && (publicKey is null ? json.AccessKey is { Length: > 0 } : PublicKeyText.TryToDer(json.PublicKey) is not { } echo || echo == publicKey);
}
