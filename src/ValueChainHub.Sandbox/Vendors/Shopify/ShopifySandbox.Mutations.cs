using System.Globalization;
using System.Text.Json.Nodes;
using ValueChainHub.Sandbox.Story;
using ValueChainHub.Sandbox.Vendors.Shopify.GraphQl;
using ValueChainHub.Sandbox.Wire;

namespace ValueChainHub.Sandbox.Vendors.Shopify;

public sealed partial class ShopifySandbox
{
    private const int LongestTag = 255, MostTags = 250, MostMetafields = 25;

    private JsonObject Change(GraphQlField field, List<Outcome> outcomes) => field.Name switch
    {
        "customerUpdate" => UpdateCustomer(field, outcomes),
        "customerEmailMarketingConsentUpdate" => StateConsent(field, Channel.Email, "emailMarketingConsent", outcomes),
        "customerSmsMarketingConsentUpdate" => StateConsent(field, Channel.Sms, "smsMarketingConsent", outcomes),
        "tagsAdd" => Tag(field, isAdded: true, outcomes),
        "tagsRemove" => Tag(field, isAdded: false, outcomes),
        "metafieldsSet" => SetMetafields(field),
        "webhookSubscriptionCreate" => Subscribe(field),
        "webhookSubscriptionDelete" => Unsubscribe(field),
        "bulkOperationRunQuery" => RunExport(field),
        _ => throw GraphQlField.NoSuch(field, "Mutation"),
    };

    private JsonObject UpdateCustomer(GraphQlField field, List<Outcome> outcomes)
    {
        var input = Input(field, "input");
        string? Given(string member) => input[member]?.GetValue<string>();
        if (_shop.Customers.Find(NumberOf(Given("id"), "Customer")) is not { } customer)
            return Payload(field, null, Refused("Customer does not exist", null, "id"));
        if (Given("email") is { } email && _shop.Customers.Kept.Any(one => one != customer && one.Shopper.Email.Equals(email, StringComparison.OrdinalIgnoreCase)))
            return Payload(field, null, Refused("Email has already been taken", null, "email"));
        if (Given("phone") is { } phone && !IsPhone(phone))
            return Payload(field, null, Refused("Phone is invalid", null, "phone"));
        var before = (customer.Shopper, customer.Note, customer.Locale);
        customer.Shopper = customer.Shopper with
        {
            First = Given("firstName") ?? customer.Shopper.First,
            Last = Given("lastName") ?? customer.Shopper.Last,
            Email = Given("email") ?? customer.Shopper.Email,
            Phone = input.ContainsKey("phone") ? Given("phone") : customer.Shopper.Phone,
        };
        (customer.Note, customer.Locale) = (Given("note") ?? customer.Note, Given("locale") ?? customer.Locale);
        var changed = before != (customer.Shopper, customer.Note, customer.Locale);
        Accept(field, customer, changed);
        if (changed)
            outcomes.Add(Changed(customer));
        return Payload(field, customer);
    }

    /// <summary>What the customer has said already, at the same time, changes nothing and is told nobody.</summary>
    private JsonObject StateConsent(GraphQlField field, Channel channel, string member, List<Outcome> outcomes)
    {
        var input = Input(field, "input");
        var consent = input[member] as JsonObject ?? throw Missing(field, member);
        if (_shop.Customers.Find(NumberOf(input["customerId"]?.GetValue<string>(), "Customer")) is not { } customer)
            return Payload(field, null, Refused("Customer not found", "INVALID", "input", "customerId"));
        if (channel == Channel.Sms && customer.Shopper.Phone is null)
            return Payload(field, null, Refused("A phone number is required to set the SMS consent state.", "INVALID", "input", member));
        var state = consent["marketingState"]?.GetValue<string>() switch { "SUBSCRIBED" => "granted", "UNSUBSCRIBED" => "denied", "PENDING" => "pending", _ => null };
        if (state is null)
            return Payload(field, null, Refused("Marketing state is invalid", "INVALID", "input", member, "marketingState"));
        var at = consent["consentUpdatedAt"]?.GetValue<string>() is { } text ? WholeSecond(DateTimeOffset.Parse(text, CultureInfo.InvariantCulture)) : Desk.Now;
        if (at > Desk.Now)
            return Payload(field, null, Refused("Consent updated at must not be in the future", "INVALID", "input", member, "consentUpdatedAt"));
        var changed = customer.Consents.GetValueOrDefault(channel) != new ShopConsent(state, at);
        Accept(field, customer, changed, $"/{channel}");
        if (changed)
            outcomes.Add(Stated(customer, channel, new(state, at)));
        return Payload(field, customer);
    }

    private JsonObject Tag(GraphQlField field, bool isAdded, List<Outcome> outcomes)
    {
        var tags = (field.Arguments["tags"] as JsonArray ?? throw Missing(field, "tags")).Select(tag => tag!.GetValue<string>().Trim()).ToList();
        if (tags.Count > MostTags)
            throw new GraphQlException("MAX_INPUT_SIZE_EXCEEDED", $"The input array size of {tags.Count} is greater than the maximum allowed of {MostTags}.");
        if (_shop.Customers.Find(NumberOf(field.Text("id"), "Customer")) is not { } customer)
            return Payload(field, null, Refused("Node does not exist", null, "id"));
        if (tags.Exists(tag => tag.Length > LongestTag))
            return Payload(field, null, Refused("Tag exceeds the maximum length", null, "tags"));
        var changed = tags.Where(tag => isAdded ? customer.Tags.Add(tag) : customer.Tags.Remove(tag)).ToList();
        Accept(field, customer, changed.Count > 0);
        if (changed.Count > 0)
            outcomes.Add(Tagged(customer, changed, isAdded));
        return Payload(field, customer);
    }

    private JsonObject SetMetafields(GraphQlField field)
    {
        var all = (field.Arguments["metafields"] as JsonArray ?? throw Missing(field, "metafields")).Cast<JsonObject>().ToList();
        if (all.Count > MostMetafields)
            return Payload(field, null, Refused("Exceeded the maximum metafields input limit", "LESS_THAN_OR_EQUAL_TO", "metafields"));
        var owners = all.Select(one => _shop.Customers.Find(NumberOf(one["ownerId"]?.GetValue<string>(), "Customer"))).ToList();
        if (owners.IndexOf(null) is >= 0 and var missing)
            return Payload(field, null, Refused("Owner does not exist.", "INVALID", "metafields", Bodies.Number(missing), "ownerId"));
        foreach (var (one, owner) in all.Zip(owners))
        {
            var (key, value) = ($"{one["namespace"]?.GetValue<string>() ?? "custom"}.{one["key"]!.GetValue<string>()}", one["value"]!.GetValue<string>());
            Accept(field, owner!, owner!.Metafields.GetValueOrDefault(key) != value, "/" + key);
            owner.Metafields[key] = value;
        }
        return field.Answer("MetafieldsSetPayload", part => part.Name switch
        {
            "metafields" => part.List(all, (of, one) => of.Answer("Metafield", member =>
                member.Name == "id" ? ShopifyBodies.Gid("Metafield", Convert.ToInt64(Bodies.Hex(8, one.ToJsonString()), 16)) : throw GraphQlField.NoSuch(member, "Metafield"))),
            "userErrors" => new JsonArray(),
            _ => throw GraphQlField.NoSuch(part, "MetafieldsSetPayload"),
        });
    }

    private JsonObject Subscribe(GraphQlField field)
    {
        if (ShopifyTopicNames.Find(field.Text("topic")) is not { } topic)
            throw new GraphQlException("argumentLiteralsIncompatible", "Argument 'topic' has an invalid value. Expected type 'WebhookSubscriptionTopic!'.");
        var input = Input(field, "webhookSubscription");
        if (!Uri.TryCreate(input["uri"]?.GetValue<string>(), UriKind.Absolute, out var address) || address.Scheme != Uri.UriSchemeHttps)
            return Payload(field, null, Refused("Address protocol is not supported", null, "webhookSubscription", "callbackUrl"));
        if (Desk.Subscriptions.All.Any(one => one.Topics.Contains(topic) && one.Address == address.AbsoluteUri))
            return Payload(field, null, Refused("Address for this topic has already been taken", null, "webhookSubscription", "callbackUrl"));
        var id = Bodies.Number(1_400_000_000_000 + ++_subscribed);
        Desk.Subscriptions.Put(new(id, [topic], address.AbsoluteUri, Desk.Now));
        Desk.Writes.Accept(field.Name, topic, changed: true);
        return Payload(field, SubscriptionGid(id));
    }

    private JsonObject Unsubscribe(GraphQlField field)
    {
        var id = Bodies.Number(NumberOf(field.Text("id"), "WebhookSubscription"));
        if (!Desk.Subscriptions.Remove(id))
            return Payload(field, null, Refused("Webhook subscription does not exist", null, "id"));
        Desk.Writes.Accept(field.Name, id, changed: true);
        return Payload(field, SubscriptionGid(id));
    }

    private void Accept(GraphQlField field, ShopCustomer customer, bool changed, string about = "") => Desk.Writes.Accept(field.Name, Bodies.Number(customer.Id) + about, changed);

    private static JsonObject Input(GraphQlField field, string argument) => field.Object(argument) ?? throw Missing(field, argument);

    /// <summary>What a mutation answers: the thing, or why it was refused. A subscription's is its id.</summary>
    private static JsonObject Payload(GraphQlField of, object? done, JsonObject? error = null) => of.Answer("Payload", field => field.Name switch
    {
        "userErrors" => field.List<JsonObject>(error is null ? [] : [error], (part, found) => part.Answer("UserError", member => found.ContainsKey(member.Name) ? found[member.Name]?.DeepClone() : throw GraphQlField.NoSuch(member, "UserError"))),
        "customer" or "node" => done is ShopCustomer customer ? ShopifyAnswers.Customer(field, customer) : null,
        "webhookSubscription" => done is string id ? field.Answer("WebhookSubscription", member => member.Name == "id" ? id : throw GraphQlField.NoSuch(member, "WebhookSubscription")) : null,
        "deletedWebhookSubscriptionId" => done as string,
        "bulkOperation" => done is ShopExport export ? Exported(field, export) : null,
        _ => throw GraphQlField.NoSuch(field, "Payload"),
    });

    private static JsonObject Refused(string message, string? code, params IEnumerable<string> path) =>
        new() { ["message"] = message, ["code"] = code, ["field"] = new JsonArray([.. path.Select(part => (JsonNode)part)]) };

    /// <summary>E.164.</summary>
    private static bool IsPhone(string phone) => phone.Length is > 7 and < 17 && phone[0] == '+' && phone.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0;

    private static DateTimeOffset WholeSecond(DateTimeOffset time) => new(time.UtcTicks / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond, TimeSpan.Zero);
}
