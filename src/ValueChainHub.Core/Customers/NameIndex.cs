using System.Security.Cryptography;
using System.Text.Json;
using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Identity;
using ValueChainHub.Core.Storage;

namespace ValueChainHub.Core.Customers;

/// <summary>The names by which people look entities up: order numbers, tracking numbers.</summary>
/// <remarks>
/// Neighbouring numbers share a partition, and what one batch of deliveries names in a partition is one item, created once under the digest of its content: a hundred orders of
/// a shop cost two or three writes instead of a hundred, nothing is read to write it, and written twice it is the same (ADR 16).
/// </remarks>
internal sealed class NameIndex(IHubStore store, DerivedIds ids)
{
    /// <summary>Numbers that differ in their last digits only are neighbours.</summary>
    private const int DigitsOfNeighbours = 2;

    private const int NamesPerItem = 500;
    private const int PageSize = 200;

    /// <summary>A name as text: its kind and value.</summary>
    public static string NameOf(Reference reference) => $"{reference.Kind}/{reference.Value}";

    /// <summary>Keeps what deliveries named. Done before they count as done.</summary>
    public async Task WriteAsync(IEnumerable<NamedEntity> names, CancellationToken cancellationToken)
    {
        foreach (var neighbours in names.Distinct().GroupBy(name => PartitionOf(name.Name.Kind, name.Name.Value), StringComparer.Ordinal))
        {
            foreach (var part in neighbours.OrderBy(name => name.Name.Value, StringComparer.Ordinal).ThenBy(name => name.Entity.ToString(), StringComparer.Ordinal).Chunk(NamesPerItem))
                await WriteAsync(neighbours.Key, part, cancellationToken);
        }
    }

    /// <summary>The entities of a name, in the order of their keys.</summary>
    public async ValueTask<IReadOnlyList<EntityKey>> FindAsync(string kind, string value, int limit, CancellationToken cancellationToken)
    {
        var (found, range, partition) = (new SortedSet<string>(StringComparer.Ordinal), new IdRange(null, null), PartitionOf(kind, value));
        while (true)
        {
            var page = await store.ReadRangeAsync(HubContainers.Homes, partition, range, PageSize, cancellationToken);
            foreach (var item in page)
                found.UnionWith(Read(item).GetValueOrDefault(value) ?? []);
            if (page.Count < PageSize)
                return [.. found.Take(limit).Select(EntityKey.Parse)];
            range = range.After(page[^1].Id);
        }
    }

    private async ValueTask WriteAsync(string partition, IEnumerable<NamedEntity> names, CancellationToken cancellationToken)
    {
        var document = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var (name, entity) in names)
        {
            if (!document.TryGetValue(name.Value, out var entities))
                document[name.Value] = entities = [];
            entities.Add(entity.ToString());
        }
        var body = JsonSerializer.SerializeToUtf8Bytes(document, DocumentContext.Default.DictionaryStringListString);
        var id = "n|" + Convert.ToHexStringLower(SHA256.HashData(body).AsSpan(0, 12));
        await store.CommitAsync(HubContainers.Homes, partition, [new WriteOperation.Create(id, body)], cancellationToken);
    }

    private string PartitionOf(string kind, string value) => ids.OfReference(kind, value.Length > DigitsOfNeighbours && EndsInDigits(value) ? value[..^DigitsOfNeighbours] + "00" : value);

    private static bool EndsInDigits(string value) => !value.AsSpan(value.Length - DigitsOfNeighbours).ContainsAnyExceptInRange('0', '9');

    private static Dictionary<string, List<string>> Read(StoredItem item) => JsonSerializer.Deserialize(item.Body.Span, DocumentContext.Default.DictionaryStringListString)!;
}

/// <summary>An entity, and a name that a delivery gave it.</summary>
public sealed record NamedEntity(Reference Name, EntityKey Entity);
