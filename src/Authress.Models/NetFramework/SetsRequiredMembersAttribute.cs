#if !NET
namespace System.Diagnostics.CodeAnalysis;

/// <summary>Marks a constructor that sets every required member. The copy constructor of a record has it.</summary>
[AttributeUsage(AttributeTargets.Constructor)]
internal sealed class SetsRequiredMembersAttribute : Attribute;
#endif
