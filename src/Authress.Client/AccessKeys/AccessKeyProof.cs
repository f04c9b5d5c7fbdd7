namespace Authress.Client.AccessKeys;

/// <summary>The result of a test of an access key.</summary>
/// <param name="Works">Whether Authress accepts the key; null if nothing was proved.</param>
/// <param name="StatusCode">The status of the request that the key signed; null if no response arrived.</param>
/// <param name="IsRegistered">Whether Authress has the key's public half under its id; null if that could not be read.</param>
/// <param name="Message">The reason; null if there is nothing to add.</param>
public sealed record AccessKeyProof(bool? Works, int? StatusCode, bool? IsRegistered, string? Message);
