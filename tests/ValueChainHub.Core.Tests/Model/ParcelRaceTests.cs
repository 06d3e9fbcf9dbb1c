using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Chain.Records;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Customers;
using ValueChainHub.Core.Identity;
using ValueChainHub.Core.Storage;
using ValueChainHub.Testing.Storage;

namespace ValueChainHub.Core.Tests.Model;

/// <summary>The one moment that random schedules hardly ever hit: a parcel is heard of for the first time just when an order has looked for it in vain.</summary>
public sealed class ParcelRaceTests
{
    private static readonly DateTimeOffset At = new(2026, 1, 10, 12, 0, 0, TimeSpan.Zero);
    private static readonly Identifier Ada = Identifier.Account("shop", "1");
    private static readonly EntityKey Parcel = ParcelTracking.Key("ups", "1Z1");

    [Fact]
    public async Task A_parcel_heard_of_just_when_its_order_looked_in_vain_is_joined()
    {
        var memory = new MemoryHubStore();
        var store = new MeddledStore(memory, call => call.Partition == ModelHub.Ids.OfOwnHome(Parcel) && !call.IsCommit, () => Fold(memory).HandleAsync(Input(Tracking()), CancellationToken.None));

        await Fold(store).HandleAsync(Input(Shipped()), CancellationToken.None);

        store.HasHappened.ShouldBeTrue();
        var state = await new CustomerDirectory(memory, ModelHub.Ids, new()).FindAsync(ModelHub.Ids.Of(Ada), CancellationToken.None);
        RecordComposer.Compose(state.ShouldNotBeNull().Profiles, new()).Fulfillment.Delivered.ShouldBe(1);
    }

    private static FoldDelivery Fold(IHubStore store) => new(store, ModelHub.Ids, new CustomerDirectory(store, ModelHub.Ids, new()), new());

    private static FoldInput Input(Translation.Translated translated) => new(translated, "shop", "shop.d", At);

    private static Translation.Translated Shipped()
    {
        var (key, fulfillment) = (new EntityKey("shop", EntityTypes.Order, "1"), new Fulfillment { Id = "1", OrderId = "1", Status = "shipped", ShippedAt = At, Parcels = [new("ups", "1Z1", null)] });
        return new(new([Ada], [], At), [new(key, Homing.Shopper, [new(FacetNames.Fulfillment("1"), new(At, SourceClass.Webhook, 0), ChainJson.Write(fulfillment))], [])], [], []);
    }

    private static Translation.Translated Tracking()
    {
        var value = ChainJson.Write(new ParcelMilestone(Parcel.Id, "", ParcelStatuses.Delivered, At, null, "ups", "1Z1"));
        return new(DeliveryIdentity.Nobody, [new(Parcel, Homing.Own, [new(ParcelTracking.Register(ParcelStatuses.Delivered, At), new(At, SourceClass.Webhook, 0), value)], [])], [], []);
    }
}
