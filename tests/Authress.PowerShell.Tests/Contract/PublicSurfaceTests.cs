using System.Management.Automation;
using System.Reflection;

namespace Authress.PowerShell.Tests.Contract;

/// <summary>
/// PowerShell reflects over a module's types before the module can say where its dependencies are. So nothing that can be
/// seen of the two assemblies in PowerShell's own context may come from an isolated one.
/// </summary>
public sealed class PublicSurfaceTests
{
    private const BindingFlags Visible = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly string Framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;

    [Theory]
    [InlineData("Authress.PowerShell")]
    [InlineData("Authress.Models")]
    public void Shows_no_type_of_a_dependency(string assembly)
    {
        HashSet<string> strangers = [];
        Type[] types = ExportedCommands.Assembly(assembly).GetExportedTypes();
        Assert.NotEmpty(types);
        foreach (Type type in types)
        {
            foreach (Type seen in SeenIn(type).SelectMany(Parts).Where(seen => !IsAllowed(seen)))
                strangers.Add($"{type.Name}: {seen.FullName}");
        }

        Assert.Empty(strangers);
    }

    [Fact]
    public void Shows_no_type_of_the_cmdlets_assembly_in_the_models()
    {
        Assembly models = ExportedCommands.Assembly("Authress.Models");
        Assert.DoesNotContain(models.GetReferencedAssemblies(), reference => reference.Name is "Authress.PowerShell" or "Authress.Client" or "System.Management.Automation");
    }

    // What PowerShell, or a script, gets to see of a type: bases, interfaces, attributes, and members that are public or inherited by others.
    private static IEnumerable<Type> SeenIn(Type type)
    {
        for (Type? up = type.BaseType; up is not null; up = up.BaseType)
            yield return up;
        foreach (Type each in type.GetInterfaces())
            yield return each;
        foreach (Type each in type.GetCustomAttributesData().Select(data => data.AttributeType))
            yield return each;
        foreach (MemberInfo member in type.GetMembers(Visible))
        {
            IEnumerable<Type> seen = member switch
            {
                MethodBase { IsPrivate: false, IsAssembly: false, IsFamilyAndAssembly: false } method =>
                    [.. method.GetParameters().Select(parameter => parameter.ParameterType), method is MethodInfo { ReturnType: { } returned } ? returned : typeof(void)],
                PropertyInfo property when property.GetAccessors().Length > 0 => [property.PropertyType, .. property.GetCustomAttributesData().Select(data => data.AttributeType)],
                FieldInfo { IsPrivate: false, IsAssembly: false, IsFamilyAndAssembly: false } field => [field.FieldType],
                EventInfo { EventHandlerType: { } handler } => [handler],
                _ => [],
            };
            foreach (Type each in seen)
                yield return each;
        }
    }

    private static IEnumerable<Type> Parts(Type type) =>
        type.HasElementType ? Parts(type.GetElementType()!)
        : type.IsConstructedGenericType ? type.GetGenericArguments().SelectMany(Parts).Append(type)
        : [type];

    private static bool IsAllowed(Type type) =>
        type.Assembly == typeof(PSObject).Assembly
        || type.Assembly.GetName().Name is "Authress.PowerShell" or "Authress.Models"
        || Path.GetDirectoryName(type.Assembly.Location) == Framework;
}
