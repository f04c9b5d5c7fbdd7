#if !NET
namespace System;

/// <summary>A place in a list, counted from its start or its end. The compiler asks for it where a pattern looks into a list.</summary>
internal readonly struct Index(int value, bool fromEnd = false)
{
    private readonly int _value = value;
    private readonly bool _fromEnd = fromEnd;

    public static implicit operator Index(int value) => new(value);

    public int GetOffset(int length) => _fromEnd ? length - _value : _value;
}
#endif
