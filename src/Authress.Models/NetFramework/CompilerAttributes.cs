#if !NET
namespace System.Runtime.CompilerServices;

// Types that the compiler asks for by name and .NET Framework does not have; the module's other assemblies see these. Written
// out, since a source generator that makes them puts them in another order at each build, and a build must be the same twice.

/// <summary>Marks an accessor that is only for initialization.</summary>
internal static class IsExternalInit;

/// <summary>Marks a member that whoever creates the object must set.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Field | AttributeTargets.Property, Inherited = false)]
internal sealed class RequiredMemberAttribute : Attribute;

/// <summary>Names what a compiler must know to use a type.</summary>
[AttributeUsage(AttributeTargets.All, AllowMultiple = true, Inherited = false)]
internal sealed class CompilerFeatureRequiredAttribute(string featureName) : Attribute
{
    public string FeatureName { get; } = featureName;
}
#endif
