using System.Text.Json;
using System.Text.Json.Nodes;
using ValueChainHub.EndToEnd.Tests.Support;
using static ValueChainHub.EndToEnd.Tests.Support.Shopify;

namespace ValueChainHub.EndToEnd.Tests;

/// <summary>Orders, parcels and consents on their way through the hub, as agents and consumers see them.</summary>
public class JourneyTests : EndToEndTest
{
    private const string Email = "journey@example.com";

    [Fact]
    public async Task An_order_that_comes_after_its_refund_its_fulfillment_and_its_delivery_has_them_all()
    {
        await DeliverAsync(
            new("fulfillment_events/create", FulfillmentEvent(51, 41, 1001, "delivered")),
            new("refunds/create", Refund(31, 1001, "25.00")),
            new("fulfillments/create", Fulfillment(41, 1001, "1z 999 aa1 0123456784")));
        (await Client.SearchAsync(new { order = "1001" })).ShouldBeEmpty();

        await DeliverAsync(new Webhook("orders/create", Order(1001, "100.00", Customer(7001, Email))));

        var customer = await Client.FindAsync(new { email = Email });
        customer.Storefront.LifetimeValue.Single().AmountText.ShouldBe("75.00");
        (customer.Fulfillment.Shipments, customer.Fulfillment.Delivered, customer.Fulfillment.InTransit).ShouldBe((1, 1, 0));
        customer.Fulfillment.LastDeliveredAt.ShouldBe(DateTimeOffset.Parse(Latest, System.Globalization.CultureInfo.InvariantCulture));
        var order = (await Client.OrdersAsync(customer.Id)).ShouldHaveSingleItem();
        var parcel = order.Parcels.ShouldHaveSingleItem();
        (order.Number, order.Status, parcel.Number, parcel.Status).ShouldBe(("#1001", "paid", "1Z999AA10123456784", "delivered"));
        Types(await Client.TimelineAsync(customer.Id)).ShouldBe(["parcel.delivered", "order.refunded", "parcel.shipped", "order.placed"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("order", "1001")]
    [InlineData("order", "#1001")]
    [InlineData("order", "9007199254740993001")]
    [InlineData("tracking", "1z 999 aa1 0123456784")]
    [InlineData("tracking", "1Z999AA10123456784")]
    [InlineData("email", " JOURNEY@example.com")]
    [InlineData("phone", "+1 (500) 555-0100")]
    public async Task A_customer_is_found_by_whatever_an_agent_has(string name, string value)
    {
        await DeliverAsync(
            new("orders/create", Order(9007199254740993001, customer: Customer(7348219056411237001, Email, "+15005550100")).With("name", "#1001").With("order_number", 1001)),
            new("fulfillments/create", Fulfillment(41, 9007199254740993001, "1Z999AA10123456784")));

        var posted = await Client.FindAsync(new Dictionary<string, string> { [name] = value });
        var asked = (await Client.GetAsync($"customers?{name}={Uri.EscapeDataString(value)}")).Json.GetProperty("items").EnumerateArray().ShouldHaveSingleItem();

        posted.Email.ShouldBe(Email);
        asked.GetProperty("id").GetString().ShouldBe(posted.Id);
    }

    [Theory]
    [InlineData("shopify.customer", "7348219056411237001")]
    [InlineData("shopify.customer", "gid://shopify/Customer/7348219056411237001")]
    [InlineData("email", Email)]
    [InlineData("phone", "+15005550100")]
    public async Task A_customer_is_found_by_kind_and_value(string kind, string value)
    {
        await DeliverAsync(new Webhook("customers/create", Customer(7348219056411237001, Email, "+15005550100")));

        (await Client.FindAsync(new { kind, value })).Email.ShouldBe(Email);
    }

    [Fact]
    public async Task A_sale_at_the_till_without_contact_is_an_order_without_a_customer()
    {
        var sale = new Webhook("orders/create", Order(1001, "12.00").With("source_name", "pos"));
        await DeliverAsync(sale);

        (await Client.SearchAsync(new { order = "1001" })).ShouldBeEmpty();
        (await Client.DeliveryAsync(sale.Id)).State.ShouldBe("applied");
        var told = (await Client.EventsAsync()).ShouldHaveSingleItem();
        (told.GetProperty("type").GetString(), told.GetProperty("subject").GetString()).ShouldBe(("valuechain.storefront.order.placed", "shopify/order/1001"));
        told.TryGetProperty("customerid", out _).ShouldBeFalse();

        await DeliverAsync(new Webhook("orders/updated", Order(1001, "12.00", Customer(7001, Email), at: Later)));

        (await Client.FindAsync(new { order = "1001" })).Storefront.Orders.ShouldBe(1);
    }

    [Fact]
    public async Task A_cancelled_fulfillment_is_no_parcel_and_a_parcel_counts_once()
    {
        await DeliverAsync(
            new("orders/create", Order(1001, customer: Customer(7001, Email))),
            new("fulfillments/create", Fulfillment(41, 1001, "1Z999AA10123456784")),
            new("fulfillments/create", Fulfillment(43, 1001, "1Z999AA10123456785")),
            new("fulfillments/update", Fulfillment(43, 1001, "1Z999AA10123456785", at: Latest, status: "cancelled")),
            new("orders/updated", Order(1001, customer: Customer(7001, Email), at: Latest).With("fulfillments", new JsonArray(Fulfillment(41, 1001, "1z999aa10123456784")))));

        var customer = await Client.FindAsync(new { email = Email });
        (customer.Fulfillment.Shipments, customer.Fulfillment.InTransit).ShouldBe((1, 1));
    }

    [Fact]
    public async Task A_tracking_event_that_the_shop_deletes_is_taken_back()
    {
        var scan = FulfillmentEvent(51, 41, 1001, "delivered");
        await DeliverAsync(
            new("orders/create", Order(1001, customer: Customer(7001, Email))),
            new("fulfillments/create", Fulfillment(41, 1001, "1Z999AA10123456784")),
            new("fulfillment_events/create", scan));
        (await Client.FindAsync(new { email = Email })).Fulfillment.Delivered.ShouldBe(1);

        await DeliverAsync(new Webhook("fulfillment_events/delete", scan));

        var customer = await Client.FindAsync(new { email = Email });
        (customer.Fulfillment.Delivered, customer.Fulfillment.InTransit, customer.Fulfillment.LastDeliveredAt).ShouldBe((0, 1, null));
    }

    [Fact]
    public async Task An_order_that_is_only_a_hint_is_applied_and_counts_as_not_enriched()
    {
        await DeliverAsync(new Webhook("orders/create", new JsonObject { ["id"] = 1001, ["customer"] = new JsonObject { ["id"] = 7001 } }));

        (await Client.LedgerAsync()).Of(Webhook.Shop).Applied.ShouldBe(1);
        var connector = (await Client.GetAsync("connectors")).Json.GetProperty("items").EnumerateArray().First(one => one.GetProperty("name").GetString() == Webhook.Shop);
        connector.GetProperty("unenriched").GetInt64().ShouldBe(1);
    }

    [Fact]
    public async Task The_latest_act_decides_a_consent_whatever_comes_last()
    {
        await DeliverAsync(
            new("customers/create", Customer(7001, Email, "+15005550100")),
            new("customers_email_marketing_consent/update", EmailConsent(7001, Email, "subscribed", Latest)),
            new("customers_email_marketing_consent/update", EmailConsent(7001, Email, "unsubscribed", Noon)),
            new("customers_marketing_consent/update", SmsConsent(7001, "+15005550100", "subscribed", Noon)),
            new("customers_marketing_consent/update", SmsConsent(7001, "+15005550100", "unsubscribed", Noon)),
            new("customers_marketing_consent/update", SmsConsent(7001, "+15005550199", "subscribed", Later)));

        var customer = await Client.FindAsync(new { email = Email });
        (customer.Consent["email"].State, customer.Consent["email"].Source).ShouldBe(("granted", "shopify"));
        customer.Consent["sms"].State.ShouldBe("denied", "at equal times the more restrictive");
        customer.ConsentDetails.Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_consent_that_was_never_stated_is_none()
    {
        await DeliverAsync(new Webhook("customers/create", Customer(7001, Email).With("email_marketing_consent", new JsonObject { ["state"] = "not_subscribed", ["consent_updated_at"] = null })));

        (await Client.FindAsync(new { email = Email })).Consent.ShouldBeEmpty();
    }

    [Fact]
    public async Task Three_hundred_orders_come_back_page_by_page_each_once_newest_first()
    {
        var orders = Enumerable.Range(1, 300).Select(index => new Webhook("orders/create", Order(10_000 + index, "1.01", Customer(7001, Email)))).ToList();
        await Client.DeliverInParallelAsync(orders);
        await Client.SettleAsync();

        var customer = await Client.FindAsync(new { email = Email });
        (customer.Storefront.Orders, customer.Storefront.LifetimeValue.Single().AmountText).ShouldBe((300, "303.00"));
        var numbers = (await Client.OrdersAsync(customer.Id, limit: 7)).Select(order => order.Number).ToList();
        numbers.ShouldBe(Enumerable.Range(1, 300).Reverse().Select(index => $"#{10_000 + index}"));
        var told = (await Client.TimelineAsync(customer.Id, limit: 13)).Select(one => one.GetProperty("id").GetString()).ToList();
        told.Count.ShouldBe(300);
        told.ShouldBeUnique();
    }

    [Fact]
    public async Task The_timeline_is_newest_first_by_the_vendors_time_and_every_item_has_a_line_for_people()
    {
        await DeliverAsync(
            new("fulfillments/create", Fulfillment(41, 1001)),
            new("orders/cancelled", Order(1001, customer: Customer(7001, Email)).Cancelled(Latest)),
            new("orders/create", Order(1001, customer: Customer(7001, Email))));

        var timeline = await Client.TimelineAsync((await Client.FindAsync(new { email = Email })).Id);

        // Whose the order is may be told too, with the time of its receipt: a store whose feed has several ranges may hand over the order before its parcel, and then it is told here.
        timeline.ShouldAllBe(told => told.GetProperty("summary").GetString()!.Length > 0);
        var byTheVendor = timeline.Where(told => !Types([told]).Single().StartsWith("customer.", StringComparison.Ordinal)).ToList();
        Types(byTheVendor).ShouldBe(["order.cancelled", "parcel.shipped", "order.placed"]);
        byTheVendor[0].GetProperty("summary").GetString().ShouldBe("Order #1001 cancelled");
    }

    [Fact]
    public async Task Every_event_is_a_CloudEvent_of_the_catalogue()
    {
        await DeliverAsync(
            new("customers/create", Customer(7001, Email)),
            new("orders/create", Order(1001, customer: Customer(7001, Email))),
            new("products/update", new JsonObject { ["id"] = 5, ["title"] = "Rope Basket", ["updated_at"] = Noon }));
        var types = (await Client.GetAsync("events/catalogue", key: null)).Text;

        var events = await Client.EventsAsync(limit: 2);

        events.Count.ShouldBe(3);
        foreach (var told in events)
        {
            told.GetProperty("specversion").GetString().ShouldBe("1.0");
            told.GetProperty("source").GetString().ShouldBe("/connectors/shopify");
            types.ShouldContain(told.GetProperty("type").GetString()!);
            told.GetProperty("dataschema").GetString().ShouldNotBeNullOrEmpty();
            told.GetProperty("origin").GetString().ShouldBe("live");
            (await Client.DeliveryAsync(told.GetProperty("deliveryid").GetString()!)).Events.ShouldContain(told.GetProperty("id").GetString()!);
        }
    }

    [Fact]
    public async Task What_was_applied_is_there_after_a_restart_and_the_events_go_on_behind_their_cursor()
    {
        await DeliverAsync(new Webhook("orders/create", Order(1001, "10.00", Customer(7001, Email))));
        var before = HubText.Of(await Client.FindAsync(new { email = Email }));
        var cursor = (await Client.GetAsync("events?limit=100")).Json.GetProperty("cursor").GetString()!;

        await Hub.RestartAsync();
        HubText.Of(await Client.FindAsync(new { email = Email })).ShouldBe(before);
        await DeliverAsync(new Webhook("orders/create", Order(1002, "10.00", Customer(7001, Email))));

        var news = (await Client.GetAsync("events?after=" + Uri.EscapeDataString(cursor))).Json.GetProperty("items");
        news.EnumerateArray().ShouldHaveSingleItem().GetProperty("subject").GetString().ShouldBe("shopify/order/1002");
    }

    private static IEnumerable<string> Types(IEnumerable<JsonElement> events) => events.Select(told => string.Join('.', told.GetProperty("type").GetString()!.Split('.')[^2..]));
}
