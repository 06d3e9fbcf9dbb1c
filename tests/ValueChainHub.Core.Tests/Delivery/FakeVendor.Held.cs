using ValueChainHub.Core.Chain.Records;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Delivery;

namespace ValueChainHub.Core.Tests.Delivery;

/// <summary>What the vendor holds, by account: read back by the hub, and changed behind its back by tests.</summary>
internal sealed partial class FakeVendor : IRestoresFacts, IFetchConnector
{
    public Dictionary<string, string?> Emails { get; } = new(StringComparer.Ordinal);

    /// <summary>By account and name.</summary>
    public Dictionary<(string Account, string Name), string> Facts { get; } = [];

    public HashSet<(string Account, string Tag)> Tags { get; } = [];

    /// <summary>By account, channel and address.</summary>
    public Dictionary<(string Account, string Channel, string Address), (string State, DateTimeOffset? At)> Consents { get; } = [];

    /// <summary>What reading an account answers instead.</summary>
    public Func<HeldOutcome?> Shown { get; set; } = () => null;

    /// <summary>Accounts that the hub has asked for again.</summary>
    public List<string> Fetched { get; } = [];

    public int Reads { get; private set; }

    public bool CanFetch => true;

    public string? ConsentOf(string account, string email) => Consents.TryGetValue((account, "email", email), out var consent) ? consent.State : null;

    public Task<HeldOutcome> ReadHeldAsync(Recipient of, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            Reads++;
            if (Shown() is { } other)
                return Task.FromResult(other);
            var id = of.AccountId ?? Emails.FirstOrDefault(one => one.Value == of.Email).Key ?? IdOf(of);
            return Task.FromResult<HeldOutcome>(Names.ContainsKey(id) || Facts.Keys.Any(key => key.Account == id) || Consents.Keys.Any(key => key.Account == id)
                ? new HeldOutcome.Held(HeldBy(id))
                : new HeldOutcome.Nobody());
        }
    }

    public Task<WriteOutcome> RestoreAsync(Recipient to, string? called, IReadOnlyDictionary<string, string?> facts, CancellationToken cancellationToken) => TakeAsync(facts, () =>
    {
        var id = IdOf(to);
        foreach (var (fact, value) in facts)
        {
            if (value is null)
                Facts.Remove((id, fact));
            else
                Facts[(id, fact)] = value;
        }
        if (called is not null)
            Webhooks.Enqueue(Account(id, called, Emails.GetValueOrDefault(id), time.GetUtcNow().AddSeconds(1)));
    });

    public Task<FetchOutcome> FetchAsync(FetchRequest request, CancellationToken cancellationToken)
    {
        lock (_gate)
            Fetched.Add(request.Resource);
        return Task.FromResult<FetchOutcome>(new FetchOutcome.Fetched("account", "{}"u8.ToArray()));
    }

    private HeldCustomer HeldBy(string id) => new()
    {
        Name = Names.GetValueOrDefault(id),
        Email = Emails.GetValueOrDefault(id),
        Facts = Facts.Where(fact => fact.Key.Account == id).ToDictionary(fact => fact.Key.Name, fact => fact.Value, StringComparer.Ordinal),
        Tags = [.. Tags.Where(tag => tag.Account == id).Select(tag => tag.Tag)],
        Consents = [.. Consents.Where(one => one.Key.Account == id).Select(one => new Consent(one.Key.Channel, one.Key.Address, "marketing", one.Value.State, one.Value.At))],
    };

    private static string IdOf(Recipient to) => to.AccountId ?? "made-" + to.Email;

    private void Hold(string id, CustomerState state)
    {
        foreach (var (fact, value) in HubFacts.Of(state))
            Facts[(id, fact)] = value;
        if (state.To.Email is { } email)
            Emails.TryAdd(id, email);
    }

    private void Hold(string id, ConsentToState consent) => Consents[(id, consent.Channel, consent.Address)] = (consent.State, consent.ActAt);

    private void Hold(string id, TagsToSet tags)
    {
        Tags.ExceptWith(tags.Absent.Select(tag => (id, tag)));
        Tags.UnionWith(tags.Present.Select(tag => (id, tag)));
    }
}
