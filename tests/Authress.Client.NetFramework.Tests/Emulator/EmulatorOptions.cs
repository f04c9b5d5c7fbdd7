namespace Authress.Emulator;

/// <summary>Those of the emulator's options that the tests set.</summary>
internal sealed record EmulatorOptions
{
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    public bool ListOmitsKeys { get; init; }

    public PagingStyle Paging { get; init; }
}

public enum PagingStyle
{
    CursorAndLink,
    CursorOnly,
    LinkOnly,
}
