using System.Text.Json.Nodes;

namespace ValueChainHub.EndToEnd.Tests.Support;

/// <summary>Draws histories of two shops with the same numeric ids, as their webhooks tell them: everything that can happen, in a world so small that it keeps meeting itself.</summary>
/// <param name="schedule">Names the world: no identifier and no id of one world stands in another.</param>
internal sealed class ShopHistory(int schedule)
{
    private static readonly string[] Shops = [Webhook.Shop, Webhook.OtherShop];
    private static readonly string[] Statuses = ["pending", "authorized", "paid", "partially_paid", "partially_refunded", "refunded", "voided"];
    private static readonly string[] Milestones = ["confirmed", "in_transit", "out_for_delivery", "attempted_delivery", "ready_for_pickup", "delivered", "failure", "label_voided"];
    private static readonly string[] Consents = ["subscribed", "unsubscribed", "not_subscribed", "pending"];

    private readonly Random _random = new(schedule);
    private readonly List<JsonObject> _scans = [];

    /// <summary>The deliveries of one history, doubles included, in an order of their own.</summary>
    public IReadOnlyList<Webhook> Draw(int size)
    {
        var deliveries = new List<Webhook>();
        for (var index = 0; index < size; index++)
            deliveries.Add(Draw());
        foreach (var webhook in deliveries.ToArray())
        {
            if (Chance(0.2))
                deliveries.Add(webhook);
            if (Chance(0.15))
                deliveries.Add(webhook with { Id = webhook.Id + "-again" });
        }
        var shuffled = deliveries.ToArray();
        _random.Shuffle(shuffled);
        return shuffled;
    }

    private Webhook Draw()
    {
        var (topic, body) = _random.Next(20) switch
        {
            0 or 1 => (Pick("customers/create", "customers/update", "customers/enable"), CustomerBody(Time())),
            2 => ("customers/delete", Shopify.Deleted(CustomerId())),
            3 => ("customers/merge", Shopify.Merge(CustomerId(), Id(10, 4), Pick("completed", "completed", "failed", "in_progress"))),
            4 => ("customers_email_marketing_consent/update", Shopify.EmailConsent(CustomerId(), Email(), Pick(Consents), Time())),
            5 => ("customers_marketing_consent/update", Shopify.SmsConsent(CustomerId(), Phone(), Pick(Consents), Time())),
            6 => (Pick("customer.tags_added", "customer.tags_removed"), Shopify.Tags(CustomerId(), Time(), Pick("vip", "wholesale"))),
            7 or 8 => ("refunds/create", RefundBody(OrderId())),
            9 => (Pick("fulfillments/create", "fulfillments/update"), FulfillmentBody(OrderId())),
            10 or 11 => ("fulfillment_events/create", EventBody()),
            12 => ("fulfillment_events/delete", _scans.Count == 0 ? EventBody() : _scans[_random.Next(_scans.Count)]),
            13 => ("orders/delete", Shopify.Deleted(OrderId())),
            14 => ("orders/cancelled", OrderBody().Cancelled(Time() ?? Shopify.Later)),
            15 => ("orders/edited", new() { ["order_edit"] = new JsonObject { ["id"] = Id(60, 3), ["order_id"] = OrderId(), ["created_at"] = Time() } }),
            _ => (Pick("orders/create", "orders/updated", "orders/updated", "orders/paid", "orders/fulfilled"), OrderBody()),
        };
        return new(topic, body, Pick(Shops));
    }

    private JsonObject CustomerBody(string? at)
    {
        var customer = Shopify.Customer(CustomerId(), Email(), Phone(), at, Pick("Ada", "Grace", "Mary"));
        if (Chance(0.3))
            customer["email_marketing_consent"] = new JsonObject { ["state"] = Pick(Consents), ["consent_updated_at"] = Time() };
        return customer;
    }

    /// <summary>Of a customer, of a guest, or of the till; with refunds and parcels inside, whole or in part.</summary>
    private JsonObject OrderBody()
    {
        var (id, at) = (OrderId(), Time());
        var order = _random.Next(4) switch
        {
            0 => Shopify.Order(id, Amount(), email: Email(), phone: Chance(0.3) ? Phone() : null, status: Pick(Statuses), at: at),
            1 => Shopify.Order(id, Amount(), status: Pick(Statuses), at: at).With("source_name", "pos"),
            _ => Shopify.Order(id, Amount(), Embedded(at), Email(), Phone(), Pick(Statuses), at),
        };
        order.With("processed_at", Time() ?? Shopify.Noon).With("test", Chance(0.1));
        if (Chance(0.15))
            order.In("EUR");
        if (Chance(0.2))
            order["refunds"] = new JsonArray(RefundBody(id));
        if (Chance(0.2))
            order["fulfillments"] = new JsonArray(FulfillmentBody(id));
        return order;
    }

    private JsonObject Embedded(string? at)
    {
        var customer = CustomerBody(at);
        if (Chance(0.3))
            customer.Remove("phone");
        if (Chance(0.2))
            customer.Remove("email");
        return customer;
    }

    /// <summary>A refund is made once: its id decides what it says.</summary>
    private JsonObject RefundBody(long orderId)
    {
        var which = _random.Next(3);
        var id = orderId * 10 + which;
        return which == 0
            ? Shopify.Refund(id, orderId).With("transactions", new JsonArray(Shopify.Transaction("3.00")))
            : Shopify.Refund(id, orderId, $"{which}.50", "0.25", at: Shopify.Later);
    }

    private JsonObject FulfillmentBody(long orderId)
    {
        var tracking = Chance(0.7) ? $"1Z{schedule:00000}{_random.Next(3)}" : null;
        return Shopify.Fulfillment(FulfillmentId(orderId), orderId, tracking, Time(), Pick("success", "success", "cancelled", "pending"), Chance(0.3) ? Pick(Milestones) : null);
    }

    private JsonObject EventBody()
    {
        var orderId = OrderId();
        var scan = Shopify.FulfillmentEvent(Id(70, 5), FulfillmentId(orderId), orderId, Pick(Milestones), Time());
        _scans.Add(scan);
        return scan;
    }

    private long CustomerId() => Id(10, 4);

    private long OrderId() => Id(20, 4);

    private long FulfillmentId(long orderId) => orderId * 10 + 5 + _random.Next(2);

    private long Id(int kind, int count) => schedule * 1_000L + 1_000_000_000_000L + kind + _random.Next(count);

    private string? Email() => _random.Next(8) switch
    {
        0 => null,
        1 => $"w{schedule}-x{_random.Next(2)}@privaterelay.appleid.com",
        2 => "not an address",
        _ => $"W{schedule}-p{_random.Next(3)}@example.com",
    };

    private string? Phone() => _random.Next(3) == 0 ? $"+1 555 {schedule:0000} {1000 + _random.Next(2)}" : null;

    /// <summary>Few minutes, so that ties are normal; now and then none at all.</summary>
    private string? Time() => Chance(0.1) ? null : $"2026-03-0{1 + _random.Next(2)}T1{_random.Next(3)}:0{_random.Next(2)}:00{Pick("Z", "-05:00")}";

    private string Amount() => $"{_random.Next(1, 200)}.{_random.Next(100):00}";

    private bool Chance(double probability) => _random.NextDouble() < probability;

    private T Pick<T>(params ReadOnlySpan<T> from) => from[_random.Next(from.Length)];
}
