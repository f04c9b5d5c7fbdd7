using System.Security;
using Authress.Client.Rotations;

namespace Authress.PowerShell.Rotations;

/// <summary>A destination that could not be opened, and that may hold any key of its client.</summary>
/// <param name="name">Its name in messages.</param>
internal sealed class UnopenedDestination(string name) : IRotationDestination
{
    public RotationPlace Place { get; } = new(name, name);

    public bool WritesAtOnce => false;

    public Task CheckAsync() => FailAsync<bool>();

    public Task PrepareAsync() => FailAsync<bool>();

    public Task<SecureString?> ReadAsync() => FailAsync<SecureString?>();

    public Task WriteAsync(IssuedAccessKey key) => FailAsync<bool>();

    // Its own row has reported why.
    private Task<T> FailAsync<T>() => Task.FromException<T>(new IOException(Place.Name));
}
