using System.Text;
using System.Text.Json;
using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Customers;
using ValueChainHub.Core.Identity;
using ValueChainHub.Core.Storage;
using ValueChainHub.Testing.Model;
using ValueChainHub.Testing.Storage;

namespace ValueChainHub.Core.Tests.Model;

/// <summary>The real fold over a store in memory, driven through one schedule of a history.</summary>
internal sealed class ModelHub
{
    public static readonly DerivedIds Ids = new(Encoding.UTF8.GetBytes("0123456789abcdef0123456789abcdef"));
    private readonly MemoryHubStore _store = new();
    private readonly GraphLimits _limits;
    private int _received;

    public ModelHub(GraphLimits limits) => _limits = limits;

    public MemoryHubStore Store => _store;

    /// <summary>Runs every delivery at least once, some more often, in an order and an interleaving drawn from the seed; some callers crash half-way and run again.</summary>
    public async Task RunAsync(History history, int seed, double doubles = 0.3, double crashes = 0.15)
    {
        var random = new Random(seed);
        var interleaved = new InterleavingStore(_store, random);
        var deliveries = history.Deliveries.Concat(history.Deliveries.Where(_ => random.NextDouble() < doubles)).ToArray();
        random.Shuffle(deliveries);
        var half = deliveries.Length / 2;
        await interleaved.RunAsync([.. Callers(interleaved, deliveries[..half])], crashes);
        await interleaved.RunAsync([.. Callers(interleaved, deliveries[half..]), .. Hands(interleaved, history.Bonds)], crashes);
        await interleaved.RunAsync([.. Hands(interleaved, history.Bonds)], 0);
    }

    /// <summary>The record of every customer that any of the identifiers resolves to.</summary>
    public async Task<SortedDictionary<string, string>> RecordsAsync(IEnumerable<Identifier> identifiers)
    {
        var directory = new CustomerDirectory(_store, Ids, _limits);
        var records = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var identifier in identifiers)
        {
            foreach (var customer in await directory.SearchAsync(identifier, CancellationToken.None))
                records[customer.Id] = Text(RecordComposer.Compose(customer.Profiles, _limits));
        }
        return records;
    }

    /// <summary>Ids of all events that deliveries gave rise to; notices about identity tell of arrival and are left out.</summary>
    public Task<SortedSet<string>> EventIdsAsync() => EventIdsAsync((type, _) => !IsNotice(type));

    /// <summary>Ids of the notices of whose the things of shoppers turned out to be.</summary>
    public Task<SortedSet<string>> LinkNoticesAsync() => EventIdsAsync((type, subject) => type == EventCatalogue.CustomerLinked && !IsParcel(subject));

    /// <summary>The events of carriers in the timeline of each customer, read over pages.</summary>
    public async Task<SortedSet<string>> ParcelEventsAsync(string customerId)
    {
        var ids = new SortedSet<string>(StringComparer.Ordinal);
        var reads = new ReadCustomers(_store, Ids, new(_store, Ids, _limits), new([]), _limits);
        for (string? cursor = null; ;)
        {
            var page = (await reads.TimelineAsync(customerId, 3, cursor, CancellationToken.None)).ShouldNotBeNull();
            foreach (var (id, type, subject) in page.Items.Select(HeadOf))
            {
                type.ShouldNotBe(EventCatalogue.CustomerLinked, "a notice for consumers stands in a timeline");
                if (IsParcel(subject))
                    ids.Add(id).ShouldBeTrue("an event stands in the timeline twice");
            }
            if (page.Cursor is null)
                return ids;
            cursor = page.Cursor;
        }
    }

    private async Task<SortedSet<string>> EventIdsAsync(Func<string, string, bool> which)
    {
        var ids = new SortedSet<string>(StringComparer.Ordinal);
        var page = await _store.ReadFeedAsync(HubContainers.Profiles, FeedPosition.Beginning, int.MaxValue, "ev|", CancellationToken.None);
        foreach (var (id, type, subject) in page.Changes.Select(change => HeadOf(change.Item.Body)))
        {
            if (which(type, subject))
                ids.Add(id).ShouldBeTrue("an event was stored twice");
        }
        return ids;
    }

    private static (string Id, string Type, string Subject) HeadOf(ReadOnlyMemory<byte> item)
    {
        using var json = JsonDocument.Parse(item);
        return (json.RootElement.GetProperty("id").GetString()!, json.RootElement.GetProperty("type").GetString()!, json.RootElement.GetProperty("subject").GetString()!);
    }

    private static bool IsNotice(string type) => type.StartsWith("valuechain.identity.customer.", StringComparison.Ordinal);

    private static bool IsParcel(string subject) => subject.StartsWith("parcel/tracking/", StringComparison.Ordinal);

    public static string Text(CustomerRecord record) => JsonSerializer.Serialize(record, JsonSerializerOptions.Web);

    private IEnumerable<Func<CancellationToken, Task>> Callers(IHubStore store, IEnumerable<Translation.Translated> deliveries)
    {
        var fold = new FoldDelivery(store, Ids, new CustomerDirectory(store, Ids, _limits), _limits);
        foreach (var delivery in deliveries)
        {
            var input = new FoldInput(delivery, delivery.Source(), "shop.d" + _received, DateTimeOffset.UnixEpoch.AddSeconds(_received++));
            yield return cancellationToken => fold.HandleAsync(input, cancellationToken);
        }
    }

    private IEnumerable<Func<CancellationToken, Task>> Hands(IHubStore store, IEnumerable<ModelBond> bonds)
    {
        var bind = new BindProfiles(store, new CustomerDirectory(store, Ids, _limits));
        foreach (var bond in bonds)
            yield return cancellationToken => bind.HandleAsync(Ids.Of(bond.One), Ids.Of(bond.Other), bond.Bond, cancellationToken).AsTask();
    }
}
