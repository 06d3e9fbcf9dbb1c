using System.Text.Json.Nodes;
using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Chain.Records;

namespace ValueChainHub.Connectors.Tests.Shopify;

public sealed class ShopifyMoneyTests
{
    private const string Refund = "refund/6600000000000000011";

    [Fact]
    public void An_order_counts_in_shop_money_and_keeps_what_the_shopper_saw()
    {
        var order = Order("orders-create");

        order.Total.ShouldBe(new Money("USD", 208.05m));
        order.TotalPresented.ShouldBe(new Money("EUR", 191.40m));
    }

    [Fact]
    public void Without_a_money_set_the_plain_amount_is_in_the_orders_currency() =>
        Order("orders-create", body => body.Remove("total_price_set")).Total.ShouldBe(new Money("USD", 208.05m));

    [Fact]
    public void An_amount_may_be_a_JSON_number() =>
        Order("orders-create", body => (body["total_price_set"], body["total_price"]) = (null, JsonNode.Parse("208.05"))).Total.ShouldBe(new Money("USD", 208.05m));

    [Theory]
    [InlineData("0.1", "0.10")]
    [InlineData("90071992547409.93", "90071992547409.93")]
    [InlineData("1E2", null)]
    [InlineData("1,000.00", null)]
    public void No_amount_passes_through_binary_floating_point(string text, string? amount)
    {
        var body = ShopifyTests.Body("orders-create");
        body["total_price_set"]!["shop_money"]!["amount"] = text;
        var translation = ShopifyTests.Raw("orders/create", body.ToJsonString());

        if (amount is null)
            translation.ShouldBeOfType<Core.Connectors.Translation.Unreadable>().Reason.ShouldBe("amount is not an amount");
        else
            ((Core.Connectors.Translation.Translated)translation).Value<Order>(ShopifyTests.Order, FacetNames.Core).Total!.Value.AmountText.ShouldBe(amount);
    }

    [Fact]
    public void Orders_in_yen_have_no_decimals()
    {
        var order = Order("orders-create", body =>
        {
            body["currency"] = "JPY";
            body["total_price_set"]!["shop_money"] = JsonNode.Parse("""{"amount":"2500","currency_code":"JPY"}""");
        });

        ChainJson.Write(order).ShouldContain("""
            "total":{"currency":"JPY","amount":"2500"}
            """.Trim());
    }

    [Fact]
    public void A_refund_is_its_line_items_less_its_adjustments_plus_duties_in_shop_money() =>
        AmountOf("refunds-create").ShouldBe(new Money("USD", 64.35m + 2.00m + 9.00m + 0.50m + 1.50m));

    [Fact]
    public void A_positive_adjustment_is_money_kept() => AmountOf("refunds-create", body =>
    {
        body["order_adjustments"]![0]!["amount_set"]!["shop_money"]!["amount"] = "5.00";
        body["order_adjustments"]![0]!["tax_amount_set"]!["shop_money"]!["amount"] = "0.00";
    }).ShouldBe(new Money("USD", 64.35m + 2.00m - 5.00m + 1.50m));

    [Fact]
    public void A_refund_of_shipping_alone_has_adjustments_and_no_line_items() =>
        AmountOf("refunds-create", body => (body["refund_line_items"], body["total_duties_set"]) = (new JsonArray(), null)).ShouldBe(new Money("USD", 9.50m));

    [Fact]
    public void Transactions_do_not_count_beside_line_items() =>
        AmountOf("refunds-create", body => body["transactions"]![0]!["amount"] = "5000.00").ShouldBe(AmountOf("refunds-create"));

    [Fact]
    public void Transactions_count_when_both_lists_are_empty() => AmountOf("refunds-create", OnlyTransactions).ShouldBe(new Money("USD", 20.00m));

    [Theory]
    [InlineData("status", "pending")]
    [InlineData("status", "failure")]
    [InlineData("kind", "capture")]
    [InlineData("currency", "EUR")]
    public void Transactions_count_only_when_they_are_successful_refunds_in_the_orders_currency(string member, string value) => AmountOf("refunds-create", body =>
    {
        OnlyTransactions(body);
        body["transactions"]![0]![member] = value;
    }).ShouldBeNull();

    [Fact]
    public void A_refund_that_does_not_say_how_much_hides_no_body_that_does()
    {
        var pending = ShopifyTests.Translate("refunds-create", body =>
        {
            OnlyTransactions(body);
            body["transactions"]![0]!["status"] = "pending";
        }).Facet(ShopifyTests.Order, Refund)!;

        pending.ShouldBeLessThan(ShopifyTests.Translate("orders-updated").Facet(ShopifyTests.Order, Refund)!);
    }

    [Fact]
    public void Plain_amounts_of_a_refund_inside_its_order_are_in_the_orders_currency()
    {
        var refund = ShopifyTests.Translate("orders-updated", body => WithoutSets(body["refunds"]![0]!.AsObject())).Value<Refund>(ShopifyTests.Order, Refund);

        refund.Amount.ShouldBe(new Money("USD", 64.35m + 2.00m + 9.00m + 0.50m));
    }

    [Fact]
    public void Plain_amounts_of_a_refund_alone_are_in_the_currency_of_an_order_that_the_body_does_not_know() =>
        AmountOf("refunds-create", WithoutSets).ShouldBe(new Money(Core.Chain.Records.Refund.CurrencyOfOrder, 64.35m + 2.00m + 9.00m + 0.50m));

    [Fact]
    public void A_refund_is_the_same_alone_inside_its_order_and_fetched()
    {
        var alone = ShopifyTests.Translate("refunds-create").Facet(ShopifyTests.Order, Refund)!;
        var inside = ShopifyTests.Translate("orders-updated").Facet(ShopifyTests.Order, Refund)!;
        var fetched = ShopifyTests.Translate("graphql-order").Facet(ShopifyTests.Order, Refund)!;

        inside.Value.ShouldBe(alone.Value);
        fetched.Value.ShouldBe(alone.Value);
        inside.ShouldBeLessThan(alone);
        alone.ShouldBeLessThan(fetched);
    }

    [Fact]
    public void A_fetched_refund_that_is_cut_off_says_nothing()
    {
        var fetched = ShopifyTests.Translate("graphql-order", body => body["data"]!["order"]!["refunds"]![0]!["refundLineItems"]!["pageInfo"]!["hasNextPage"] = true);

        fetched.Facet(ShopifyTests.Order, Refund).ShouldBeNull();
    }

    [Fact]
    public void Test_orders_are_marked() => Order("orders-create", body => body["test"] = true).Test.ShouldBeTrue();

    [Fact]
    public void Orders_are_dated_by_when_they_were_processed_and_otherwise_made()
    {
        Order("orders-create").PlacedAt.ShouldBe(DateTimeOffset.Parse("2026-02-10T14:30:09Z", null));
        Order("orders-create", body => body["processed_at"] = null).PlacedAt.ShouldBe(DateTimeOffset.Parse("2026-02-10T14:30:10Z", null));
    }

    private static Order Order(string recording, Action<JsonObject>? change = null) => ShopifyTests.Translate(recording, change).Value<Order>(ShopifyTests.Order, FacetNames.Core);

    private static Money? AmountOf(string recording, Action<JsonObject>? change = null) => ShopifyTests.Translate(recording, change).Value<Refund>(ShopifyTests.Order, Refund).Amount;

    private static void OnlyTransactions(JsonObject body)
    {
        (body["refund_line_items"], body["order_adjustments"]) = (new JsonArray(), new JsonArray());
        body["transactions"] = JsonNode.Parse("""[{"id":1,"kind":"refund","status":"success","amount":"20.00","currency":"USD"}]""");
    }

    private static void WithoutSets(JsonObject refund)
    {
        refund.Remove("total_duties_set");
        foreach (var line in refund["refund_line_items"]!.AsArray())
            (line!["subtotal_set"], line["total_tax_set"]) = (null, null);
        foreach (var adjustment in refund["order_adjustments"]!.AsArray())
            (adjustment!["amount_set"], adjustment["tax_amount_set"]) = (null, null);
    }
}
