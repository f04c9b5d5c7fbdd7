namespace Authress.Client.Tests.Emulator;

/// <summary>A clock that stands still until it is set, and then notifies its subscribers.</summary>
internal sealed class SettableClock(DateTimeOffset now) : TimeProvider
{
    public event Action<DateTimeOffset>? Moved;

    public DateTimeOffset Now
    {
        get;
        set
        {
            field = value;
            Moved?.Invoke(value);
        }
    } = now;

    public override DateTimeOffset GetUtcNow() => Now;
}
