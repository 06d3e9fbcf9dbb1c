using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Chain.Records;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Customers;
using ValueChainHub.Core.Identity;
using ValueChainHub.Testing.Model;

namespace ValueChainHub.Core.Tests.Model;

public sealed class LargeDeliveryTests
{
    private static readonly Identifier Person = Identifier.Account("shop", "1");

    [Theory]
    [InlineData(39, false)]
    [InlineData(40, true)]
    [InlineData(300, true)]
    public async Task One_delivery_with_many_entities_of_one_person_is_folded_whole(int orders, bool withoutTimes)
    {
        DateTimeOffset? at = withoutTimes ? null : DateTimeOffset.UnixEpoch;
        var keys = Enumerable.Range(0, orders).Select(number => new EntityKey("shop", EntityTypes.Order, $"{number}")).ToList();
        var delivery = new Translation.Translated(
            new([Person], [], at),
            [.. keys.Select(key => new EntityChange(key, Homing.Shopper, [new Facet(FacetNames.Core, new(at, SourceClass.Webhook, 0), ChainJson.Write(new Order { Id = key.Id }))], []))],
            [.. keys.Select(key => new ChainEventDraft(EventCatalogue.OrderPlaced, key, at, ChainJson.Write(new Order { Id = key.Id })))],
            []);
        var hub = new ModelHub(new GraphLimits());

        await hub.RunAsync(new History([delivery], []), seed: orders, doubles: 1);

        var model = new ChainModel(ModelHub.Ids, new GraphLimits(), [delivery], []);
        (await hub.RecordsAsync([Person])).Values.ShouldBe(model.Records().Values.Select(ModelHub.Text));
        (await hub.EventIdsAsync()).ShouldBe(model.EventIds, ignoreOrder: true);
        model.EventIds.Count.ShouldBe(orders);
    }
}
