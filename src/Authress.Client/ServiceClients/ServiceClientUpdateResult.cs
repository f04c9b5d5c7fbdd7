namespace Authress.Client.ServiceClients;

/// <summary>The result of an update.</summary>
/// <param name="Client">The client as it is now.</param>
/// <param name="WasWritten">Whether the client was written; false where it already was as requested.</param>
public sealed record ServiceClientUpdateResult(ServiceClient Client, bool WasWritten);
