using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Chain.Records;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Customers;
using ValueChainHub.Core.Identity;

namespace ValueChainHub.Core.Checks;

/// <summary>What a set of deliveries means, and what in it needs a person. Rests on <see cref="ChainModel"/>, so that it says what the hub would say, and writes nothing anywhere (ADR 15).</summary>
public sealed class CheckBodies(GraphLimits limits)
{
    /// <summary>Ids are compared here and never leave: any key does.</summary>
    private readonly DerivedIds _ids = new(new byte[32]);

    private readonly List<Translation.Translated> _deliveries = [];
    private readonly MoneyCheck _money = new();

    /// <summary>Takes in what one file says.</summary>
    /// <param name="file">Its name, for findings.</param>
    /// <param name="said">What it says.</param>
    /// <param name="sums">What is wrong with its amounts by themselves.</param>
    public void Add(string file, Translation.Translated said, IReadOnlyList<string> sums)
    {
        _deliveries.Add(said);
        _money.Add(file, said, sums);
    }

    public CheckReport Report()
    {
        var model = new ChainModel(_ids, limits, _deliveries, []);
        var records = model.Records();
        var profiles = model.Profiles.ToLookup(model.CustomerOf, StringComparer.Ordinal);
        return new()
        {
            Customers = Count(model, records.Values, profiles),
            FoundCustomers = [.. records.Values.Select(record => Found(record, profiles[record.Id])).OrderByDescending(one => one.Accounts.Count).ThenByDescending(one => one.Orders).ThenBy(one => one.Email, StringComparer.Ordinal)],
            SharedPhones = SharedPhones(model),
            UnlinkedParcels = UnlinkedParcels(model),
            ConsentConflicts = ConsentConflicts(model),
            Money = _money.Report(model.Entities),
        };
    }

    private static CustomerCounts Count(ChainModel model, IEnumerable<CustomerRecord> records, ILookup<string, Profile> profiles)
    {
        var all = records.ToList();
        return new(
            all.Count,
            all.Count(record => profiles[record.Id].Where(one => one.Anchor.IsAccount).DistinctBy(one => one.Anchor.Kind).Skip(1).Any()),
            all.Count(record => !profiles[record.Id].Any(one => one.Anchor.IsAccount)),
            model.Profiles.Count,
            all.Sum(record => record.Storefront.Orders),
            all.Sum(record => record.Fulfillment.Shipments),
            all.Sum(record => record.Service.Conversations));
    }

    private static FoundCustomer Found(CustomerRecord record, IEnumerable<Profile> profiles) => new(
        [.. profiles.Where(one => one.Anchor.IsAccount).Select(AccountOf).Order(StringComparer.Ordinal)], record.Email, record.Phone, record.Storefront.Orders, record.Storefront.LifetimeValue);

    /// <summary>Families share phones: several accounts of one vendor with one number stay several people, unless something stronger makes them one (SEMANTICS 1).</summary>
    private static List<SharedPhone> SharedPhones(ChainModel model) =>
        [.. from held in model.Profiles.Where(one => one.Anchor.IsAccount).SelectMany(one => one.LinkingIdentifiers(), (profile, identifier) => (profile, identifier))
            where held.identifier.Kind == Identifier.PhoneKind
            group held.profile by (held.identifier, held.profile.Anchor.Kind) into holders
            let customers = holders.Select(model.CustomerOf).Distinct(StringComparer.Ordinal).Count()
            where customers > 1
            orderby holders.Key.identifier, holders.Key.Kind
            select new SharedPhone(holders.Key.identifier.Value, [.. holders.Select(AccountOf).Order(StringComparer.Ordinal)], customers)];

    private static List<UnlinkedParcel> UnlinkedParcels(ChainModel model)
    {
        var named = model.Entities.SelectMany(ParcelTracking.ParcelsOf).ToHashSet();
        var nobodys = model.Entities.Where(one => ParcelTracking.IsParcel(one.Key) && !named.Contains(one.Key)).Select(Untold);
        var ofUnknown = model.Entities.Where(IsUnknownOrder).SelectMany(order => new OrderView(order.Key.Id, order.Facets.Values).Parcels()
            .Select(parcel => new UnlinkedParcel(parcel.Carrier, parcel.Number, parcel.Status, parcel.DeliveredAt, order.Key.ToString())));
        return [.. nobodys.Concat(ofUnknown).OrderBy(one => one.Order, StringComparer.Ordinal).ThenBy(one => one.Number, StringComparer.Ordinal)];
    }

    /// <summary>Something of the order came, the order itself never did.</summary>
    private static bool IsUnknownOrder(Entity entity) => entity.Key.Type == EntityTypes.Order && !entity.IsDeleted && !entity.Facets.ContainsKey(FacetNames.Core);

    private static UnlinkedParcel Untold(Entity parcel)
    {
        var last = parcel.Facets.Values.Select(facet => ChainJson.Read<ParcelMilestone>(facet.Value)).MaxBy(one => one.At ?? DateTimeOffset.MinValue);
        return new(last?.Carrier, last?.Number ?? parcel.Key.Id, last?.Status, last?.At, null);
    }

    private static List<ConsentConflict> ConsentConflicts(ChainModel model) =>
        [.. from profile in model.Profiles
            where profile.Account is not null
            from facet in profile.Account!.Facets.Values
            where facet.Name.StartsWith("consent/", StringComparison.Ordinal)
            group (Facet: facet, Profile: profile) by facet.Name into said
            where IsConflict(said.Select(one => StateOf(one.Facet)))
            orderby said.Key
            select Conflict([.. said.OrderByDescending(one => (one.Facet, one.Profile.Account!.Key.Connector))])];

    private static bool IsConflict(IEnumerable<string> states)
    {
        var all = states.ToHashSet(StringComparer.Ordinal);
        return all.Contains("granted") && all.Contains("denied");
    }

    /// <param name="said">What was said, what counts first.</param>
    private static ConsentConflict Conflict(List<(Facet Facet, Profile Profile)> said)
    {
        var winner = ChainJson.Read<Consent>(said[0].Facet.Value);
        var best = said.First(one => StateOf(one.Facet) != winner.State);
        return new(winner.Channel, winner.Address, winner.Purpose, WordOf(said[0]), Why(winner.ActAt, ChainJson.Read<Consent>(best.Facet.Value).ActAt), [.. said.Skip(1).Select(WordOf)]);
    }

    private static string Why(DateTimeOffset? winner, DateTimeOffset? other) => (winner, other) switch
    {
        ({ } at, { } before) when at > before => "the later act counts",
        ({ }, null) => "an act with a time counts before one without",
        (null, null) => "neither has a time, so the more restrictive counts",
        _ => "both at the same time, so the more restrictive counts",
    };

    private static ConsentWord WordOf((Facet Facet, Profile Profile) said)
    {
        var consent = ChainJson.Read<Consent>(said.Facet.Value);
        return new(AccountOf(said.Profile), consent.State, consent.ActAt);
    }

    private static string StateOf(Facet consent) => ChainJson.Read<Consent>(consent.Value).State;

    /// <summary><c>connector/id</c>: the vendor's own number of the account, and no personal datum.</summary>
    private static string AccountOf(Profile profile) => $"{profile.Anchor.Kind[..profile.Anchor.Kind.LastIndexOf('.')]}/{profile.Anchor.Value}";
}
