using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Chain.Records;
using ValueChainHub.Core.Customers;
using ValueChainHub.Core.Identity;

namespace ValueChainHub.Core.Delivery;

/// <summary>One write that would bring a destination up to date.</summary>
/// <param name="Key">What it is about, without saying who: the same for the same account, address, or nobody yet.</param>
/// <param name="Digest">Of what is written.</param>
/// <param name="NoteAsync">Notes it for the echo guard; null where the vendor repeats nothing that the hub reads.</param>
/// <param name="SendAsync">Writes it.</param>
internal sealed record PlannedWrite(string Key, string Digest, Func<CancellationToken, ValueTask>? NoteAsync, Func<CancellationToken, Task<WriteOutcome>> SendAsync);

/// <summary>What a destination would have to be told of a customer now, given what it was told last and what it says itself.</summary>
internal sealed class CustomerWrites(
    IDestination destination, Customer customer, CustomerRecord record, ParcelSummary? lastParcel, IReadOnlyList<Route> routes, IReadOnlyDictionary<string, string> sent, EchoGuard echoes)
{
    private const string Nothing = "-";

    private readonly List<Profile> _accounts =
        [.. customer.Profiles.Values
            .Where(profile => profile.Anchor.Kind == Identifier.Account(destination.Name, "").Kind && profile.Account is not { IsDeleted: true })
            .OrderBy(profile => profile.Anchor)];

    /// <summary>The writes that are needed, in the order they are made. None for a till or a company (SEMANTICS 1).</summary>
    public IEnumerable<PlannedWrite> Needed() =>
        record.Shared is true ? [] : [.. Upserts(), .. Consents(), .. Tags()];

    private IEnumerable<PlannedWrite> Upserts()
    {
        if (destination is not ITakesCustomers takes || RouteOf(RouteKinds.Customers) is not { } route)
            yield break;
        foreach (var account in _accounts)
        {
            if (Upsert(takes, ToAccount(account), account) is { } write)
                yield return write;
        }
        if (_accounts.Count == 0 && route.Creates is true && (record.Email ?? record.Phone) is not null && Upsert(takes, new(customer.Id, null, record.Email, record.Phone), null) is { } created)
            yield return created;
    }

    /// <summary>A contact that the vendor itself states needs no telling: it was changed there.</summary>
    private PlannedWrite? Upsert(ITakesCustomers takes, Recipient to, Profile? account)
    {
        var parts = takes.Parts;
        var contact = parts.HasFlag(CustomerParts.Contact) ? new CustomerContact(record.Name, record.Email, record.Phone) : null;
        var state = new CustomerState(
            to,
            contact,
            parts.HasFlag(CustomerParts.Storefront) ? record.Storefront : null,
            parts.HasFlag(CustomerParts.Fulfillment) ? record.Fulfillment : null,
            parts.HasFlag(CustomerParts.Fulfillment) && lastParcel is not null ? lastParcel with { Url = null } : null,
            parts.HasFlag(CustomerParts.Service) ? record.Service : null);
        var facts = (parts & ~CustomerParts.Contact) == CustomerParts.None ? Nothing : DigestOf(state with { To = Nobody, Contact = null }, DeliveryContext.Default.CustomerState);
        var called = contact is null ? Nothing : DigestOf(contact, DeliveryContext.Default.CustomerContact);
        var last = (LastOf(KeyOf("customer", to.AccountId ?? "")) ?? LastOf(KeyOf("customer", "")) ?? $"{Nothing}:{Nothing}").Split(':');
        if (facts == last[0] && (called == last[1] || Holds(account, contact)))
            return null;
        var actAt = customer.Profiles.Values.Select(RevisionOf).Max();
        return new(
            KeyOf("customer", to.AccountId ?? ""),
            $"{facts}:{called}",
            contact is null ? null : token => echoes.NoteAsync(destination.Name, to, contact, actAt, token),
            token => takes.UpsertAsync(state, token));
    }

    private IEnumerable<PlannedWrite> Consents()
    {
        if (destination is not ITakesConsent takes || RouteOf(RouteKinds.Consent) is null)
            yield break;
        foreach (var stated in record.ConsentDetails.Where(detail => detail.Purpose == "marketing" && detail.State is "granted" or "denied" && takes.ConsentChannels.Contains(detail.Channel, StringComparer.Ordinal)))
        {
            if (Consent(takes, stated) is { } write)
                yield return write;
        }
    }

    /// <summary>A statement goes to the address that made it and to no other; not to a relay's, and not to a vendor that states the same itself.</summary>
    private PlannedWrite? Consent(ITakesConsent takes, ConsentDetail stated)
    {
        var account = _accounts.Find(one => AddressesOf(one, stated.Channel).Contains(stated.Address, StringComparer.Ordinal));
        if ((account is null && !takes.ConsentIsByAddress) || (stated.Channel == "email" && EmailAddress.IsRelay(stated.Address)) || StatesItself(stated))
            return null;
        var (email, phone) = stated.Channel == "email" ? (stated.Address, (string?)null) : (null, stated.Address);
        var to = account is null ? new Recipient(customer.Id, null, email, phone) : ToAccount(account);
        var consent = new ConsentToState(to, stated.Channel, stated.Address, stated.Purpose, stated.State, stated.At);
        var (key, digest) = (KeyOf("consent", $"{stated.Channel}|{stated.Address}|{stated.Purpose}"), DigestOf(consent with { To = Nobody }, DeliveryContext.Default.ConsentToState));
        return LastOf(key) == digest ? null : new(key, digest, token => echoes.NoteAsync(destination.Name, consent, token), token => takes.StateConsentAsync(consent, token));
    }

    private IEnumerable<PlannedWrite> Tags()
    {
        if (destination is not ITakesTags takes || RouteOf(RouteKinds.Tags) is not { } route)
            yield break;
        var (present, absent) = HubTags.Of(record, route.Prefix ?? "");
        foreach (var account in _accounts)
        {
            var tags = new TagsToSet(ToAccount(account), present, absent);
            var (key, digest) = (KeyOf("tags", account.Anchor.Value), DigestOf(tags with { To = Nobody }, DeliveryContext.Default.TagsToSet));
            // An account that never had a tag of ours needs none taken away.
            if (LastOf(key) is { } last ? last != digest : present.Count > 0)
                yield return new(key, digest, null, token => takes.SetTagsAsync(tags, token));
        }
    }

    private static Recipient Nobody { get; } = new("", null, null, null);

    private Route? RouteOf(string kind) => routes.FirstOrDefault(route => route.Kind == kind);

    private string? LastOf(string key) => sent.GetValueOrDefault(key);

    private Recipient ToAccount(Profile account)
    {
        var (core, email) = (account.AccountCore, EmailAddress.Normalize(account.AccountCore?.Email));
        return new(customer.Id, account.Anchor.Value, email is not null && !EmailAddress.IsRelay(email) ? email : record.Email, Identifier.Phone(core?.Phone)?.Value ?? record.Phone);
    }

    private static bool Holds(Profile? account, CustomerContact? contact) =>
        account?.AccountCore is { } core && contact is not null
        && (contact.Name is null || contact.Name == core.Name)
        && (contact.Email is null || contact.Email == EmailAddress.Normalize(core.Email))
        && (contact.Phone is null || contact.Phone == Identifier.Phone(core.Phone)?.Value);

    private bool StatesItself(ConsentDetail stated) =>
        _accounts
            .Select(account => account.Account?.Facets.GetValueOrDefault(FacetNames.Consent(stated.Channel, stated.Address, stated.Purpose)))
            .Where(facet => facet is not null)
            .Max() is { } own && ChainJson.Read<Consent>(own.Value).State == stated.State;

    private static IEnumerable<string> AddressesOf(Profile account, string channel) =>
        account.AccountCore is not { } core ? []
        : channel == "email" ? new[] { core.Email }.Concat(core.OtherEmails ?? []).Select(Identifier.Email).OfType<Identifier>().Select(one => one.Value)
        : new[] { core.Phone }.Concat(core.OtherPhones ?? []).Select(Identifier.Phone).OfType<Identifier>().Select(one => one.Value);

    private static DateTimeOffset? RevisionOf(Profile profile) => profile.Account?.Facets.GetValueOrDefault(FacetNames.Core)?.Version.Revision;

    private static string KeyOf(string kind, string about) => $"{kind}|{Hash(Encoding.UTF8.GetBytes(about))}";

    private static string DigestOf<T>(T value, JsonTypeInfo<T> type) => Hash(JsonSerializer.SerializeToUtf8Bytes(value, type));

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 12));
}

/// <summary>The tags by which a storefront sees what support and orders say of a customer.</summary>
internal static class HubTags
{
    private const int OrdersOfALoyalCustomer = 5;

    /// <summary>Those that hold now, and the others that the hub knows.</summary>
    public static (IReadOnlyList<string> Present, IReadOnlyList<string> Absent) Of(CustomerRecord record, string prefix)
    {
        var orders = record.Storefront.Orders - record.Storefront.CancelledOrders;
        (string Tag, bool Holds)[] all =
        [
            ("support-open", record.Service.OpenConversations > 0),
            ("support-known", record.Service.Conversations > 0),
            ("cohort-first", orders == 1),
            ("cohort-repeat", orders is > 1 and < OrdersOfALoyalCustomer),
            ("cohort-loyal", orders >= OrdersOfALoyalCustomer),
        ];
        return ([.. all.Where(one => one.Holds).Select(one => prefix + one.Tag)], [.. all.Where(one => !one.Holds).Select(one => prefix + one.Tag)]);
    }
}
