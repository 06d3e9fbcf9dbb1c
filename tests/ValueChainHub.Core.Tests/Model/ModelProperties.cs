using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Customers;
using ValueChainHub.Core.Identity;
using ValueChainHub.Testing.Model;

namespace ValueChainHub.Core.Tests.Model;

/// <summary>The property the hub stands on: any order, duplication and interleaving of the same deliveries, crashes included, gives the record that the set of deliveries means.</summary>
public sealed class ModelProperties
{
    /// <summary>Small bounds, so that histories reach them.</summary>
    private static readonly GraphLimits Limits = new() { HoldersPerIdentifier = 6, ProfilesPerCustomer = 5, EntitiesPerPerson = 6 };

    [Fact]
    public void Any_schedule_of_a_history_gives_the_records_and_events_that_the_set_of_its_deliveries_means()
    {
        var schedules = from seed in Gen.Choose(0, int.MaxValue - 1)
                        from size in Gen.Choose(1, 24)
                        from schedule in Gen.Choose(0, int.MaxValue - 1)
                        select new Schedule(new HistoryGenerator(seed).Draw(size), schedule);

        Prop.ForAll(Arb.From(schedules, Shrink), schedule => HoldsAsync(schedule).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(Schedules));
    }

    [Fact]
    public void Any_schedule_of_orders_and_the_tracking_of_their_parcels_gives_what_the_set_means()
    {
        var schedules = from seed in Gen.Choose(0, int.MaxValue - 1)
                        from size in Gen.Choose(3, 8)
                        from schedule in Gen.Choose(0, int.MaxValue - 1)
                        select new Schedule(new HistoryGenerator(seed).DrawParcels(size), schedule);

        Prop.ForAll(Arb.From(schedules, Shrink), schedule => HoldsAsync(schedule, doubles: 0).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(Schedules));
    }

    [Fact]
    public void Any_schedule_of_few_orders_that_many_are_named_for_gives_what_the_set_means()
    {
        var schedules = from seed in Gen.Choose(0, int.MaxValue - 1)
                        from size in Gen.Choose(3, 10)
                        from schedule in Gen.Choose(0, int.MaxValue - 1)
                        select new Schedule(new HistoryGenerator(seed).DrawOrders(size), schedule);

        Prop.ForAll(Arb.From(schedules, Shrink), schedule => HoldsAsync(schedule, doubles: 0).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(Schedules / 5));
    }

    private static int Schedules => int.TryParse(Environment.GetEnvironmentVariable("MODEL_SCHEDULES"), CultureInfo.InvariantCulture, out var schedules) ? schedules : 10_000;

    private static async Task<bool> HoldsAsync(Schedule schedule, double doubles = 0.3)
    {
        var model = new ChainModel(ModelHub.Ids, Limits, schedule.History.Deliveries, schedule.History.Bonds);
        var hub = new ModelHub(Limits);
        await hub.RunAsync(schedule.History, schedule.Seed, doubles);

        var expected = model.Records().ToDictionary(record => record.Key, record => ModelHub.Text(record.Value), StringComparer.Ordinal);
        var actual = await hub.RecordsAsync(model.Identifiers());
        foreach (var (id, text) in expected)
            actual.GetValueOrDefault(id).ShouldBe(text);
        actual.Count.ShouldBe(expected.Count);
        (await hub.EventIdsAsync()).ShouldBe(model.EventIds, ignoreOrder: true);
        (await hub.LinkNoticesAsync()).ShouldBe(model.LinkNotices(), ignoreOrder: true);
        foreach (var (customer, events) in model.ParcelEvents())
            (await hub.ParcelEventsAsync(customer)).ShouldBe(events, customer);
        return true;
    }

    private static IEnumerable<Schedule> Shrink(Schedule schedule)
    {
        var (deliveries, bonds) = schedule.History;
        for (var i = 0; i < bonds.Count; i++)
            yield return schedule with { History = new(deliveries, Without(bonds, i)) };
        for (var i = 0; i < deliveries.Count && deliveries.Count > 1; i++)
            yield return schedule with { History = new(Without(deliveries, i), bonds) };
    }

    private static List<T> Without<T>(IReadOnlyList<T> list, int index) => [.. list.Where((_, i) => i != index)];

    public sealed record Schedule(History History, int Seed)
    {
        public override string ToString() =>
            $"schedule {Seed}\n" + string.Join('\n', History.Deliveries.Select(Line)) + "\n" + string.Join('\n', History.Bonds.Select(bond => $"bond {Name(bond.One)} {Name(bond.Other)} {bond.Bond}"));

        private static string Line(Translation.Translated delivery) =>
            $"[{string.Join(' ', delivery.Identity.Claims.Select(Name))}] {delivery.Identity.At:HH:mm} "
            + string.Join("; ", delivery.Entities.Select(entity => $"{entity.Key} {string.Join(' ', entity.Facets.Select(facet => $"{facet.Name}@{facet.Version.Revision:HH:mm}/{facet.Version.Source}={facet.Value}"))}"));

        private static string Name(Identifier identifier) => $"{identifier.Kind}:{identifier.Value}";
    }
}
