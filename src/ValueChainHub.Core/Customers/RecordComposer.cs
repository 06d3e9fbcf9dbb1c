using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Chain.Records;
using ValueChainHub.Core.Identity;

namespace ValueChainHub.Core.Customers;

/// <summary>Composes the record of a customer from its profiles: a pure function of the set.</summary>
public static class RecordComposer
{
    /// <param name="profiles">The profiles of one customer by id.</param>
    /// <param name="limits">Where a person ends and a till begins.</param>
    public static CustomerRecord Compose(IReadOnlyDictionary<string, Profile> profiles, GraphLimits limits)
    {
        var strongest = profiles.MinBy(profile => profile.Value.Anchor);
        var all = profiles.Values.OrderBy(profile => profile.Anchor).ToList();
        var totals = new Totals();
        foreach (var profile in all)
            totals.Add(profile.Totals);
        var accounts = AccountsOf(all);
        var email = PrimaryEmail(all, accounts);
        var phone = Best(accounts, "phone", account => account.Phone) ?? PrimaryOf(all, Identifier.PhoneKind, _ => true);
        var consents = Consents(all);
        return new CustomerRecord
        {
            Id = strongest.Key,
            Name = Best(accounts, "name", account => account.Name) ?? all.Select(profile => profile.GuestName).Where(name => name is not null).Max()?.Name,
            Email = email,
            Phone = phone,
            Identifiers = IdentifiersOf(all),
            Profiles = [.. profiles.Keys.Order(StringComparer.Ordinal)],
            Consent = PrimaryConsents(consents, email, phone),
            ConsentDetails = consents,
            Deliverability = Deliverability(all, email, phone),
            Storefront = new(
                totals.Count(TotalNames.Orders), totals.Count(TotalNames.CancelledOrders), totals.LifetimeValue(),
                totals.First(TotalNames.OrderAt), totals.Last(TotalNames.OrderAt)),
            Fulfillment = new(
                totals.Count(TotalNames.Shipments), totals.Count(TotalNames.InTransit), totals.Count(TotalNames.Delivered),
                totals.Count(TotalNames.Exceptions), totals.Count(TotalNames.Returns), totals.Last(TotalNames.DeliveredAt)),
            Service = new(totals.Count(TotalNames.Conversations), totals.Count(TotalNames.OpenConversations), totals.Last(TotalNames.ContactAt)),
            Marketing = new(
                totals.Count(TotalNames.Received), totals.Count(TotalNames.Opened), totals.Count(TotalNames.OpenedByMachine),
                totals.Count(TotalNames.Clicked), totals.Last(TotalNames.OpenedAt), totals.Last(TotalNames.ClickedAt)),
            Shared = all.Exists(profile => profile.Entities > limits.EntitiesPerPerson) ? true : null,
            UpdatedAt = all.Max(profile => profile.UpdatedAt),
        };
    }

    private static List<Voice> AccountsOf(List<Profile> profiles) =>
        [.. profiles.Where(profile => profile.AccountCore is not null).Select(profile => new Voice(profile, profile.AccountCore!, profile.Account!.Facets[FacetNames.Core]))];

    /// <summary>The last word on a field: whoever changed it last, not whoever repeated it last (ADR 28).</summary>
    private static string? Best(List<Voice> accounts, string field, Func<Account, string?> valueOf) =>
        accounts
            .Where(one => valueOf(one.Account) is not null)
            .OrderByDescending(one => one.Profile.SaidSince(field) ?? DateTimeOffset.MinValue)
            .ThenByDescending(one => one.Core)
            .Select(one => valueOf(one.Account))
            .FirstOrDefault();

    /// <summary>An account's e-mail before a guest's; a relay address is never the primary one.</summary>
    private static string? PrimaryEmail(List<Profile> profiles, List<Voice> accounts) =>
        Best(accounts, "email", account => EmailAddress.Normalize(account.Email) is { } email && !EmailAddress.IsRelay(email) ? email : null)
        ?? PrimaryOf(profiles, Identifier.EmailKind, email => !EmailAddress.IsRelay(email));

    private static string? PrimaryOf(List<Profile> profiles, string kind, Func<string, bool> fits) =>
        profiles
            .SelectMany(profile => profile.Sightings.Where(seen => seen.Key.Kind == kind && fits(seen.Key.Value) && seen.Value.Claimed))
            .OrderByDescending(seen => seen.Value.Last ?? DateTimeOffset.MinValue)
            .ThenBy(seen => seen.Key)
            .Select(seen => seen.Key.Value)
            .FirstOrDefault();

    private static List<RecordIdentifier> IdentifiersOf(List<Profile> profiles) =>
        [.. profiles
            .SelectMany(profile => profile.Sightings)
            .GroupBy(seen => seen.Key, seen => seen.Value)
            .OrderBy(group => group.Key)
            .Select(group => (group.Key, Joined: group.Aggregate(Join)))
            .Select(one => new RecordIdentifier(one.Key.Kind, one.Key.Value, one.Joined.Source, one.Joined.First, one.Joined.Last))];

    private static Sighting Join(Sighting one, Sighting other) => one.Join(other.Source, other.First, other.Claimed).Join(other.Source, other.Last, other.Claimed);

    /// <summary>The latest act of each address; the facets' order is the rule of SEMANTICS 4.</summary>
    private static List<ConsentDetail> Consents(List<Profile> profiles) =>
        [.. Latest(profiles, "consent/")
            .Select(one => (Consent: ChainJson.Read<Consent>(one.Facet.Value), one.Connector))
            .Select(one => new ConsentDetail(one.Consent.Channel, one.Consent.Address, one.Consent.Purpose, one.Consent.State, one.Consent.ActAt, one.Connector))];

    /// <summary>The worst trouble of the primary address of each channel that anything is known of.</summary>
    private static Dictionary<string, string> Deliverability(List<Profile> profiles, string? email, string? phone) =>
        Latest(profiles, "deliverability/")
            .Select(one => ChainJson.Read<Deliverability>(one.Facet.Value))
            .Where(one => one.Address == (one.Channel == "email" ? email : phone))
            .GroupBy(one => one.Channel, one => one.State, StringComparer.Ordinal)
            .ToDictionary(channel => channel.Key, channel => channel.MaxBy(DeliverabilityStates.Rank)!, StringComparer.Ordinal);

    /// <summary>The registers of all accounts under names that start so, by name; of one name the greatest.</summary>
    private static IEnumerable<(Facet Facet, string Connector)> Latest(List<Profile> profiles, string start) =>
        profiles
            .Where(profile => profile.Account is not null)
            .SelectMany(profile => profile.Account!.Facets.Values, (profile, facet) => (Facet: facet, profile.Account!.Key.Connector))
            .Where(one => one.Facet.Name.StartsWith(start, StringComparison.Ordinal))
            .GroupBy(one => one.Facet.Name, StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => group.MaxBy(one => (one.Facet, one.Connector)));

    private static Dictionary<string, ConsentStatement> PrimaryConsents(List<ConsentDetail> details, string? email, string? phone) =>
        details
            .Where(detail => detail.Purpose == "marketing" && detail.Address == (detail.Channel == "email" ? email : phone))
            .ToDictionary(detail => detail.Channel, detail => new ConsentStatement(detail.State, detail.At, detail.Source), StringComparer.Ordinal);

    /// <summary>An account that says something.</summary>
    private sealed record Voice(Profile Profile, Account Account, Facet Core);
}
