using ValueChainHub.Sandbox.Books;
using ValueChainHub.Sandbox.Story;
using ValueChainHub.Sandbox.Vendors.State;
using ValueChainHub.Sandbox.Wire;

namespace ValueChainHub.Sandbox.Vendors.Shopify;

public sealed partial class ShopifySandbox
{
    /// <summary>A person changes a customer in the shop's admin.</summary>
    public void Edit(string account, HumanEdit edit)
    {
        Outcome outcome;
        lock (_gate)
        {
            var customer = _shop.Customers.Find(long.Parse(account, System.Globalization.CultureInfo.InvariantCulture)) ?? throw new ArgumentException($"The shop has no customer {account}.", nameof(account));
            outcome = edit switch
            {
                HumanEdit.Name one => Renamed(customer, customer.Shopper with { First = one.First, Last = one.Last }),
                HumanEdit.Email one => Renamed(customer, customer.Shopper with { Email = one.Address }),
                HumanEdit.Phone one => Renamed(customer, customer.Shopper with { Phone = one.Number }),
                HumanEdit.Consent one => Stated(customer, one.Channel, ShopConsent.Of(one.IsGranted, Desk.Now)),
                HumanEdit.AddTag one => customer.Tags.Add(one.Tag) ? Tagged(customer, [one.Tag], isAdded: true) : Outcome.Nothing,
                HumanEdit.RemoveTag one => customer.Tags.Remove(one.Tag) ? Tagged(customer, [one.Tag], isAdded: false) : Outcome.Nothing,
                _ => throw new NotSupportedException(edit.GetType().Name),
            };
        }
        Desk.Say(outcome);
    }

    public VendorHoldings Holds()
    {
        lock (_gate)
            return VendorHoldings.None with { Accounts = [.. _shop.Customers.Kept.OrderBy(customer => customer.Id).Select(Held)] };
    }

    private static HeldAccount Held(ShopCustomer customer)
    {
        string AddressOf(Channel channel) => channel == Channel.Email ? customer.Shopper.Email : customer.Shopper.Phone ?? "";
        return new(
            Bodies.Number(customer.Id), customer.Shopper.Number, customer.Shopper.Name, [customer.Shopper.Email], customer.Shopper.Phone is { } phone ? [phone] : [], [.. customer.Tags],
            [.. customer.Consents.OrderBy(one => one.Key).Select(one => new HeldConsent(one.Key == Channel.Email ? "email" : "sms", AddressOf(one.Key), one.Value.State, one.Value.At))],
            customer.Metafields, customer.UpdatedAt);
    }

    private Outcome Renamed(ShopCustomer customer, Shopper now)
    {
        customer.Shopper = now;
        return Changed(customer);
    }

    private Outcome Changed(ShopCustomer customer)
    {
        Touch(customer, Desk.Now);
        return Told(customer, Again("customers/update", customer));
    }

    private Outcome Stated(ShopCustomer customer, Channel channel, ShopConsent act)
    {
        customer.Consents[channel] = act;
        Touch(customer, Desk.Now);
        var news = channel == Channel.Email
            ? Echo("customers_email_marketing_consent/update", customer, _bodies.EmailConsent(customer), [ShopifyFacts.Consent(customer, channel, act)])
            : Echo("customers_marketing_consent/update", customer, _bodies.SmsConsent(customer), [ShopifyFacts.Consent(customer, channel, act)]);
        return Told(customer, news, Again("customers/update", customer));
    }

    private Outcome Tagged(ShopCustomer customer, IReadOnlyList<string> tags, bool isAdded)
    {
        Touch(customer, Desk.Now);
        var news = Echo(isAdded ? "customer.tags_added" : "customer.tags_removed", customer, ShopifyBodies.Tags(customer, tags), [new MentionFact(customer.Party, customer.UpdatedAt)]);
        return Told(customer, news, Again("customers/update", customer));
    }

    private Webhook Again(string topic, ShopCustomer customer) => Echo(topic, customer, _bodies.Customer(customer), ShopifyFacts.Of(customer, customer.UpdatedAt));

    /// <summary>A webhook of a change that is no act: its id is its customer's own, for it comes between the story's at any time.</summary>
    private Webhook Echo(string topic, ShopCustomer customer, System.Text.Json.Nodes.JsonObject body, IEnumerable<Fact> tells)
    {
        var count = _echoes[customer.Id] = _echoes.GetValueOrDefault(customer.Id) + 1;
        return new(Bodies.Guid(name, "echo", Bodies.Number(customer.Id), Bodies.Number(count)), topic, body.Bytes(), ShopSeed.Has(customer.Shopper) ? [] : [.. tells], [])
        {
            About = [CustomerResource(customer)],
        };
    }

    private static Outcome Told(ShopCustomer customer, params IReadOnlyList<Webhook> webhooks) =>
        new(ShopSeed.Has(customer.Shopper) ? [] : [.. ShopifyFacts.Of(customer, customer.UpdatedAt)], webhooks);

    /// <summary>The customer changed at this time, or a second after its last change.</summary>
    private void Touch(ShopCustomer customer, DateTimeOffset at)
    {
        var before = customer.UpdatedAt;
        customer.UpdatedAt = VendorDesk.After(before, at);
        _shop.Customers.Put(customer.Id, customer, before, customer.UpdatedAt);
    }

    /// <inheritdoc cref="Touch(ShopCustomer, DateTimeOffset)"/>
    private void Touch(ShopOrder order, DateTimeOffset at)
    {
        var before = order.UpdatedAt;
        order.UpdatedAt = VendorDesk.After(before, at);
        _shop.Orders.Put(order.Id, order, before, order.UpdatedAt);
    }
}
