using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Chain.Records;
using ValueChainHub.Core.Customers;
using ValueChainHub.Core.Identity;

namespace ValueChainHub.Core.Delivery;

/// <summary>What a destination should hold of a customer by the routes in force, whatever it was told before and whatever it says itself. Nothing of a till or a company (SEMANTICS 1).</summary>
internal sealed class CustomerAim(IDestination destination, Customer customer, CustomerRecord record, ParcelSummary? lastParcel, IReadOnlyList<Route> routes)
{
    private const string MergePrefix = "merge/";

    /// <summary>False for a till or a company: nothing is told of it, and nothing compared.</summary>
    public bool IsPerson { get; } = record.Shared is not true;

    /// <summary>The customer's accounts at the destination, each once: one that the vendor made part of another is that other.</summary>
    public IReadOnlyList<Profile> Accounts { get; } = AccountsOf(
        [.. customer.Profiles.Values
            .Where(profile => profile.Anchor.Kind == Identifier.Account(destination.Name, "").Kind && profile.Account is not { IsDeleted: true })
            .OrderBy(profile => profile.Anchor)]);

    /// <summary>When any account of the customer was described last.</summary>
    public DateTimeOffset? LastWordAt => customer.Profiles.Values.Select(RevisionOf).Max();

    /// <summary>The state of each account; of a customer without one where the route makes it.</summary>
    public IEnumerable<AimedState> States()
    {
        if (!IsPerson || destination is not ITakesCustomers takes || RouteOf(RouteKinds.Customers) is not { } route)
            yield break;
        foreach (var account in Accounts)
            yield return new(StateOf(takes.Parts, ToAccount(account)), account);
        if (Accounts.Count == 0 && route.Creates is true && (record.Email ?? record.Phone) is not null)
            yield return new(StateOf(takes.Parts, new(customer.Id, null, record.Email, record.Phone)), null);
    }

    /// <summary>Statements of consent: each to the address that made it, a denial to the person's others only where the route says so; never to a relay's.</summary>
    public IEnumerable<AimedConsent> Consents()
    {
        if (!IsPerson || destination is not ITakesConsent takes || RouteOf(RouteKinds.Consent) is not { } route)
            yield break;
        foreach (var stated in Statements(route).Where(detail => detail.State is "granted" or "denied" && takes.ConsentChannels.Contains(detail.Channel, StringComparer.Ordinal)))
        {
            var account = Accounts.FirstOrDefault(one => AddressesOf(one, stated.Channel).Contains(stated.Address, StringComparer.Ordinal));
            if ((account is null && !takes.ConsentIsByAddress) || (stated.Channel == "email" && EmailAddress.IsRelay(stated.Address)))
                continue;
            var (email, phone) = stated.Channel == "email" ? (stated.Address, (string?)null) : (null, stated.Address);
            var to = account is null ? new Recipient(customer.Id, null, email, phone) : ToAccount(account);
            yield return new(new(to, stated.Channel, stated.Address, stated.Purpose, stated.State, stated.At), account);
        }
    }

    /// <summary>The tags of each account.</summary>
    public IEnumerable<TagsToSet> Tags()
    {
        if (!IsPerson || destination is not ITakesTags || RouteOf(RouteKinds.Tags) is not { } route)
            return [];
        var (present, absent) = HubTags.Of(record, route.Prefix ?? "");
        return Accounts.Select(account => new TagsToSet(ToAccount(account), present, absent));
    }

    /// <summary>What the destination's own accounts say of an address, as the hub heard it last.</summary>
    public Consent? OwnWordOn(string channel, string address, string purpose) =>
        Accounts
            .Select(account => account.Account?.Facets.GetValueOrDefault(FacetNames.Consent(channel, address, purpose)))
            .Where(facet => facet is not null)
            .Max() is { } own ? ChainJson.Read<Consent>(own.Value) : null;

    private static List<Profile> AccountsOf(List<Profile> all)
    {
        var merged = all
            .SelectMany(profile => profile.Account?.Facets.Where(facet => facet.Key.StartsWith(MergePrefix, StringComparison.Ordinal)) ?? [])
            .Select(facet => ChainJson.Read<AccountMerge>(facet.Value.Value))
            .Where(merge => merge.Status == "completed")
            .Select(merge => merge.DeletedId)
            .ToHashSet(StringComparer.Ordinal);
        return [.. all.Where(profile => !merged.Contains(profile.Anchor.Value))];
    }

    private Route? RouteOf(string kind) => routes.FirstOrDefault(route => route.Kind == kind);

    private CustomerState StateOf(CustomerParts parts, Recipient to) => new(
        to,
        parts.HasFlag(CustomerParts.Contact) ? new CustomerContact(record.Name, record.Email, record.Phone) : null,
        parts.HasFlag(CustomerParts.Storefront) ? record.Storefront : null,
        parts.HasFlag(CustomerParts.Fulfillment) ? record.Fulfillment : null,
        parts.HasFlag(CustomerParts.Fulfillment) && lastParcel is not null ? lastParcel with { Url = null } : null,
        parts.HasFlag(CustomerParts.Service) ? record.Service : null);

    private IEnumerable<ConsentDetail> Statements(Route route)
    {
        var stated = record.ConsentDetails.Where(detail => detail.Purpose == "marketing").ToList();
        return route.DeniesAllAddresses is true ? Spread(stated) : stated;
    }

    /// <summary>The latest denial of each channel counts for every address of the person that has not said anything since.</summary>
    private IEnumerable<ConsentDetail> Spread(List<ConsentDetail> stated)
    {
        foreach (var channel in stated.GroupBy(detail => detail.Channel, StringComparer.Ordinal))
        {
            var denial = channel.Where(detail => detail.State == "denied").MaxBy(detail => detail.At ?? DateTimeOffset.MinValue);
            foreach (var detail in channel)
                yield return detail.State != "denied" && (detail.At ?? DateTimeOffset.MinValue) < denial?.At ? denial with { Address = detail.Address } : detail;
            if (denial is null)
                continue;
            foreach (var silent in AddressesOf(channel.Key).Except(channel.Select(detail => detail.Address), StringComparer.Ordinal))
                yield return denial with { Address = silent };
        }
    }

    /// <summary>Those that identify the person: what an order only mentions may be somebody else's.</summary>
    private IEnumerable<string> AddressesOf(string channel) =>
        customer.Profiles.Values
            .SelectMany(profile => profile.LinkingIdentifiers())
            .Where(identifier => identifier.Kind == (channel == "email" ? Identifier.EmailKind : Identifier.PhoneKind))
            .Select(identifier => identifier.Value)
            .Distinct(StringComparer.Ordinal);

    private static IEnumerable<string> AddressesOf(Profile account, string channel) =>
        account.AccountCore is not { } core ? []
        : channel == "email" ? new[] { core.Email }.Concat(core.OtherEmails ?? []).Select(Identifier.Email).OfType<Identifier>().Select(one => one.Value)
        : new[] { core.Phone }.Concat(core.OtherPhones ?? []).Select(Identifier.Phone).OfType<Identifier>().Select(one => one.Value);

    /// <summary>An account as writes name it.</summary>
    public Recipient ToAccount(Profile account)
    {
        var (core, email) = (account.AccountCore, EmailAddress.Normalize(account.AccountCore?.Email));
        return new(customer.Id, account.Anchor.Value, email is not null && !EmailAddress.IsRelay(email) ? email : record.Email, Identifier.Phone(core?.Phone)?.Value ?? record.Phone);
    }

    private static DateTimeOffset? RevisionOf(Profile profile) => profile.Account?.Facets.GetValueOrDefault(FacetNames.Core)?.Version.Revision;
}

/// <summary>The state that an account, or whoever has these addresses, should have.</summary>
internal sealed record AimedState(CustomerState State, Profile? Account);

/// <summary>The consent that an address should have, in the account that holds the address if one does.</summary>
internal sealed record AimedConsent(ConsentToState Consent, Profile? Account);
