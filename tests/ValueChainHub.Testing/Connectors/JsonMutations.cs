using System.Text;
using System.Text.Json.Nodes;

namespace ValueChainHub.Testing.Connectors;

/// <summary>A body with one member at a time replaced by a value of every other type, or left out.</summary>
public static class JsonMutations
{
    /// <summary>A value that must not be seen in any reason.</summary>
    public const string Canary = "canary-5150";

    private static readonly string[] Replacements =
        ["null", "true", "0", "-1", "1.5", "99999999999999999999", "1e999", $"\"{Canary}\"", "\"\"", "[]", "{}", $"[\"{Canary}\",7,null,[]]", $"{{\"{Canary}\":1}}", "\"9999-12-31T23:59:59-14:00\"", "\"0001-01-01T00:00:00+14:00\""];

    public static IEnumerable<byte[]> Of(byte[] body)
    {
        var root = JsonNode.Parse(body)!;
        foreach (var path in Paths(root).ToList())
        {
            foreach (var replacement in Replacements)
                yield return Changed(root, path, replacement);
            yield return Changed(root, path, null);
        }
    }

    private static byte[] Changed(JsonNode root, IReadOnlyList<object> path, string? replacement)
    {
        var copy = root.DeepClone();
        var parent = path.SkipLast(1).Aggregate(copy, (node, step) => step is string name ? node[name]! : node[(int)step]!);
        if (parent is JsonObject members)
        {
            var name = (string)path[^1];
            if (replacement is null)
                members.Remove(name);
            else
                members[name] = "\u0001replacement";
        }
        else if (parent is JsonArray items)
        {
            if (replacement is null)
                items.RemoveAt((int)path[^1]);
            else
                items[(int)path[^1]] = "\u0001replacement";
        }
        // Replaced as text: some of the values are numbers that no JsonNode holds.
        return Encoding.UTF8.GetBytes(copy.ToJsonString().Replace("\"\\u0001replacement\"", replacement ?? "", StringComparison.Ordinal));
    }

    private static IEnumerable<IReadOnlyList<object>> Paths(JsonNode node, params object[] at)
    {
        var children = node switch
        {
            JsonObject members => members.Select(member => (Step: (object)member.Key, member.Value)),
            JsonArray items => items.Take(2).Select((item, index) => (Step: (object)index, Value: item)),
            _ => [],
        };
        foreach (var (step, value) in children)
        {
            object[] path = [.. at, step];
            yield return path;
            if (value is not null)
            {
                foreach (var deeper in Paths(value, path))
                    yield return deeper;
            }
        }
    }
}
