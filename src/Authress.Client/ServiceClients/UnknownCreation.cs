using Authress.Client.Transport;

namespace Authress.Client.ServiceClients;

/// <summary>A creation whose outcome is unknown.</summary>
/// <param name="Name">The name of the client to create.</param>
/// <param name="Began">When the request began, by <see cref="ServerClock.Now"/>.</param>
internal sealed record UnknownCreation(string? Name, long Began);
