namespace Authress.Client.Rotations;

/// <summary>A destination can't be used.</summary>
public sealed class DestinationException : IOException
{
    /// <summary>Creates one.</summary>
    /// <param name="name">The destination in words.</param>
    /// <param name="cause">The failure.</param>
    public DestinationException(string name, Exception cause)
        : base(cause?.Message, cause) => Name = name;

    /// <summary>The destination in words.</summary>
    public string Name { get; }
}
