using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ValueChainHub.Benchmarks.Generator;

namespace ValueChainHub.EndToEnd.Tests.Load;

public sealed class OrderRequestsTests
{
    private const string Secret = "a-secret-of-this-test-only-0000001";

    public static TheoryData<BodySize, int, int> Sizes => new() { { BodySize.Four, 4000, 4800 }, { BodySize.Ten, 9500, 10_500 } };

    [Theory, MemberData(nameof(Sizes))]
    public void Every_body_is_of_its_size_signed_and_says_what_the_plan_says(BodySize size, int least, int most)
    {
        var plan = new OrderPlan(seed: 7, customers: 50, size);
        using var requests = new OrderRequests(plan, Secret);

        for (var index = 0L; index < 300; index++)
        {
            var order = plan.At(index);
            var (head, body) = Split(Write(requests, order));
            body.Length.ShouldBeInRange(least, most);
            head.ShouldContain($"Content-Length: {body.Length}\r\n");
            head.ShouldContain("X-Shopify-Hmac-Sha256: " + Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), body)));
            head.ShouldContain("X-Shopify-Webhook-Id: " + OrderRequests.WebhookIdOf(index) + "\r\n");
            ShouldSay(order, body);
        }
    }

    [Fact]
    public void A_repeat_is_the_same_bytes_and_another_order_is_not()
    {
        var plan = new OrderPlan(seed: 7, customers: 50, BodySize.Four);
        using var requests = new OrderRequests(plan, Secret);
        using var others = new OrderRequests(plan, Secret);

        Write(requests, plan.At(11)).ShouldBe(Write(others, plan.At(11)));
        Write(requests, plan.At(11)).ShouldNotBe(Write(requests, plan.At(12)));
    }

    [Fact]
    public void The_plan_has_both_currencies_unpaid_orders_and_every_customer()
    {
        var plan = new OrderPlan(seed: 7, customers: 50, BodySize.Four);
        var orders = Enumerable.Range(0, 1000).Select(index => plan.At(index)).ToList();

        orders.Select(order => order.Currency).Distinct().ShouldBe(["USD", "EUR"], ignoreOrder: true);
        orders.Count(order => !order.IsPaid).ShouldBeInRange(20, 150);
        orders.Select(order => order.Customer).Distinct().Count().ShouldBe(50);
        orders.Select(order => order.OrderId).Distinct().Count().ShouldBe(1000);
    }

    private static byte[] Write(OrderRequests requests, PlannedOrder order)
    {
        var buffer = new byte[requests.LongestRequest];
        return buffer[..requests.Write(order, buffer)];
    }

    private static (string Head, byte[] Body) Split(byte[] request)
    {
        var end = request.AsSpan().IndexOf("\r\n\r\n"u8) + 4;
        return (Encoding.ASCII.GetString(request, 0, end), request[end..]);
    }

    private static void ShouldSay(PlannedOrder order, byte[] body)
    {
        using var document = JsonDocument.Parse(body);
        var root = document.RootElement;
        var total = root.GetProperty("total_price_set").GetProperty("shop_money");
        root.GetProperty("id").GetInt64().ShouldBe(order.OrderId);
        root.GetProperty("email").GetString().ShouldBe(OrderPlan.EmailOf(order.Customer));
        root.GetProperty("financial_status").GetString().ShouldBe(order.IsPaid ? "paid" : "pending");
        root.GetProperty("created_at").GetDateTimeOffset().ToUnixTimeSeconds().ShouldBe(order.PlacedAt);
        root.GetProperty("customer").GetProperty("id").GetInt64().ShouldBe(OrderPlan.FirstCustomerId + order.Customer);
        Cents(total.GetProperty("amount")).ShouldBe(order.TotalCents);
        total.GetProperty("currency_code").GetString().ShouldBe(order.Currency);
        var lines = root.GetProperty("line_items").EnumerateArray().Sum(line => Cents(line.GetProperty("price")));
        (lines + Cents(root.GetProperty("shipping_lines")[0].GetProperty("price"))).ShouldBe(order.TotalCents);
        Cents(root.GetProperty("subtotal_price")).ShouldBe(lines);
    }

    private static long Cents(JsonElement amount) => (long)(decimal.Parse(amount.GetString()!, CultureInfo.InvariantCulture) * 100);
}
