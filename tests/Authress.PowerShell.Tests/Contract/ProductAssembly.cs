using System.Collections;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Resources;
using Authress.PowerShell.Tests.Hosting;

namespace Authress.PowerShell.Tests.Contract;

/// <summary>One of the product's own assemblies as it ships, read as data: its texts, its literals and what its code does with them.</summary>
/// <param name="Texts">The resource file's texts by name; empty for an assembly without the file.</param>
/// <param name="Literals">Every literal of the code.</param>
/// <param name="Commands">Those that are parts of commands which a report shows.</param>
/// <param name="UsedTexts">The names of the texts that the code reads.</param>
/// <param name="ErrorIds">The ids of errors: in the factory, the literals that are followed by a category.</param>
/// <param name="ErrorMakers">The types whose code makes an ErrorRecord.</param>
internal sealed record ProductAssembly(
    IReadOnlyDictionary<string, string> Texts, string[] Literals, string[] Commands, string[] UsedTexts, string[] ErrorIds, string[] ErrorMakers)
{
    /// <summary>The assemblies of the built module, for both editions.</summary>
    public static ProductAssembly[] ReadAll() => [.. Directory.EnumerateFiles(Shell.ModuleFolder, "Authress.*.dll", SearchOption.AllDirectories).Select(Read)];

    private static ProductAssembly Read(string path)
    {
        using PEReader file = new(File.OpenRead(path));
        MetadataReader reader = file.GetMetadataReader();
        Method[] methods = [.. reader.TypeDefinitions.SelectMany(type => MethodsOf(type, file, reader))];
        return new ProductAssembly(
            TextsOf(file, reader),
            [.. LiteralsOf(reader)],
            [.. methods.Where(method => method.Type == "ReportFixes").SelectMany(method => method.Literals()).Select(token => reader.GetUserString(MetadataTokens.UserStringHandle(token)))],
            [.. Members("Messages", reader).Where(member => member.Name.StartsWith("get_", StringComparison.Ordinal) && methods.Any(method => method.Does(ILOpCode.Call, member.Token))).Select(member => member.Name["get_".Length..])],
            [.. methods.Where(method => method.Type == "ErrorFactory").SelectMany(method => method.LiteralsBeforeNumbers()).Select(token => reader.GetUserString(MetadataTokens.UserStringHandle(token)))],
            [.. Members("ErrorRecord", reader).Where(member => member.Name == ".ctor").SelectMany(member => methods.Where(method => method.Does(ILOpCode.Newobj, member.Token))).Select(method => method.Type)]);
    }

    private static IEnumerable<string> LiteralsOf(MetadataReader reader)
    {
        for (UserStringHandle literal = MetadataTokens.UserStringHandle(1); !literal.IsNil; literal = reader.GetNextHandle(literal))
            yield return reader.GetUserString(literal);
    }

    private static Dictionary<string, string> TextsOf(PEReader file, MetadataReader reader)
    {
        Dictionary<string, string> texts = [];
        // The others are parts of the report's page.
        foreach (ManifestResource resource in reader.ManifestResources.Select(reader.GetManifestResource).Where(resource => reader.GetString(resource.Name).EndsWith(".resources", StringComparison.Ordinal)))
        {
            BlobReader content = file.GetSectionData(file.PEHeaders.CorHeader!.ResourcesDirectory.RelativeVirtualAddress).GetReader();
            content.Offset = (int)resource.Offset;
            using ResourceReader entries = new(new MemoryStream(content.ReadBytes(content.ReadInt32())));
            foreach (DictionaryEntry text in entries)
                texts.Add((string)text.Key, (string)text.Value!);
        }

        return texts;
    }

    /// <summary>A type's members, as an assembly names them.</summary>
    private static IEnumerable<(string Name, int Token)> Members(string type, MetadataReader reader) =>
    [
        .. from handle in reader.MemberReferences
           let member = reader.GetMemberReference(handle)
           where member.Parent.Kind == HandleKind.TypeReference && reader.StringComparer.Equals(reader.GetTypeReference((TypeReferenceHandle)member.Parent).Name, type)
           select (reader.GetString(member.Name), MetadataTokens.GetToken(handle)),
        .. from handle in reader.MethodDefinitions
           let method = reader.GetMethodDefinition(handle)
           where reader.StringComparer.Equals(reader.GetTypeDefinition(method.GetDeclaringType()).Name, type)
           select (reader.GetString(method.Name), MetadataTokens.GetToken(handle)),
    ];

    private static IEnumerable<Method> MethodsOf(TypeDefinitionHandle handle, PEReader file, MetadataReader reader)
    {
        TypeDefinition type = reader.GetTypeDefinition(handle);
        TypeDefinition outermost = type;
        while (!outermost.GetDeclaringType().IsNil)
            outermost = reader.GetTypeDefinition(outermost.GetDeclaringType());
        string name = reader.GetString(outermost.Name);
        return type.GetMethods().Select(reader.GetMethodDefinition)
            .Where(method => method.RelativeVirtualAddress != 0)
            .Select(method => new Method(name, file.GetMethodBody(method.RelativeVirtualAddress).GetILBytes()!));
    }

    /// <summary>A method's code, with the outermost type that it stands in.</summary>
    private sealed record Method(string Type, byte[] Code)
    {
        private const byte LiteralTable = 0x70;

        /// <summary>Whether an operation has that operand. Other bytes that happen to look the same also count.</summary>
        public bool Does(ILOpCode operation, int token) => Code.AsSpan().IndexOf([(byte)operation, .. BitConverter.GetBytes(token)]) >= 0;

        /// <summary>The heap offsets of the literals that are followed by a constant number.</summary>
        public IEnumerable<int> Literals() =>
            from position in Enumerable.Range(0, Math.Max(0, Code.Length - 4))
            where (ILOpCode)Code[position] == ILOpCode.Ldstr && Code[position + 4] == LiteralTable
            select BitConverter.ToInt32(Code, position + 1) & 0xFFFFFF;

        public IEnumerable<int> LiteralsBeforeNumbers() =>
            from position in Enumerable.Range(0, Math.Max(0, Code.Length - 5))
            where (ILOpCode)Code[position] == ILOpCode.Ldstr && Code[position + 4] == LiteralTable
                && (ILOpCode)Code[position + 5] is >= ILOpCode.Ldc_i4_m1 and <= ILOpCode.Ldc_i4
            select BitConverter.ToInt32(Code, position + 1) & 0xFFFFFF;
    }
}
