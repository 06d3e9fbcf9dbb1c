namespace ValueChainHub.Testing.Connectors;

/// <summary>A body as a vendor sends it. Its file is named by the topic, <c>/</c> as <c>-</c>, with a variant after <c>~</c>: <c>orders-create~guest.json</c>.</summary>
public sealed record Recording(string Name, string Topic, byte[] Body)
{
    public static IReadOnlyList<Recording> All(string folder) =>
        [.. Directory.GetFiles(folder, "*.json").Order(StringComparer.Ordinal).Select(path => Read(path))];

    public static Recording Read(string path)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        return new(name, name.Split('~')[0].Replace('-', '/'), File.ReadAllBytes(path));
    }

    public override string ToString() => Name;
}
