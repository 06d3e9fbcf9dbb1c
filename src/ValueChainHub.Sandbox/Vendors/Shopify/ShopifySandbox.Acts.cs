using ValueChainHub.Sandbox.Books;
using ValueChainHub.Sandbox.Story;
using ValueChainHub.Sandbox.Wire;

namespace ValueChainHub.Sandbox.Vendors.Shopify;

public sealed partial class ShopifySandbox
{
    private Outcome Open(AccountOpened act)
    {
        var customer = new ShopCustomer(act.Shopper, act.At);
        _shop.Customers.Put(customer.Id, customer, act.At, act.At);
        return Tell([.. ShopifyFacts.Of(customer, act.At)], Make("customers/create", CustomerResource(customer), _bodies.Customer(customer), ShopifyFacts.Of(customer, act.At)));
    }

    /// <summary>A checkout makes its shopper known, and nothing else that is counted.</summary>
    private Outcome Checkout(CheckoutStarted act)
    {
        var customer = CustomerOf(act.Shopper);
        List<Fact> facts = customer is not null ? [.. ShopifyFacts.Of(customer, act.At)] : [new MentionFact(Party.Guest(act.Shopper.Email, act.Shopper.Number), act.At)];
        return Tell(facts, Make("checkouts/create", $"checkout/{act.Purchase.Id}", _bodies.Checkout(act.Purchase, act.Shopper, customer, act.At), facts));
    }

    /// <summary>A till's order is paid at once.</summary>
    private Outcome Place(OrderPlaced act)
    {
        var isTill = act.Purchase.Kind == PurchaseKind.Till;
        var order = new ShopOrder(act.Purchase, act.Shopper, isTill ? null : CustomerOf(act.Shopper), act.At) { FinancialStatus = isTill ? "paid" : "pending" };
        _shop.Orders.Put(order.Id, order, act.At, act.At);
        return Told(order, "orders/create");
    }

    private Outcome Pay(OrderPaid act)
    {
        var order = OrderOf(act.Purchase);
        order.FinancialStatus = "paid";
        return Whole(order, act.At, "orders/paid", "orders/updated");
    }

    /// <summary>The webhook says that, not what.</summary>
    private Outcome Edit(OrderEdited act)
    {
        var order = OrderOf(act.Purchase);
        order.Lines.Add(act.Added);
        order.FinancialStatus = "partially_paid";
        Touch(order, act.At);
        return Tell([.. ShopifyFacts.Of(order)], Make("orders/edited", OrderResource(order.Id), _bodies.Edit(order, act.Added, act.At), [], OrderResource(order.Id)));
    }

    private Outcome Cancel(OrderCancelled act)
    {
        var order = OrderOf(act.Purchase);
        order.CancelledAt = act.At;
        order.FinancialStatus = order.FinancialStatus == "pending" ? "voided" : order.FinancialStatus;
        return Whole(order, act.At, "orders/cancelled", "orders/updated");
    }

    private Outcome Send(PackageSent act)
    {
        var order = OrderOf(act.Purchase);
        var fulfillment = new ShopFulfillment(order, act.Package, act.At);
        order.Fulfillments.Add(fulfillment);
        order.IsAllSent = act.IsLast;
        var news = Make("fulfillments/create", OrderResource(order.Id), _bodies.Fulfillment(order, fulfillment), ShopifyFacts.Of(order, fulfillment));
        return With(news, Whole(order, act.At, act.IsLast ? "orders/fulfilled" : "orders/partially_fulfilled", "orders/updated"));
    }

    private Outcome See(PackageSeenByShop act)
    {
        var order = OrderOf(act.Purchase);
        var fulfillment = order.Fulfillments.Find(one => one.Package.Index == act.Package.Index) ?? throw new InvalidOperationException("Seen before it was sent.");
        (fulfillment.Status, fulfillment.UpdatedAt) = (act.Status, act.At);
        var scan = ShopifyFacts.Scan(order, fulfillment, act.Status, act.At);
        var facts = ShopifyFacts.Of(order, fulfillment).ToList();
        return Tell(
            facts,
            Make("fulfillment_events/create", OrderResource(order.Id), _bodies.FulfillmentEvent(order, fulfillment, act.Status, act.At), [scan]),
            Make("fulfillments/update", OrderResource(order.Id), _bodies.Fulfillment(order, fulfillment), facts));
    }

    private Outcome Refund(RefundMade act)
    {
        var order = OrderOf(act.Purchase);
        var refund = new ShopRefund(8_800_000_000_000 + (order.Purchase.Number * 100L) + (order.Refunds.Count * 10), act.At, act.Lines, act.Kept);
        order.Refunds.Add(refund);
        order.FinancialStatus = order.Refunds.Sum(one => one.Amount) == order.Total ? "refunded" : "partially_refunded";
        var news = Make("refunds/create", OrderResource(order.Id), _bodies.Refund(order, refund), [ShopifyFacts.Of(order, refund)]);
        return With(news, Whole(order, act.At, "orders/updated"));
    }

    /// <summary>The webhook names the return and its order; the rest is fetched.</summary>
    private Outcome Return(DateTimeOffset at, Purchase purchase, string status, string topic)
    {
        var order = OrderOf(purchase);
        order.Return ??= new(6_600_000_000_000 + order.Purchase.Number, at);
        order.Return.Status = status;
        Touch(order, at);
        var webhook = Make(topic, OrderResource(order.Id), ShopifyBodies.Return(order, order.Return), [ShopifyFacts.Of(order, order.Return)], OrderResource(order.Id));
        return Tell([.. ShopifyFacts.Of(order, withReturns: true)], webhook);
    }

    private Outcome Consent(ShopConsentChanged act)
    {
        var customer = CustomerOf(act.Shopper) ?? throw new InvalidOperationException("Guests have no page of their own.");
        var said = customer.Consents[act.Channel] = ShopConsent.Of(act.IsGranted, act.At);
        Touch(customer, act.At);
        var consent = ShopifyFacts.Consent(customer, act.Channel, said);
        var news = act.Channel == Channel.Email
            ? Make("customers_email_marketing_consent/update", CustomerResource(customer), _bodies.EmailConsent(customer), [consent])
            : Make("customers_marketing_consent/update", CustomerResource(customer), _bodies.SmsConsent(customer), [consent]);
        var facts = ShopifyFacts.Of(customer, customer.UpdatedAt).ToList();
        return Tell(facts, news, Make("customers/update", CustomerResource(customer), _bodies.Customer(customer), facts));
    }

    private Outcome Privacy(PrivacyAsked act)
    {
        var customer = CustomerOf(act.Shopper) ?? throw new InvalidOperationException("Guests ask by mail.");
        var mention = new MentionFact(customer.Party, act.At);
        var orders = _shop.Orders.Kept.Where(order => order.Customer == customer).Select(order => order.Id).Order();
        return Tell([mention], Make(act.ToErase ? "customers/redact" : "customers/data_request", CustomerResource(customer), _bodies.Privacy(customer, act.ToErase, orders), [mention]));
    }

    /// <summary>The order changed; the same body goes out under each topic.</summary>
    private Outcome Whole(ShopOrder order, DateTimeOffset at, params ReadOnlySpan<string> topics)
    {
        Touch(order, at);
        return Told(order, topics);
    }

    private Outcome Told(ShopOrder order, params ReadOnlySpan<string> topics)
    {
        var facts = ShopifyFacts.Of(order).ToList();
        var webhooks = new List<Webhook>();
        foreach (var topic in topics)
            webhooks.Add(Make(topic, OrderResource(order.Id), _bodies.Order(order), facts));
        return new(facts, webhooks);
    }

    private static Outcome With(Webhook first, Outcome outcome) => outcome with { Webhooks = [first, .. outcome.Webhooks] };

    private static Outcome Tell(IReadOnlyList<Fact> facts, params IReadOnlyList<Webhook> webhooks) => new(facts, webhooks);

    /// <summary>How the API's endpoint and the hints name one order to the books.</summary>
    private static string OrderResource(long id) => $"order/{id}";

    private static string CustomerResource(ShopCustomer customer) => $"customer/{customer.Id}";
}
