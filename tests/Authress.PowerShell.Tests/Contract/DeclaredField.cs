using System.Collections;
using System.Reflection;
using System.Runtime.Loader;

namespace Authress.PowerShell.Tests.Contract;

/// <summary>A field of a service client as the client library declares it, read from the module as it is loaded.</summary>
internal sealed record DeclaredField(string Name, string? ApiName, Type ValueType, bool IsClearable)
{
    /// <summary>The fields in their order.</summary>
    public static IReadOnlyList<DeclaredField> All { get; } = Read();

    /// <summary>A value in a script, by the type of the field. That of a grant is text, as it comes from a file.</summary>
    public string Argument => Sample.Argument;

    /// <summary>The same value as text.</summary>
    public string Text => Sample.Text;

    private (string Argument, string Text) Sample => ValueType.Name switch
    {
        "String" => ("'sample'", "sample"),
        "Boolean" => ("'true'", "True"),
        "TagMap" => ("@{ a = 'b' }", "a=b"),
        "RateLimit" => ("'PT5M:1000'", "PT5M:1000"),
        _ => throw new NotSupportedException($"{Name} is a {ValueType}: add a sample of that type here."),
    };

    public static DeclaredField Find(string name) => All.Single(field => field.Name == name);

    private static DeclaredField[] Read()
    {
        _ = ExportedCommands.Assembly("Authress.PowerShell");
        Assembly client = AssemblyLoadContext.All.Single(context => context.Name == "Authress").LoadFromAssemblyName(new AssemblyName("Authress.Client"));
        IEnumerable all = (IEnumerable)client.GetType("Authress.Client.ServiceClients.ServiceClientFields", throwOnError: true)!.GetProperty("All")!.GetValue(null)!;
        return [.. all.Cast<object>().Select(field => new DeclaredField((string)Get(field, "Name"), (string?)Get(field, "ApiName"), (Type)Get(field, "ValueType"), (bool)Get(field, "IsClearable")))];

        static object Get(object field, string property) => field.GetType().GetProperty(property)!.GetValue(field)!;
    }
}
