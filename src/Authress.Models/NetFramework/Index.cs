#if !NET
namespace System;

/// <summary>An index in a list, from its start or its end. The compiler needs it for list patterns.</summary>
internal readonly struct Index(int value, bool fromEnd = false)
{
    private readonly int _value = value;
    private readonly bool _fromEnd = fromEnd;

    public static implicit operator Index(int value) => new(value);

    public int GetOffset(int length) => _fromEnd ? length - _value : _value;
}
#endif
