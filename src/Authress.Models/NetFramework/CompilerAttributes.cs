#if !NET
namespace System.Runtime.CompilerServices;

// Types that the compiler needs and .NET Framework lacks. The module's other assemblies use them too. Not generated, because
// a generator's varying order would make builds irreproducible.

/// <summary>Marks an accessor for initialization only.</summary>
internal static class IsExternalInit;

/// <summary>Marks a member that must be set when the object is created.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Field | AttributeTargets.Property, Inherited = false)]
internal sealed class RequiredMemberAttribute : Attribute;

/// <summary>Names a feature that a compiler must support to use a type.</summary>
[AttributeUsage(AttributeTargets.All, AllowMultiple = true, Inherited = false)]
internal sealed class CompilerFeatureRequiredAttribute(string featureName) : Attribute
{
    public string FeatureName { get; } = featureName;
}
#endif
