using System.Collections.Immutable;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Authress.PowerShell.Tests.Loading;

/// <summary>
/// A set of assemblies that is to be complete in itself, read as data: finds the types and members that an assembly names
/// in others as the runtime would, forwarders and inherited members included.
/// </summary>
internal sealed class AssemblyReferences(IReadOnlyDictionary<string, string> filesByName) : IDisposable
{
    private readonly Dictionary<string, Image> _images = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>What an assembly names of others and is not there, and how many names were looked up.</summary>
    /// <param name="name">The assembly.</param>
    /// <param name="isKnown">Whether another assembly is in the set at all; what is named of one that is not is left out.</param>
    public (IReadOnlyList<string> Missing, int Found) Check(string name, Func<string, bool> isKnown)
    {
        Image image = Open(name);
        List<string> missing = [];
        int found = 0;
        foreach (TypeReferenceHandle handle in image.Reader.TypeReferences)
        {
            if (!isKnown(image.AssemblyOf(handle)))
                continue;
            if (Find(image, handle) is null)
                missing.Add($"{image.AssemblyOf(handle)}: {image.NameOf(handle)}");
            else
                found++;
        }

        foreach (MemberReference member in image.Reader.MemberReferences.Select(image.Reader.GetMemberReference))
        {
            // Of a type of this assembly's own, or a method that the runtime gives every array.
            if (image.TypeOf(member.Parent) is not { Reference: { } type } || !isKnown(image.AssemblyOf(type)) || Find(image, type) is not { } owner)
                continue;
            if (Has(owner, image.Signature(member)))
                found++;
            else
                missing.Add($"{image.AssemblyOf(type)}: {image.NameOf(type)}: {image.Signature(member)}");
        }

        return (missing, found);
    }

    public void Dispose()
    {
        foreach (Image image in _images.Values)
            image.Dispose();
    }

    private Image Open(string name) =>
        _images.TryGetValue(name, out Image? image) ? image : _images[name] = new Image(filesByName[name]);

    private (Image Image, TypeDefinition Type)? Find(Image image, TypeReferenceHandle handle) => Find(image.AssemblyOf(handle), image.NameOf(handle));

    private (Image Image, TypeDefinition Type)? Find(string assembly, string name)
    {
        // A facade forwards to the assembly that has the type.
        while (filesByName.ContainsKey(assembly))
        {
            Image image = Open(assembly);
            if (image.Types.TryGetValue(name, out TypeDefinitionHandle type))
                return (image, image.Reader.GetTypeDefinition(type));
            if (!image.Forwarded.TryGetValue(name.Split('/')[0], out string? next))
                return null;
            assembly = next;
        }

        return null;
    }

    private bool Has((Image Image, TypeDefinition Type) owner, string signature)
    {
        (Image image, TypeDefinition type) = owner;
        if (image.Members(type).Contains(signature))
            return true;
        return !type.BaseType.IsNil && image.TypeOf(type.BaseType) switch
        {
            { Definition: { } definition } => Has((image, image.Reader.GetTypeDefinition(definition)), signature),
            { Reference: { } reference } => Find(image, reference) is { } parent && Has(parent, signature),
            _ => false,
        };
    }

    /// <summary>A type in a signature: its text without the assembly, which may be another here than there, and where it is named or defined.</summary>
    private sealed record TypeName(string Text, TypeReferenceHandle? Reference = null, TypeDefinitionHandle? Definition = null)
    {
        public override string ToString() => Text;
    }

    private sealed class Image : ISignatureTypeProvider<TypeName, object?>, IDisposable
    {
        private readonly PEReader _file;

        public Image(string path)
        {
            _file = new PEReader(File.OpenRead(path));
            Reader = _file.GetMetadataReader();
            Types = Reader.TypeDefinitions.ToDictionary(NameOf);
            Forwarded = Reader.ExportedTypes.Select(Reader.GetExportedType)
                .Where(type => type.Implementation.Kind == HandleKind.AssemblyReference)
                .ToDictionary(type => Full(type.Namespace, type.Name), type => AssemblyName((AssemblyReferenceHandle)type.Implementation));
        }

        public MetadataReader Reader { get; }

        public Dictionary<string, TypeDefinitionHandle> Types { get; }

        /// <summary>By type, the assembly that it has been moved to.</summary>
        public Dictionary<string, string> Forwarded { get; }

        public string AssemblyOf(TypeReferenceHandle handle) => Reader.GetTypeReference(handle).ResolutionScope switch
        {
            { Kind: HandleKind.AssemblyReference } assembly => AssemblyName((AssemblyReferenceHandle)assembly),
            { Kind: HandleKind.TypeReference } outer => AssemblyOf((TypeReferenceHandle)outer),
            EntityHandle other => throw new BadImageFormatException($"A type is named in a scope of kind {other.Kind}."),
        };

        public string NameOf(TypeReferenceHandle handle)
        {
            TypeReference type = Reader.GetTypeReference(handle);
            return type.ResolutionScope.Kind == HandleKind.TypeReference
                ? $"{NameOf((TypeReferenceHandle)type.ResolutionScope)}/{Reader.GetString(type.Name)}"
                : Full(type.Namespace, type.Name);
        }

        public TypeName TypeOf(EntityHandle handle) => handle.Kind switch
        {
            HandleKind.TypeReference => GetTypeFromReference(Reader, (TypeReferenceHandle)handle, 0),
            HandleKind.TypeDefinition => GetTypeFromDefinition(Reader, (TypeDefinitionHandle)handle, 0),
            HandleKind.TypeSpecification => Reader.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(this, null),
            _ => new TypeName(handle.Kind.ToString()),
        };

        public string Signature(MemberReference member) => member.GetKind() == MemberReferenceKind.Field
            ? Text(member.Name, member.DecodeFieldSignature(this, null))
            : Text(member.Name, member.DecodeMethodSignature(this, null));

        public HashSet<string> Members(TypeDefinition type) =>
        [
            .. type.GetFields().Select(Reader.GetFieldDefinition).Select(field => Text(field.Name, field.DecodeSignature(this, null))),
            .. type.GetMethods().Select(Reader.GetMethodDefinition).Select(method => Text(method.Name, method.DecodeSignature(this, null))),
        ];

        public void Dispose() => _file.Dispose();

        public TypeName GetPrimitiveType(PrimitiveTypeCode typeCode) => new($"System.{typeCode}");

        public TypeName GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) => new(NameOf(handle), Definition: handle);

        public TypeName GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) => new(NameOf(handle), handle);

        public TypeName GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) => TypeOf(handle);

        public TypeName GetGenericInstantiation(TypeName genericType, ImmutableArray<TypeName> typeArguments) =>
            genericType with { Text = $"{genericType}<{string.Join(", ", typeArguments)}>" };

        public TypeName GetArrayType(TypeName elementType, ArrayShape shape) => new($"{elementType}[rank {shape.Rank}]");

        public TypeName GetSZArrayType(TypeName elementType) => new($"{elementType}[]");

        public TypeName GetByReferenceType(TypeName elementType) => new($"{elementType}&");

        public TypeName GetPointerType(TypeName elementType) => new($"{elementType}*");

        public TypeName GetPinnedType(TypeName elementType) => elementType;

        public TypeName GetModifiedType(TypeName modifier, TypeName unmodifiedType, bool isRequired) => new($"{unmodifiedType} {(isRequired ? "modreq" : "modopt")}({modifier})");

        public TypeName GetFunctionPointerType(MethodSignature<TypeName> signature) => new($"*{Text(signature)}");

        public TypeName GetGenericTypeParameter(object? genericContext, int index) => new($"!{index}");

        public TypeName GetGenericMethodParameter(object? genericContext, int index) => new($"!!{index}");

        private static string Text(MethodSignature<TypeName> signature) =>
            $"{(signature.Header.IsInstance ? "instance " : "")}{signature.ReturnType}`{signature.GenericParameterCount}({string.Join(", ", signature.ParameterTypes)})";

        private string Text(StringHandle name, TypeName field) => $"{Reader.GetString(name)}: {field}";

        private string Text(StringHandle name, MethodSignature<TypeName> method) => $"{Reader.GetString(name)}: {Text(method)}";

        private string NameOf(TypeDefinitionHandle handle)
        {
            TypeDefinition type = Reader.GetTypeDefinition(handle);
            return type.GetDeclaringType() is { IsNil: false } outer ? $"{NameOf(outer)}/{Reader.GetString(type.Name)}" : Full(type.Namespace, type.Name);
        }

        private string Full(StringHandle space, StringHandle name) => space.IsNil ? Reader.GetString(name) : $"{Reader.GetString(space)}.{Reader.GetString(name)}";

        private string AssemblyName(AssemblyReferenceHandle handle) => Reader.GetString(Reader.GetAssemblyReference(handle).Name);
    }
}
