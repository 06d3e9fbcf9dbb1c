using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace ValueChainHub.Heads.Tests.Conventions;

/// <summary>What a compiled assembly names outside itself, read from its metadata; nothing of it is run.</summary>
internal sealed class CompiledCode
{
    private CompiledCode(MetadataReader reader)
    {
        Assemblies = [.. reader.AssemblyReferences.Select(handle => reader.GetString(reader.GetAssemblyReference(handle).Name))];
        Members = [.. reader.MemberReferences.Select(handle => NameOf(reader, reader.GetMemberReference(handle))).Distinct()];
    }

    public IReadOnlyList<string> Assemblies { get; }

    /// <summary>Members of other assemblies' types, as <c>Namespace.Type.Member</c>.</summary>
    public IReadOnlyList<string> Members { get; }

    public static CompiledCode Read(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        return new CompiledCode(file.GetMetadataReader());
    }

    private static string NameOf(MetadataReader reader, MemberReference member) =>
        $"{OwnerOf(reader, member.Parent)}.{reader.GetString(member.Name)}";

    private static string OwnerOf(MetadataReader reader, EntityHandle owner)
    {
        if (owner.Kind != HandleKind.TypeReference)
            return "";

        var type = reader.GetTypeReference((TypeReferenceHandle)owner);
        return $"{reader.GetString(type.Namespace)}.{reader.GetString(type.Name)}";
    }
}
