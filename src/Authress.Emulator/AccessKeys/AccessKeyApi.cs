using System.Globalization;
using Authress.Emulator.Http;
using Authress.Emulator.ServiceClients;
using Authress.Emulator.Tokens;
using Microsoft.Extensions.Primitives;

namespace Authress.Emulator.AccessKeys;

/// <summary>The operations on a client's access keys, and its public key set.</summary>
internal sealed class AccessKeyApi(
    ClientStore clients,
    AccessKeyIssuer issuer,
    KeyActivation activation,
    KeySetLag keySetLag,
    KeyCreationLimit limit,
    Func<CancellationToken, Task> saveAsync,
    EmulatorOptions options)
{
    public async Task<ApiResponse> CreateAsync(ApiRequest request, string clientId, CancellationToken cancellationToken)
    {
        if (clients.Find(clientId) is null)
            return ApiResponse.NoSuchClient();
        string? publicKey = ImportedPublicKey.Read(request.Body);
        if (!limit.TryTake(clientId))
        {
            string perHour = options.KeysPerHour.ToString(CultureInfo.InvariantCulture);
            return ApiResponse.Error(StatusCodes.Status429TooManyRequests, $"A client gets at most {perHour} new access keys an hour.", "AccessKeyRateLimited");
        }

        KeyIssue issue = publicKey is null ? issuer.Generate(clientId) : issuer.Adopt(clientId, publicKey);
        if (issue.Outcome != KeyAddition.Added)
        {
            limit.Return(clientId);
            return Refused(issue.Outcome);
        }

        if (options.KeyDelay > TimeSpan.Zero)
            activation.Postpone(clientId, issue.Key.KeyId, options.KeyDelay, requests: 0);
        keySetLag.Added(clientId, issue.Key);
        await saveAsync(cancellationToken);
        return NewKey(clientId, issue);
    }

    public async Task<ApiResponse> DeleteAsync(string clientId, string keyId, CancellationToken cancellationToken)
    {
        if (clients.RemoveKey(clientId, keyId) is not { } removed)
            return ApiResponse.Error(StatusCodes.Status404NotFound, "The client or the access key does not exist, or you have no permission on it.", "NotFound");
        keySetLag.Removed(clientId, removed);
        await saveAsync(cancellationToken);
        return ApiResponse.NoContent;
    }

    /// <summary>The public key set, readable without a token.</summary>
    public ApiResponse KeySet(ApiRequest request, string clientId) =>
        clients.Find(clientId) is { } client
            ? JsonWebKeySet.ToResponse(keySetLag.Of(client).Where(key => !request.Query.TryGetValue("kid", out StringValues kid) || key.KeyId == kid))
            : ApiResponse.NoSuchClient();

    private static ApiResponse Refused(KeyAddition outcome) => outcome switch
    {
        KeyAddition.TooManyKeys => ApiResponse.Error(
            StatusCodes.Status400BadRequest, $"The client already has {ClientStore.MostKeysPerClient} access keys; delete one first.", "AccessKeyLimitReached"),
        KeyAddition.DuplicatePublicKey => ApiResponse.Error(
            StatusCodes.Status409Conflict, "The client already has an access key with this public key.", "DuplicatePublicKey"),
        _ => ApiResponse.NoSuchClient(),
    };

    private static ApiResponse NewKey(string clientId, KeyIssue issue) => ApiResponse.Json(StatusCodes.Status201Created, json =>
    {
        json.WriteStartObject();
        ClientJson.WriteKeyMembers(json, clientId, issue.Key);
        if (issue.AccessKey is { } accessKey)
        {
            json.WriteString("accessKey", accessKey);
            // A different string, as in Authress, so that a test detects a caller that confuses the two.
            json.WriteString("clientSecret", Identifiers.NewClientSecret());
        }

        json.WriteEndObject();
    });
}
