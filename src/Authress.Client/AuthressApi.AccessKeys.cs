using System.Text.Json;
using Authress.Client.AccessKeys;
using Authress.Client.Json;
using Authress.Client.ServiceClients;
using Authress.Client.Transport;

namespace Authress.Client;

/// <content>The operations on access keys.</content>
public sealed partial class AuthressApi
{
    /// <inheritdoc cref="CreateAccessKeyAsync(string, string, CancellationToken)" />
    /// <returns>The key with its secrets, which Authress never tells again.</returns>
    public Task<IssuedAccessKey> CreateAccessKeyAsync(string clientId, CancellationToken cancellationToken) =>
        CreateAccessKeyAsync(clientId, null, cancellationToken);

    /// <summary>Makes a new access key for a service client, or takes one whose private half the caller holds.</summary>
    /// <param name="clientId">The client's id.</param>
    /// <param name="publicKey">
    /// The public key to take, as base64 of its DER SubjectPublicKeyInfo or of its 32 bytes; null to have Authress make a key.
    /// </param>
    /// <param name="cancellationToken">Gives up the request; a key that nobody holds may then have been made.</param>
    /// <returns>The key: with its secrets, which Authress never tells again, or without any where a public key was given.</returns>
    /// <exception cref="ArgumentException">The id can't be one, or the public key is none.</exception>
    /// <exception cref="AuthressApiException">
    /// The request failed. It is never sent again once it may have been carried out. Where that is so, a key with a public key
    /// given is looked for and returned once it is found; else the exception carries the public key. Without one, the
    /// exception's candidates are the client's keys that are new by the server's clock.
    /// </exception>
    public async Task<IssuedAccessKey> CreateAccessKeyAsync(string clientId, string? publicKey, CancellationToken cancellationToken)
    {
        string? own = publicKey is null ? null
            : PublicKeyText.ToDer(publicKey) ?? throw new ArgumentException("The public key is no Ed25519 public key in base64, as DER SubjectPublicKeyInfo or as its 32 bytes.", nameof(publicKey));
        ApiRequest request = new(HttpMethod.Post, Routes.AccessKeys(clientId), $"UPDATE: Authress:ServiceClients/{clientId}/access-keys")
        {
            // An empty object rather than nothing: HttpClient sends a request without a body again by itself when a
            // kept-open connection breaks, and this one must never be sent twice.
            Body = JsonSerializer.SerializeToUtf8Bytes(new NewAccessKeyJson { PublicKey = own }, AuthressJsonContext.Default.NewAccessKeyJson),
        };
        long began = ServerClock.Now;
        AccessKeyRecovery search = new(_transport, _invocation, _told, _options.Time, clientId);
        try
        {
            ApiResponse<IssuedAccessKeyJson> answer = await _transport.SendAsync(request, AuthressJsonContext.Default.IssuedAccessKeyJson, _invocation, cancellationToken).ConfigureAwait(false);
            if (!IsMade(answer.Value!, own))
                throw ApiErrors.FromBody(request, answer);
            IssuedAccessKey key = answer.Value!.ToModel(clientId, own);
            _told.Add(clientId, key.KeyId);
            return key;
        }
        catch (AuthressApiException e) when (e.OutcomeUnknown)
        {
            if (own is null)
            {
                await search.FillAsync(e, began, cancellationToken).ConfigureAwait(false);
                throw;
            }

            e.PublicKey = own;
            if (await search.AdoptAsync(own, cancellationToken).ConfigureAwait(false) is { } adopted)
                return adopted;
            throw;
        }
    }

    /// <summary>Deletes an access key. Tokens that it signed stop working.</summary>
    /// <param name="clientId">The client's id.</param>
    /// <param name="keyId">The key's id.</param>
    /// <param name="cancellationToken">Gives up the request; the key may then be gone.</param>
    /// <exception cref="ArgumentException">An id can't be one.</exception>
    /// <exception cref="AuthressApiException">The request failed.</exception>
    public Task DeleteAccessKeyAsync(string clientId, string keyId, CancellationToken cancellationToken) =>
        _transport.SendAsync(Routes.Delete(Routes.AccessKey(clientId, keyId), $"UPDATE: Authress:ServiceClients/{clientId}/access-keys/{keyId}"), _invocation, cancellationToken);

    // A key of Authress's making without its secret is of no use; one of ours comes without, and its public half, where it
    // is echoed, must be what was sent, in whatever form.
    private static bool IsMade(IssuedAccessKeyJson made, string? own) => made.KeyId is { Length: > 0 }
        && (own is null ? made.AccessKey is { Length: > 0 } : made.PublicKey is null || PublicKeyText.Same(own, made.PublicKey));
}
