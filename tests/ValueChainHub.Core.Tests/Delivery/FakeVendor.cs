using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Chain.Records;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Delivery;
using ValueChainHub.Core.Identity;

namespace ValueChainHub.Core.Tests.Delivery;

/// <summary>A vendor that takes everything, shows what it holds, and repeats what was written to it under its own, later time.</summary>
internal sealed partial class FakeVendor(string name, TimeProvider time, ChainLink link = ChainLink.Marketing) : ITakesCustomers, ITakesEvents, ITakesTasks, ITakesConsent, ITakesTags
{
    private readonly Lock _gate = new();

    public string Name => name;

    public string Vendor => "fake";

    public ChainLink Link => link;

    public bool CanWrite => true;

    public IVendorLine? Line { get; init; }

    public CustomerParts Parts { get; init; } = CustomerParts.Contact | CustomerParts.Storefront;

    public bool ConsentIsByAddress { get; init; } = true;

    public IReadOnlyList<string> ConsentChannels => ["email", "sms"];

    /// <summary>What it answers instead of taking the write; null takes it.</summary>
    public Func<WriteOutcome?> Answer { get; set; } = () => null;

    /// <summary>Every call that was taken, in order: the method and its input.</summary>
    public List<object> Writes { get; } = [];

    public int Calls { get; private set; }

    /// <summary>Webhooks that it would send: what was written, as its own.</summary>
    public Queue<Translation.Translated> Webhooks { get; } = [];

    /// <summary>The keys of events and tasks that it holds.</summary>
    public HashSet<string> Appended { get; } = new(StringComparer.Ordinal);

    /// <summary>By account, the name it holds now.</summary>
    public Dictionary<string, string?> Names { get; } = new(StringComparer.Ordinal);

    public IEnumerable<T> Of<T>() => Writes.OfType<T>();

    public Task<WriteOutcome> UpsertAsync(CustomerState state, CancellationToken cancellationToken) => TakeAsync(state, () =>
    {
        var id = IdOf(state.To);
        Hold(id, state);
        if (state.Contact is not { } contact)
            return;
        Names[id] = contact.Name;
        Webhooks.Enqueue(Account(id, contact.Name, contact.Email, time.GetUtcNow().AddSeconds(1)));
    });

    public Task<WriteOutcome> AppendAsync(EventToAppend append, CancellationToken cancellationToken) =>
        TakeAsync(append, () => Appended.Add(append.Key));

    public Task<WriteOutcome> OpenTaskAsync(TaskToOpen task, CancellationToken cancellationToken) =>
        TakeAsync(task, () => Appended.Add(task.Key));

    public Task<WriteOutcome> StateConsentAsync(ConsentToState consent, CancellationToken cancellationToken) => TakeAsync(consent, () =>
    {
        var id = consent.To.AccountId ?? "made-" + consent.Address;
        Hold(id, consent);
        Webhooks.Enqueue(Consented(id, consent.Address, consent.State, time.GetUtcNow().AddSeconds(1)));
    });

    public Task<WriteOutcome> SetTagsAsync(TagsToSet tags, CancellationToken cancellationToken) => TakeAsync(tags, () => Hold(IdOf(tags.To), tags));

    /// <summary>The vendor says how an account of it is called now.</summary>
    public Translation.Translated Account(string id, string? called, string? email, DateTimeOffset at, string? phone = null)
    {
        Names[id] = called;
        Emails[id] = email;
        var (key, core) = (new EntityKey(name, "customer", id), ChainJson.Write(new Account { Id = id, Name = called, Email = email, Phone = phone }));
        return new(new([Identifier.Account(name, id)], [], at), [new(key, Homing.Account, [new(FacetNames.Core, new(at, SourceClass.Webhook, 0), core)], [])], [new(EventCatalogue.AccountUpdated, key, at, core)], []);
    }

    /// <summary>The vendor says what an address consented to.</summary>
    public Translation.Translated Consented(string id, string address, string state, DateTimeOffset at)
    {
        var (key, json) = (new EntityKey(name, "customer", id), ChainJson.Write(new Consent("email", address, "marketing", state, at)));
        var facet = new Facet(FacetNames.Consent("email", address, "marketing"), new(at, SourceClass.Webhook, state == "denied" ? 3 : 1), json);
        return new(new([Identifier.Account(name, id)], [], at), [new(key, Homing.Account, [facet], [])], [new(EventCatalogue.ConsentChanged, key, at, json)], []);
    }

    /// <summary>The vendor says that an order was placed.</summary>
    public Translation.Translated Ordered(string account, string order, DateTimeOffset at, decimal total = 10)
    {
        var (key, core) = (new EntityKey(name, "order", order), ChainJson.Write(new Order { Id = order, PlacedAt = at, FinancialStatus = "paid", Total = new("USD", total) }));
        return new(new([Identifier.Account(name, account)], [], at), [new(key, Homing.Shopper, [new(FacetNames.Core, new(at, SourceClass.Webhook, 0), core)], [])], [new(EventCatalogue.OrderPlaced, key, at, core)], []);
    }

    /// <summary>The vendor says where a parcel of an order is.</summary>
    public Translation.Translated Parcel(string account, string order, string type, string status, DateTimeOffset at, DateTimeOffset? estimate)
    {
        var key = new EntityKey(name, "order", order);
        var fulfillment = ChainJson.Write(new Fulfillment { Id = "f1", OrderId = order, Status = "shipped", ShippedAt = at, EstimatedAt = estimate, Parcels = [new("ups", "1Z999", null)] });
        var milestone = ChainJson.Write(new ParcelMilestone("f1", order, status, at, estimate, "ups", "1Z999"));
        Facet[] facets = [new(FacetNames.Fulfillment("f1"), new(at, SourceClass.Webhook, 0), fulfillment), new(FacetNames.Milestone("f1", ParcelStatuses.Register(status)), new(at, SourceClass.Webhook, 0), milestone)];
        return new(new([Identifier.Account(name, account)], [], at), [new(key, Homing.Shopper, facets, [])], [new(type, key, at, milestone)], []);
    }

    public WebhookVerdict Verify(WebhookRequest request, DateTimeOffset now) => new WebhookVerdict.Refused(RejectionReason.Signature, "test");

    public string? AnswerHandshake(WebhookRequest request) => null;

    /// <summary>How it reads deliveries.</summary>
    public Func<DeliveryContent, Translation> Mapping { get; set; } = _ => new Translation.Suppressed("test");

    public int MappingGeneration { get; set; }

    public Translation Translate(DeliveryContent delivery) => Mapping(delivery);

    private Task<WriteOutcome> TakeAsync(object input, Action take)
    {
        lock (_gate)
        {
            Calls++;
            if (Answer() is { } other)
                return Task.FromResult(other);
            Writes.Add(input);
            take();
            return Task.FromResult<WriteOutcome>(new WriteOutcome.Written());
        }
    }
}
