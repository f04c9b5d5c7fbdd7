namespace System.Runtime.CompilerServices;

/// <summary>What the compiler calls for a range of an array.</summary>
internal static class RuntimeHelpers
{
    public static T[] GetSubArray<T>(T[] array, Range range)
    {
        (int offset, int length) = range.GetOffsetAndLength(array.Length);
        T[] part = new T[length];
        Array.Copy(array, offset, part, 0, length);
        return part;
    }
}
