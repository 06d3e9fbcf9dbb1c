using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ValueChainHub.Sandbox.Vendors.Shopify.GraphQl;
using ValueChainHub.Sandbox.Vendors.State;

namespace ValueChainHub.Sandbox.Vendors.Shopify;

public sealed partial class ShopifySandbox
{
    private const int LargestPage = 250;

    /// <summary>No walk gets further than so many things (FACTS 1).</summary>
    private const int LongestList = 25_000;

    private static readonly string[] Scopes =
    [
        "read_orders", "write_customers", "read_customer_merge", "read_fulfillments", "read_returns", "read_products", "read_inventory", "read_shopify_payments_disputes",
    ];

    private JsonObject? Read(GraphQlField field) => field.Name switch
    {
        "order" => ReadOrder(field),
        "return" => ReadReturn(field),
        "customer" => ReadCustomer(field, NumberOf(field.Text("id"), "Customer")),
        "customerByIdentifier" => ReadCustomer(field, IdOf(field.Object("identifier") ?? throw Missing(field, "identifier"))),
        "orders" => Page(field, "OrderConnection", _shop.Orders, zone: null, (of, order) => _answers.Order(of, order)),
        "customers" => Page(field, "CustomerConnection", _shop.Customers, _bodies.Zone, ToldCustomer),
        "ordersCount" => Count(field, _shop.Orders.CountOf(ShopSearch.Read(field.Text("query"), dayIn: null))),
        "customersCount" => Count(field, _shop.Customers.CountOf(ShopSearch.Read(field.Text("query"), _bodies.Zone))),
        "shop" => field.Answer("Shop", part => part.Name == "myshopifyDomain" ? _bodies.Domain : throw GraphQlField.NoSuch(part, "Shop")),
        "currentAppInstallation" => field.Answer("AppInstallation", part => part.Name == "accessScopes" ? part.List(Scopes, Scope) : throw GraphQlField.NoSuch(part, "AppInstallation")),
        "webhookSubscriptions" => ReadSubscriptions(field),
        "bulkOperation" => _exports.Find(one => one.Id == NumberOf(field.Text("id"), "BulkOperation")) is { } export ? Exported(field, export) : null,
        "bulkOperations" => ReadExports(field),
        _ => throw GraphQlField.NoSuch(field, "QueryRoot"),
    };

    private JsonObject? ReadOrder(GraphQlField field)
    {
        var id = NumberOf(field.Text("id"), "Order");
        if (_shop.Orders.Find(id) is not { } order)
            return null;
        if (!ShopSeed.Has(order.Shopper))
            books.Answered(name, OrderResource(id), ShopifyFacts.Of(order, withReturns: true));
        return _answers.Order(field, order);
    }

    private JsonObject? ReadReturn(GraphQlField field)
    {
        var id = NumberOf(field.Text("id"), "Return");
        if (_shop.Orders.Kept.FirstOrDefault(one => one.Return?.Id == id) is not { Return: { } found } order)
            return null;
        books.Answered(name, $"return/{id}", [ShopifyFacts.Of(order, found)]);
        return ShopifyAnswers.Return(field, found, order);
    }

    private JsonObject? ReadCustomer(GraphQlField field, long id) => _shop.Customers.Find(id) is { } customer ? ToldCustomer(field, customer) : null;

    private JsonObject ToldCustomer(GraphQlField field, ShopCustomer customer)
    {
        if (!ShopSeed.Has(customer.Shopper))
            books.Answered(name, CustomerResource(customer), ShopifyFacts.Of(customer, customer.UpdatedAt));
        return ShopifyAnswers.Customer(field, customer);
    }

    /// <summary>In the order of the last change or of the ids, which are the only ones that the sandbox keeps.</summary>
    private static JsonObject Page<T>(GraphQlField field, string type, ShopShelf<T> shelf, int? zone, Func<GraphQlField, T, JsonNode?> node)
        where T : class
    {
        if (field.Number("first") is not { } first || first is < 1 or > LargestPage)
            throw new GraphQlException("BAD_USER_INPUT", $"first must be a number from 1 to {LargestPage}");
        var sortsById = field.Text("sortKey") == "ID";
        if (!sortsById && field.Text("sortKey") != "UPDATED_AT")
            throw new GraphQlException("BAD_USER_INPUT", "the sandbox sorts by UPDATED_AT and ID alone");
        var after = field.Text("after") is { } text ? ShopCursor.Read(text) ?? throw new GraphQlException("BAD_USER_INPUT", "Invalid cursor for current pagination sort.") : null;
        var seen = after?.Seen ?? 0;
        if (seen + first > LongestList)
            throw new GraphQlException("PAGINATION_LIMIT", $"Pagination of arrays of objects is limited to {LongestList} objects.");
        var places = sortsById
            ? shelf.Above(Math.Max(ShopSearch.Above(field.Text("query")), after?.Id ?? 0))
            : shelf.Changed(ShopSearch.Read(field.Text("query"), zone), after?.Place);
        var found = places.Take(first + 1).ToList();
        var shown = found.Take(first).Select((place, index) => (Item: shelf.Find(place.Id)!, Cursor: new ShopCursor(place.At, place.Id, seen + index + 1))).ToList();
        return field.Page(type, shown, (of, one) => node(of, one.Item), found.Count > first, one => one.Cursor.ToString());
    }

    private static JsonObject Count(GraphQlField field, int count) => field.Answer("Count", part => part.Name switch
    {
        "count" => field.Number("limit") is { } limit ? Math.Min(limit, count) : count,
        "precision" => field.Number("limit") is { } limit && limit < count ? "AT_LEAST" : "EXACT",
        _ => throw GraphQlField.NoSuch(part, "Count"),
    });

    private JsonObject ReadSubscriptions(GraphQlField field)
    {
        var first = Math.Clamp(field.Number("first") ?? LargestPage, 1, LargestPage);
        _ = int.TryParse(field.Text("after"), CultureInfo.InvariantCulture, out var seen);
        var all = Desk.Subscriptions.All.SelectMany(one => one.Topics.Select(topic => (one, topic))).ToList();
        var shown = all.Skip(seen).Take(first).Select((one, index) => (Subscription: one.one, Topic: one.topic, Place: seen + index + 1)).ToList();
        return field.Page("WebhookSubscriptionConnection", shown, (of, one) => Subscribed(of, one.Subscription, one.Topic), seen + shown.Count < all.Count, one => Bodies.Number(one.Place));
    }

    private static JsonObject Subscribed(GraphQlField of, Subscription subscription, string topic) => of.Answer("WebhookSubscription", field => field.Name switch
    {
        "id" => SubscriptionGid(subscription.Id),
        "topic" => ShopifyTopicNames.EnumOf(topic),
        "uri" => subscription.Address,
        "createdAt" or "updatedAt" => subscription.MadeAt.Utc(),
        "apiVersion" => field.Answer("ApiVersion", part => part.Name == "handle" ? "2026-07" : throw GraphQlField.NoSuch(part, "ApiVersion")),
        _ => throw GraphQlField.NoSuch(field, "WebhookSubscription"),
    });

    private static JsonObject Scope(GraphQlField of, string scope) =>
        of.Answer("AccessScope", field => field.Name == "handle" ? scope : throw GraphQlField.NoSuch(field, "AccessScope"));

    /// <summary>CustomerIdentifierInput: exactly one way to name somebody.</summary>
    private long IdOf(JsonObject identifier)
    {
        string? Of(string way) => identifier[way]?.GetValue<string>();
        var (email, phone) = (Of("emailAddress"), Of("phoneNumber"));
        if ((email is null) == (phone is null))
            throw new GraphQlException("INVALID_VARIABLE", "exactly one of emailAddress, phoneNumber");
        return email is not null
            ? _shop.Customers.Kept.FirstOrDefault(one => one.Shopper.Email.Equals(email, StringComparison.OrdinalIgnoreCase))?.Id ?? Seeded(email) ?? 0
            : _shop.Customers.Kept.FirstOrDefault(one => one.Shopper.Phone == phone)?.Id ?? 0;
    }

    /// <summary>A seeded customer who has this address still.</summary>
    private long? Seeded(string email) =>
        seed?.IdOf(email) is { } id && _shop.Customers.Find(id)?.Shopper.Email == email ? id : null;

    private static long NumberOf(string? gid, string type)
    {
        var start = $"gid://shopify/{type}/";
        return gid?.StartsWith(start, StringComparison.Ordinal) == true && long.TryParse(gid.AsSpan(start.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? id
            : throw new GraphQlException("RESOURCE_NOT_FOUND", "Invalid global id");
    }

    private static GraphQlException Missing(GraphQlField field, string argument) => new("missingRequiredArguments", $"Field '{field.Name}' is missing required arguments: {argument}");

    private static string SubscriptionGid(string id) => "gid://shopify/WebhookSubscription/" + id;
}

/// <summary>Where a walk through a list stands: behind this thing, the so-manieth of the walk.</summary>
internal sealed record ShopCursor(long At, long Id, int Seen)
{
    [System.Text.Json.Serialization.JsonIgnore]
    public (long At, long Id) Place => (At, Id);

    public static ShopCursor? Read(string text)
    {
        var bytes = new byte[text.Length];
        if (!Convert.TryFromBase64String(text, bytes, out var length))
            return null;
        try
        {
            return JsonSerializer.Deserialize<ShopCursor>(bytes.AsSpan(0, length));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public override string ToString() => Convert.ToBase64String(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(this)));
}
