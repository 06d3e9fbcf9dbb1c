using System.Text.Json.Nodes;
using ValueChainHub.EndToEnd.Tests.Support;
using static ValueChainHub.EndToEnd.Tests.Support.Shopify;

namespace ValueChainHub.EndToEnd.Tests;

/// <summary>What a customer is worth, as text (SEMANTICS 3).</summary>
public sealed class MoneyTests : EndToEndTest
{
    private const string Email = "money@example.com";
    private static JsonObject Ada => Customer(7001, Email);

    [Fact]
    public async Task A_test_order_is_kept_and_counts_in_no_figure()
    {
        await DeliverAsync(
            Placed(Order(1, "10.00", Ada)),
            Placed(Order(2, "999.00", Ada).With("test", true)),
            new("refunds/create", Refund(31, 2, "999.00")),
            new("fulfillments/create", Fulfillment(41, 2)));

        var customer = await CustomerAsync();
        (customer.Storefront.Orders, Value(customer)).ShouldBe((1, "10.00 USD"));
        customer.Fulfillment.Shipments.ShouldBe(0);
        (await Client.OrdersAsync(customer.Id)).Single(order => order.Id.EndsWith("/2", StringComparison.Ordinal)).Test.ShouldBe(true);
    }

    [Theory]
    [InlineData("pending")]
    [InlineData("authorized")]
    [InlineData("voided")]
    [InlineData("expired")]
    public async Task An_order_without_money_counts_as_an_order_and_not_as_value(string status)
    {
        await DeliverAsync(Placed(Order(1, "50.00", Ada, status: status)));

        var customer = await CustomerAsync();
        (customer.Storefront.Orders, Value(customer)).ShouldBe((1, ""));
    }

    [Theory]
    [InlineData("paid")]
    [InlineData("partially_paid")]
    [InlineData("partially_refunded")]
    [InlineData("refunded")]
    public async Task An_order_with_money_counts_its_total(string status)
    {
        await DeliverAsync(Placed(Order(1, "50.00", Ada, status: status)));

        Value(await CustomerAsync()).ShouldBe("50.00 USD");
    }

    [Fact]
    public async Task A_cancelled_order_is_an_order_without_value()
    {
        await DeliverAsync(Placed(Order(1, "50.00", Ada)), new("orders/cancelled", Order(1, "50.00", Ada).Cancelled(Later)));

        var customer = await CustomerAsync();
        (customer.Storefront.Orders, customer.Storefront.CancelledOrders, Value(customer)).ShouldBe((1, 1, ""));
    }

    [Fact]
    public async Task A_cancelled_order_and_its_refund_count_nothing_and_never_twice()
    {
        await DeliverAsync(
            Placed(Order(1, "20.00", Ada)),
            Placed(Order(2, "50.00", Ada)),
            new("refunds/create", Refund(31, 2, "50.00")),
            new("orders/cancelled", Order(2, "50.00", Ada, status: "refunded").Cancelled(Later)));

        Value(await CustomerAsync()).ShouldBe("20.00 USD");
    }

    [Fact]
    public async Task An_order_counts_in_the_shops_money_not_in_what_the_shopper_saw()
    {
        await DeliverAsync(Placed(Order(1, "100.00", Ada)
            .With("presentment_currency", "EUR")
            .With("total_price_set", Set("100.00", "USD", "92.15", "EUR"))));

        Value(await CustomerAsync()).ShouldBe("100.00 USD");
    }

    [Fact]
    public async Task Orders_in_two_shop_currencies_are_two_sums()
    {
        await DeliverAsync(
            Placed(Order(1, "100.10", Ada)),
            Placed(Order(2, "0.20", Ada)),
            Placed(Order(3, "80.00", Ada).In("EUR")));

        Value(await CustomerAsync()).ShouldBe("80.00 EUR, 100.30 USD");
    }

    [Fact]
    public async Task A_refund_takes_its_line_items_with_tax_away()
    {
        await DeliverAsync(Placed(Order(1, "100.00", Ada)), new("refunds/create", Refund(31, 1, "30.00", tax: "2.55")));

        Value(await CustomerAsync()).ShouldBe("67.45 USD");
    }

    [Fact]
    public async Task An_adjustment_is_negative_for_money_given_back_and_positive_for_money_kept()
    {
        var refund = Refund(31, 1, "30.00").With("order_adjustments", new JsonArray(
            new JsonObject { ["id"] = 1, ["kind"] = "shipping_refund", ["amount_set"] = Set("-5.00", "USD"), ["tax_amount_set"] = Set("-0.50", "USD") },
            new JsonObject { ["id"] = 2, ["kind"] = "refund_discrepancy", ["amount_set"] = Set("2.00", "USD"), ["tax_amount_set"] = Set("0.00", "USD") }));

        await DeliverAsync(Placed(Order(1, "100.00", Ada)), new("refunds/create", refund));

        // 30.00 + 5.50 - 2.00 were given back.
        Value(await CustomerAsync()).ShouldBe("66.50 USD");
    }

    [Fact]
    public async Task Duties_are_given_back_too()
    {
        var refund = Refund(31, 1, "30.00").With("duties", new JsonArray(new JsonObject { ["duty_id"] = 1, ["amount_set"] = Set("3.00", "USD") }));

        await DeliverAsync(Placed(Order(1, "100.00", Ada)), new("refunds/create", refund));

        Value(await CustomerAsync()).ShouldBe("67.00 USD");
    }

    [Fact]
    public async Task A_refund_without_lines_counts_its_successful_transactions_in_the_orders_currency()
    {
        var refund = Refund(31, 1).With("transactions", new JsonArray(Transaction("10.00"), Transaction("70.00", status: "failure"), Transaction("9.00", status: "pending")));

        await DeliverAsync(Placed(Order(1, "100.00", Ada)), new("refunds/create", refund));

        Value(await CustomerAsync()).ShouldBe("90.00 USD");
    }

    [Fact]
    public async Task A_transaction_in_another_currency_than_the_orders_does_not_count()
    {
        await DeliverAsync(Placed(Order(1, "100.00", Ada)), new("refunds/create", Refund(31, 1).With("transactions", new JsonArray(Transaction("10.00", "EUR")))));

        Value(await CustomerAsync()).ShouldBe("100.00 USD");
    }

    [Fact]
    public async Task Lines_win_over_transactions_and_a_refund_without_both_takes_nothing()
    {
        await DeliverAsync(
            Placed(Order(1, "100.00", Ada)),
            new("refunds/create", Refund(31, 1, "30.00").With("transactions", new JsonArray(Transaction("99.00")))),
            new("refunds/create", Refund(33, 1)));

        Value(await CustomerAsync()).ShouldBe("70.00 USD");
    }

    [Fact]
    public async Task A_refund_inside_its_order_and_on_its_own_is_one_refund()
    {
        var refund = Refund(31, 1, "30.00");

        await DeliverAsync(
            new("refunds/create", refund),
            new("orders/updated", Order(1, "100.00", Ada, status: "partially_refunded", at: Later).With("refunds", new JsonArray(refund.DeepClone()))));

        Value(await CustomerAsync()).ShouldBe("70.00 USD");
    }

    [Fact]
    public async Task A_wholly_refunded_order_leaves_nought_and_not_nothing()
    {
        await DeliverAsync(Placed(Order(1, "100.00", Ada, status: "refunded")), new("refunds/create", Refund(31, 1, "100.00")));

        Value(await CustomerAsync()).ShouldBe("0.00 USD");
    }

    [Fact]
    public async Task Every_currency_has_its_own_decimals()
    {
        await DeliverAsync(
            Placed(Order(1, "1200", Ada).In("JPY")),
            new("refunds/create", Refund(31, 1, "200", currency: "JPY")),
            Placed(Order(2, "12.345", Ada).In("KWD")),
            new("refunds/create", Refund(33, 2, "0.005", currency: "KWD")));

        Value(await CustomerAsync()).ShouldBe("1000 JPY, 12.340 KWD");
    }

    [Fact]
    public async Task Plain_amounts_serve_where_an_old_body_has_no_sets()
    {
        var (order, refund) = (Order(1, "100.00", Ada), Refund(31, 1));
        order.Remove("total_price_set");
        refund["refund_line_items"] = new JsonArray(new JsonObject { ["id"] = 1, ["subtotal"] = 12.34, ["total_tax"] = 0.66 });

        await DeliverAsync(Placed(order), new("refunds/create", refund));

        Value(await CustomerAsync()).ShouldBe("87.00 USD");
    }

    private static Webhook Placed(JsonObject order) => new("orders/create", order);

    private Task<Core.Customers.CustomerRecord> CustomerAsync() => Client.FindAsync(new { email = Email });

    private static string Value(Core.Customers.CustomerRecord customer) => string.Join(", ", customer.Storefront.LifetimeValue.Select(money => $"{money.AmountText} {money.Currency}"));
}
