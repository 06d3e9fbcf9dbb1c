using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Chain.Records;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Customers;
using ValueChainHub.Core.Identity;

namespace ValueChainHub.Testing.Model;

/// <summary>What happened in a shop, as a set of translated deliveries and acts by hand. A schedule of it is any order, with any doubles.</summary>
public sealed record History(IReadOnlyList<Translation.Translated> Deliveries, IReadOnlyList<ModelBond> Bonds);

/// <summary>Draws histories with everything real data has: ties, bodies without times, tombstones before creations, refunds and parcels before orders, guests who become customers,
/// shared phones, relay addresses, mended mappings, two shops of one vendor with the same numbers, a till, links and splits by hand.</summary>
public sealed class HistoryGenerator(int seed)
{
    private static readonly DateTimeOffset Epoch = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly Random _random = new(seed);
    private bool _fewIds;
    private readonly string[] _emails = ["ada@shop.test", "bob@shop.test", "cleo@shop.test", "dan@shop.test", "x1@privaterelay.appleid.com", "eve@shop.test"];
    private readonly string[] _phones = ["+15005550100", "+15005550101", "+15005550102"];
    private readonly string[] _shops = ["shop", "shop-eu"];

    public History Draw(int deliveries)
    {
        var drawn = Enumerable.Range(0, deliveries).SelectMany(_ => InGenerations(DrawDelivery())).ToList();
        var accounts = drawn.Select(delivery => delivery.Identity.Anchor).OfType<Identifier>().Distinct().Order().ToList();
        return new(drawn, [.. DrawBonds(accounts)]);
    }

    /// <summary>Orders, the parcels they name and what carriers say of these, and little else: where both sides change at once.</summary>
    public History DrawParcels(int deliveries)
    {
        _fewIds = true;
        return new([.. Enumerable.Range(0, deliveries).SelectMany(_ => InGenerations(_random.Next(4) switch { 0 => DrawOrder(), 1 => DrawFulfillment(), _ => DrawTracking() }))], []);
    }

    /// <summary>Few orders that many people are named for, at many times, and nobody too: where owners change.</summary>
    public History DrawOrders(int deliveries)
    {
        _fewIds = true;
        return new([.. Enumerable.Range(0, deliveries).SelectMany(_ => InGenerations(_random.Next(5) == 0 ? DrawRefund() : DrawOrder()))], []);
    }

    /// <summary>Some deliveries are read by a mended mapping, and some of these by the mapping before too: the same statement with another content, in either order.</summary>
    private IEnumerable<Translation.Translated> InGenerations(Translation.Translated drawn) => _random.Next(6) switch
    {
        0 => [drawn, Mended(drawn)],
        1 => [drawn.InGeneration(1)],
        _ => [drawn],
    };

    /// <summary>The larger content becomes the smaller one of the two, so that nothing but the generation can let it win.</summary>
    private static Translation.Translated Mended(Translation.Translated drawn) => drawn.InGeneration(1) with
    {
        Entities = [.. drawn.InGeneration(1).Entities.Select(change => change with { Facets = [.. change.Facets.Select(Mended)] })],
    };

    private static Facet Mended(Facet facet) =>
        facet.Name == FacetNames.Core && facet.Value.Contains("\"Ada L.\"", StringComparison.Ordinal) ? facet with { Value = facet.Value.Replace("\"Ada L.\"", "\"Aa\"", StringComparison.Ordinal) }
        : facet.Value.Contains("\"EUR\"", StringComparison.Ordinal) ? facet with { Value = facet.Value.Replace("\"EUR\"", "\"CHF\"", StringComparison.Ordinal) }
        : facet;

    private Translation.Translated DrawDelivery() => _random.Next(19) switch
    {
        0 or 1 => DrawAccount(),
        2 => DrawAccountDeletion(),
        3 => DrawConsent(),
        4 or 5 or 6 => DrawOrder(),
        7 => DrawRefund(),
        8 => DrawFulfillment(),
        9 => DrawMilestone(),
        10 => DrawOrderDeletionOrReturn(),
        11 => DrawProductOrMerge(),
        12 => DrawServiceAccount(),
        13 or 14 => DrawConversation(),
        15 => DrawMessage(),
        16 => DrawMessagesOfSeveral(),
        _ => DrawTracking(),
    };

    private Translation.Translated DrawAccount()
    {
        var (shop, id, at) = (Shop(), Id(6), Time());
        var account = new Account { Id = id, Name = Pick(["Ada", "Ada L.", null]), Email = Pick([.. _emails, null]), Phone = Pick([.. _phones, null, null]) };
        var key = new EntityKey(shop, EntityTypes.Customer, id);
        return new(
            new([Identifier.Account(shop, id)], [], at),
            [new(key, Homing.Account, [Register(FacetNames.Core, at, SourceClass.Webhook, 0, ChainJson.Write(account))], [])],
            [new(EventCatalogue.AccountUpdated, key, at, ChainJson.Write(account))],
            []);
    }

    private Translation.Translated DrawAccountDeletion()
    {
        var (shop, id) = (Shop(), Id(6));
        var key = new EntityKey(shop, EntityTypes.Customer, id);
        return new(
            new([Identifier.Account(shop, id)], [], null),
            [new(key, Homing.Account, [Register(FacetNames.Deleted, null, SourceClass.Webhook, 0, ChainJson.Write(new Deleted(id)))], [])],
            [new(EventCatalogue.AccountDeleted, key, null, ChainJson.Write(new Deleted(id)))],
            []);
    }

    private Translation.Translated DrawConsent()
    {
        var (shop, id, at) = (Shop(), Id(6), Time());
        var (state, rank) = Pick([("granted", 1), ("pending", 2), ("denied", 3)]);
        var consent = new Consent("email", Pick(_emails), "marketing", state, at);
        var key = new EntityKey(shop, EntityTypes.Customer, id);
        return new(
            new([Identifier.Account(shop, id)], [], at),
            [new(key, Homing.Account, [Register(FacetNames.Consent("email", consent.Address, "marketing"), at, SourceClass.Webhook, rank, ChainJson.Write(consent))], [])],
            [new(EventCatalogue.ConsentChanged, key, at, ChainJson.Write(consent))],
            []);
    }

    /// <summary>What happened to a message: of an account, seldom of nobody; it may say that the address is in trouble or well again.</summary>
    private Translation.Translated DrawMessage()
    {
        var (shop, id, at) = (Shop(), Id(8), Time());
        var kind = Pick([MessageKinds.Received, MessageKinds.Opened, MessageKinds.Clicked, MessageKinds.Bounced, MessageKinds.Complained]);
        var message = new Message(id, "email", kind, at, _random.Next(3) == 0 ? true : null, null, Pick(["January", null]), null);
        var key = new EntityKey(shop, EntityTypes.MessageEvent, id);
        var change = new EntityChange(key, Homing.Shopper, [Register(FacetNames.Message(kind), at, Pick([SourceClass.Webhook, SourceClass.Read]), 0, ChainJson.Write(message))], []);
        var told = new ChainEventDraft(EventCatalogue.MessageReceived, key, at, ChainJson.Write(message));
        if (_random.Next(8) == 0)
            return new(DeliveryIdentity.Nobody with { At = at }, [change], [told], []);
        var account = Id(6);
        var copy = EmbeddedAccount(shop, account, at);
        return new(
            new([Identifier.Account(shop, account)], [.. new[] { Identifier.Email(Pick(_emails)) }.OfType<Identifier>()], at),
            [change, copy with { Facets = [.. copy.Facets, DrawTrouble(at)] }],
            [told],
            []);
    }

    private Facet DrawTrouble(DateTimeOffset? at)
    {
        var (address, trouble) = (Pick(_emails), Pick(DeliverabilityStates.Troubles));
        var state = Pick([trouble, DeliverabilityStates.Ok]);
        var value = ChainJson.Write(new Deliverability("email", address, state, at));
        return Register(FacetNames.Deliverability("email", address, trouble), at, SourceClass.Webhook, DeliverabilityStates.Rank(state), value);
    }

    /// <summary>One delivery that speaks of several people: each entity is its own person's.</summary>
    private Translation.Translated DrawMessagesOfSeveral()
    {
        var shop = Shop();
        var drawn = Enumerable.Range(0, 3).Select(_ => DrawMessage()).Select(one => OfShop(one, shop)).ToList();
        var entities = drawn.SelectMany(one => one.Entities.Select(change => change with { Whose = one.Identity })).DistinctBy(change => change.Key).ToList();
        return new(drawn[0].Identity, entities, [.. drawn.SelectMany(one => one.Events)], []);
    }

    /// <summary>A delivery comes through one connector.</summary>
    private static Translation.Translated OfShop(Translation.Translated one, string shop) => new(
        new([.. one.Identity.Claims.Select(claim => Identifier.Account(shop, claim.Value))], one.Identity.Finds, one.Identity.At),
        [.. one.Entities.Select(change => change with { Key = change.Key with { Connector = shop } })],
        [.. one.Events.Select(told => told with { Subject = told.Subject with { Connector = shop } })],
        []);

    /// <summary>Of an account, of a guest, of nobody, or of the till; the same order may come in each of these ways.</summary>
    private Translation.Translated DrawOrder()
    {
        var (shop, id, at) = (Shop(), Id(8), Time());
        var who = _random.Next(10);
        var account = who < 5 ? Identifier.Account(shop, who == 4 ? "7777" : Id(6)) : (Identifier?)null;
        var guest = account is null && who < 9 ? Identifier.Email(Pick(_emails)) : null;
        var phone = account is null && who < 7 ? Identifier.Phone(Pick(_phones)) : null;
        var cancelled = _random.Next(6) == 0;
        var order = new Order
        {
            Id = id,
            Number = "#" + id,
            PlacedAt = Epoch.AddHours(_random.Next(5)),
            CancelledAt = cancelled ? Epoch.AddHours(6) : null,
            Test = _random.Next(10) == 0,
            FinancialStatus = Pick([FinancialStatuses.Paid, FinancialStatuses.Pending, FinancialStatuses.Refunded]),
            Total = new Money(Pick(["USD", "EUR", "JPY"]), _random.Next(1, 50_000) / 100m),
            GuestEmail = guest?.Value,
            GuestName = guest is null ? null : Pick(["Guest A", "Guest B", null]),
        };
        var key = new EntityKey(shop, EntityTypes.Order, id);
        var entities = new List<EntityChange>
        {
            new(key, Homing.Shopper, [Register(FacetNames.Core, at, Pick([SourceClass.Webhook, SourceClass.Read]), cancelled ? 3 : 1, ChainJson.Write(order))], [new("order", id)]),
        };
        if (account is { } customer)
            entities.Add(EmbeddedAccount(shop, customer.Value, at));
        return new(
            new([.. new[] { account, guest, phone }.OfType<Identifier>()], [.. new[] { Identifier.Email(Pick(_emails)) }.OfType<Identifier>()], at),
            entities,
            [new(EventCatalogue.OrderUpdated, key, at, ChainJson.Write(order))],
            []);
    }

    private EntityChange EmbeddedAccount(string shop, string id, DateTimeOffset? at)
    {
        var copy = new Account { Id = id, Name = Pick(["Ada", "Old Ada"]), Email = Pick(_emails) };
        return new(new(shop, EntityTypes.Customer, id), Homing.Account, [Register(FacetNames.Core, at, SourceClass.Embedded, 0, ChainJson.Write(copy))], []);
    }

    private Translation.Translated DrawRefund()
    {
        var (shop, orderId, id, at) = (Shop(), Id(8), Id(3), Time());
        var refund = new Refund(id, orderId, new Money(Pick(["USD", "EUR", "JPY"]), _random.Next(1, 5_000) / 100m), at, null);
        return OfOrder(shop, orderId, at, EventCatalogue.OrderRefunded, FacetNames.Refund(id), 0, ChainJson.Write(refund));
    }

    private Translation.Translated DrawFulfillment()
    {
        var (shop, orderId, id, at) = (Shop(), Id(8), Id(3), Time());
        var fulfillment = new Fulfillment
        {
            Id = id,
            OrderId = orderId,
            Status = Pick(["pending", "shipped", "shipped", "cancelled"]),
            ShippedAt = at,
            Parcels = [.. Enumerable.Range(0, _random.Next(3)).Select(_ => new ParcelLabel(_random.Next(8) == 0 ? null : Carrier(), "1Z" + Id(3), null))],
        };
        return OfOrder(shop, orderId, at, EventCatalogue.ParcelShipped, FacetNames.Fulfillment(id), 0, ChainJson.Write(fulfillment));
    }

    private Translation.Translated DrawMilestone()
    {
        var (shop, orderId, id, at) = (Shop(), Id(8), Id(3), Time());
        var status = Pick([ParcelStatuses.PreTransit, ParcelStatuses.InTransit, ParcelStatuses.OutForDelivery, ParcelStatuses.Delivered, ParcelStatuses.Exception, ParcelStatuses.Returned]);
        var milestone = new ParcelMilestone(id, orderId, status, at, null);
        var facet = FacetNames.Milestone(id, ParcelStatuses.Register(status));
        return OfOrder(shop, orderId, at, EventCatalogue.ParcelMoved, facet, ParcelStatuses.Rank(status), ChainJson.Write(milestone));
    }

    /// <summary>A carrier's word on a parcel that no order, one or several name, some of it long before or after their shipping.</summary>
    private Translation.Translated DrawTracking()
    {
        var (carrier, number, at) = (Carrier(), "1Z" + Id(3), _random.Next(3) == 0 ? Epoch.AddDays(Pick([-40, -1, 119, 121, 400])) : Time());
        var status = Pick([ParcelStatuses.PreTransit, ParcelStatuses.InTransit, ParcelStatuses.Delivered, ParcelStatuses.Exception, ParcelStatuses.Returned, ParcelStatuses.Cancelled]);
        var key = ParcelTracking.Key(carrier, number);
        var milestone = new ParcelMilestone(key.Id, "", status, at, null, carrier, number);
        var value = ChainJson.Write(milestone);
        return new(
            DeliveryIdentity.Nobody with { At = at },
            [new(key, Homing.Own, [Register(ParcelTracking.Register(status, at), at, SourceClass.Webhook, ParcelStatuses.Rank(status), value)], [new("tracking", number)])],
            [new(EventCatalogue.ParcelMoved, key, at, value)],
            []);
    }

    private Translation.Translated DrawOrderDeletionOrReturn()
    {
        var (shop, orderId, id) = (Shop(), Id(8), Id(3));
        return _random.Next(3) == 0
            ? OfOrder(shop, orderId, null, EventCatalogue.OrderDeleted, FacetNames.Deleted, 0, ChainJson.Write(new Deleted(orderId)))
            : OfOrder(shop, orderId, Time(), EventCatalogue.ReturnChanged, FacetNames.Return(id), 0, ChainJson.Write(new OrderReturn(id, orderId, Pick(["open", "declined", "closed"]))));
    }

    private Translation.Translated DrawProductOrMerge()
    {
        var (shop, at) = (Shop(), Time());
        if (_random.Next(2) == 0)
        {
            var product = new Product(Id(3), Pick(["Hat", "Scarf"]), "active", null);
            var key = new EntityKey(shop, "product", product.Id);
            return new(
                DeliveryIdentity.Nobody,
                [new(key, Homing.Own, [Register(FacetNames.Core, at, SourceClass.Webhook, 0, ChainJson.Write(product))], [])],
                [new(EventCatalogue.ProductChanged, key, at, ChainJson.Write(product))],
                []);
        }
        var (kept, deleted) = (Id(6), Id(6));
        var merge = new AccountMerge(kept, deleted, "completed");
        var account = new EntityKey(shop, EntityTypes.Customer, kept);
        return new(
            new([Identifier.Account(shop, kept), Identifier.Account(shop, deleted)], [], at),
            [new(account, Homing.Account, [Register("merge/" + deleted, at, SourceClass.Webhook, 0, ChainJson.Write(merge))], [])],
            [new(EventCatalogue.AccountsMerged, account, at, ChainJson.Write(merge))],
            []);
    }

    /// <summary>A support profile with several addresses, of an account that the shops know too or not.</summary>
    private Translation.Translated DrawServiceAccount()
    {
        var (id, at) = (Id(5), Time());
        var account = new Account
        {
            Id = id,
            Email = Pick([.. _emails, null]),
            Phone = Pick([.. _phones, null]),
            OtherEmails = _random.Next(2) == 0 ? [Pick(_emails), Pick(_emails)] : null,
            OtherPhones = _random.Next(3) == 0 ? [Pick(_phones)] : null,
        };
        var key = new EntityKey("desk", EntityTypes.Customer, id);
        return new(
            new([Identifier.Account("desk", id)], [Identifier.External("desk", Id(3))], at),
            [new(key, Homing.Account, [Register(FacetNames.Core, at, SourceClass.Read, 0, ChainJson.Write(account))], [])],
            [new(EventCatalogue.ServiceAccountUpdated, key, at, ChainJson.Write(account))],
            []);
    }

    /// <summary>Opened, closed, reopened, merged, deleted, a contact; in any order, by a profile or by nobody, with the customer changing.</summary>
    private Translation.Translated DrawConversation()
    {
        var (id, at) = (Id(4), Time());
        var key = new EntityKey("desk", EntityTypes.Conversation, id);
        var identity = _random.Next(6) == 0 ? DeliveryIdentity.Nobody with { At = at } : new([Identifier.Account("desk", Id(5))], [], at);
        var (type, facets) = Pick<(string, List<Facet>)>(
        [
            (EventCatalogue.ConversationOpened, [ConversationStatus("open", 1), Register(FacetNames.Started, at, SourceClass.Webhook, 0, Json(new() { Id = id, StartedAt = at }))]),
            (EventCatalogue.ConversationClosed, [ConversationStatus("closed", 3)]),
            (EventCatalogue.ConversationClosed, [ConversationStatus("closed", 3)]),
            (EventCatalogue.ConversationReopened, [ConversationStatus("open", 2)]),
            (EventCatalogue.ConversationUpdated, _random.Next(2) == 0
                ? [Register(FacetNames.Merged, at, SourceClass.Webhook, 0, Json(new() { Id = id, MergedInto = Id(4) }))]
                : [Register(FacetNames.Deleted, null, SourceClass.Webhook, 0, ChainJson.Write(new Deleted(id)))]),
            (EventCatalogue.ContactEnded, [Register(FacetNames.Contact, at, SourceClass.Webhook, 0, ChainJson.Write(new Contact(Id(2), id, "ended", at)))]),
        ]);
        return new(identity, [new(key, Homing.Shopper, facets, [])], [new(type, key, at, Json(new() { Id = id, At = at }))], []);

        Facet ConversationStatus(string status, int rank) => Register(FacetNames.Status, at, SourceClass.Webhook, rank, Json(new() { Id = id, Status = status, At = at }));

        static string Json(Conversation conversation) => ChainJson.Write(conversation);
    }

    private static Translation.Translated OfOrder(string shop, string orderId, DateTimeOffset? at, string type, string facet, int rank, string value)
    {
        var key = new EntityKey(shop, EntityTypes.Order, orderId);
        return new(DeliveryIdentity.Nobody with { At = at }, [new(key, Homing.Shopper, [Register(facet, at, SourceClass.Webhook, rank, value)], [])], [new(type, key, at, value)], []);
    }

    private IEnumerable<ModelBond> DrawBonds(List<Identifier> anchors)
    {
        for (var i = _random.Next(4); i > 0 && anchors.Count > 1; i--)
        {
            var (one, other) = (Pick([.. anchors]), Pick([.. anchors]));
            if (one != other)
                yield return new(one, other, new Bond(_random.Next(3) == 0, Epoch.AddDays(_random.Next(3)), "by hand"));
        }
    }

    private static Facet Register(string name, DateTimeOffset? at, SourceClass source, int rank, string value) => new(name, new(at, source, rank), value);

    /// <summary>Few distinct times, so that ties are normal; sometimes none.</summary>
    private DateTimeOffset? Time() => _random.Next(8) == 0 ? null : Epoch.AddMinutes(_random.Next(6));

    private string Carrier() => _fewIds ? "ups" : Pick(["ups", "ups", "fedex"]);

    private string Shop() => _fewIds ? _shops[0] : Pick(_shops);

    private string Id(int many) => (1000 + _random.Next(_fewIds ? Math.Min(many, 2) : many)).ToString(System.Globalization.CultureInfo.InvariantCulture);

    private T Pick<T>(IReadOnlyList<T> from) => from[_random.Next(from.Count)];
}
