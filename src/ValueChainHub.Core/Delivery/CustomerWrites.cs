using System.Globalization;
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
internal sealed class CustomerWrites(IDestination destination, CustomerAim aim, IReadOnlyDictionary<string, string> sent, EchoGuard echoes)
{
    private const string Nothing = "-";

    /// <summary>The writes that are needed, in the order they are made.</summary>
    public IEnumerable<PlannedWrite> Needed() =>
    [
        .. aim.States().Where(IsNews).Select(one => Upsert(one.State)),
        .. aim.Consents().Where(IsNews).Select(one => State(one.Consent)),
        .. aim.Tags().Where(IsNews).Select(Set),
    ];

    /// <summary>A contact is noted before it is written, so that it is known again when it comes back.</summary>
    public PlannedWrite Upsert(CustomerState state) => new(
        KeyOf("customer", state.To.AccountId ?? ""),
        $"{FactsOf(state)}:{ContactOf(state)}",
        token => state.Contact is { } contact ? echoes.NoteAsync(destination.Name, state.To, contact, aim.LastWordAt, token) : NoteRestatedAsync(state.To, token),
        token => ((ITakesCustomers)destination).UpsertAsync(state, token));

    public PlannedWrite State(ConsentToState consent) => new(
        KeyOf(consent),
        DigestOf(consent with { To = Nobody }, DeliveryContext.Default.ConsentToState),
        async token =>
        {
            await echoes.NoteAsync(destination.Name, consent, token);
            await NoteRestatedAsync(consent.To, token);
        },
        token => ((ITakesConsent)destination).StateConsentAsync(consent, token));

    public PlannedWrite Set(TagsToSet tags) =>
        new(KeyOf("tags", tags.To.AccountId ?? ""), DigestOf(tags with { To = Nobody }, DeliveryContext.Default.TagsToSet), token => NoteRestatedAsync(tags.To, token), token => ((ITakesTags)destination).SetTagsAsync(tags, token));

    /// <summary>Facts, consent and tags make the vendor tell the whole account again.</summary>
    private ValueTask NoteRestatedAsync(Recipient to, CancellationToken cancellationToken)
    {
        var core = aim.Accounts.FirstOrDefault(account => account.Anchor.Value == to.AccountId)?.Account?.Facets.GetValueOrDefault(FacetNames.Core);
        return core is null ? ValueTask.CompletedTask : echoes.NoteRestatedAsync(destination.Name, ChainJson.Read<Account>(core.Value), core.Version.Revision, cancellationToken);
    }

    /// <summary>A contact that the vendor itself states needs no telling: it was changed there. Unless the hub wrote over it before it heard of it.</summary>
    private bool IsNews(AimedState one)
    {
        var told = LastOf(KeyOf("customer", one.State.To.AccountId ?? "")) ?? LastOf(KeyOf("customer", "")) ?? new($"{Nothing}:{Nothing}", null);
        var last = told.Digest.Split(':');
        var isSaidSince = !(told.At >= one.Account?.Account?.Facets.GetValueOrDefault(FacetNames.Core)?.Version.Revision);
        return FactsOf(one.State) != last[0] || (ContactOf(one.State) != last[1] && !(isSaidSince && Holds(one.Account, one.State.Contact)));
    }

    /// <summary>Nor does a consent that it states itself.</summary>
    private bool IsNews(AimedConsent one)
    {
        var (own, told) = (aim.OwnWordOn(one.Consent.Channel, one.Consent.Address, one.Consent.Purpose), LastOf(KeyOf(one.Consent)));
        return told?.Digest != State(one.Consent).Digest && (own?.State != one.Consent.State || told?.At >= own.ActAt);
    }

    /// <summary>An account that never had a tag of ours needs none taken away.</summary>
    private bool IsNews(TagsToSet tags)
    {
        var write = Set(tags);
        return LastOf(write.Key) is { } last ? last.Digest != write.Digest : tags.Present.Count > 0;
    }

    private static Recipient Nobody { get; } = new("", null, null, null);

    private ToldText? LastOf(string key) => sent.TryGetValue(key, out var text) ? ToldText.Read(text) : null;

    private static string FactsOf(CustomerState state) =>
        state with { To = Nobody, Contact = null } is var facts && facts == new CustomerState(Nobody, null, null, null, null, null)
            ? Nothing
            : DigestOf(facts, DeliveryContext.Default.CustomerState);

    private static string ContactOf(CustomerState state) => state.Contact is { } contact ? DigestOf(contact, DeliveryContext.Default.CustomerContact) : Nothing;

    private static bool Holds(Profile? account, CustomerContact? contact) =>
        account?.AccountCore is { } core && contact is not null
        && (contact.Name is null || contact.Name == core.Name)
        && (contact.Email is null || contact.Email == EmailAddress.Normalize(core.Email))
        && (contact.Phone is null || contact.Phone == Identifier.Phone(core.Phone)?.Value);

    private static string KeyOf(ConsentToState consent) => KeyOf("consent", $"{consent.Channel}|{consent.Address}|{consent.Purpose}");

    private static string KeyOf(string kind, string about) => $"{kind}|{Hash(Encoding.UTF8.GetBytes(about))}";

    private static string DigestOf<T>(T value, JsonTypeInfo<T> type) => Hash(JsonSerializer.SerializeToUtf8Bytes(value, type));

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 12));
}

/// <summary>What a destination was told last of something, and when the vendor had taken it; entries of earlier builds have no time.</summary>
internal sealed record ToldText(string Digest, DateTimeOffset? At)
{
    private const char Mark = '@';

    public static string Of(string digest, DateTimeOffset at) => string.Create(CultureInfo.InvariantCulture, $"{digest}{Mark}{at.UtcTicks}");

    public static ToldText Read(string text) => text.Split(Mark) is [var digest, var ticks]
        ? new(digest, new DateTimeOffset(long.Parse(ticks, CultureInfo.InvariantCulture), TimeSpan.Zero))
        : new(text, null);
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
