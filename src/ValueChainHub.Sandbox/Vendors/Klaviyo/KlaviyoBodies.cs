using System.Text.Json.Nodes;
using ValueChainHub.Sandbox.Story;

namespace ValueChainHub.Sandbox.Vendors.Klaviyo;

/// <summary>Documents as Klaviyo writes them: JSON:API, times with an offset.</summary>
internal static class KlaviyoBodies
{
    /// <summary>Several events in one request.</summary>
    public static JsonObject Request(IEnumerable<MarketingEvent> events, string account, string webhook, DateTimeOffset at) => new()
    {
        ["data"] = new JsonArray([.. events.Select(one => new JsonObject
        {
            ["external_id"] = one.Id,
            ["topic"] = one.Metric.Topic,
            ["payload"] = new JsonObject { ["data"] = Event(one), ["included"] = new JsonArray(Profile(one), OfMetric(one.Metric)) },
        })]),
        ["meta"] = new JsonObject { ["klaviyo_account_id"] = account, ["klaviyo_webhook_id"] = webhook, ["timestamp"] = Time(at), ["version"] = "2026-07-15" },
    };

    /// <summary>A page of events, with the profiles beside them.</summary>
    public static JsonObject Page(IReadOnlyList<MarketingEvent> events, string? next) => new()
    {
        ["data"] = new JsonArray([.. events.Select(Event)]),
        ["included"] = new JsonArray([.. events.DistinctBy(one => one.Profile.Id).Select(Profile)]),
        ["links"] = new JsonObject { ["self"] = null, ["next"] = next, ["prev"] = null },
    };

    public static JsonObject Metrics() => new()
    {
        ["data"] = new JsonArray([.. Metric.All.Select(OfMetric)]),
        ["links"] = new JsonObject { ["self"] = null, ["next"] = null, ["prev"] = null },
    };

    private static JsonObject Event(MarketingEvent one) => new()
    {
        ["type"] = "event",
        ["id"] = one.Id,
        ["attributes"] = new JsonObject
        {
            ["timestamp"] = one.At.ToUnixTimeSeconds(),
            ["event_properties"] = Properties(one),
            ["datetime"] = Time(one.At),
            ["uuid"] = Bodies.Guid("klaviyo", one.Id),
        },
        ["relationships"] = new JsonObject
        {
            ["profile"] = new JsonObject { ["data"] = new JsonObject { ["type"] = "profile", ["id"] = one.Profile.Id } },
            ["metric"] = new JsonObject { ["data"] = new JsonObject { ["type"] = "metric", ["id"] = one.Metric.Id } },
        },
    };

    private static JsonObject Properties(MarketingEvent one)
    {
        var properties = new JsonObject();
        if (one.Newsletter is { } number)
        {
            properties["Recipient Email Address"] = one.Profile.Shopper.Email;
            properties["Campaign Name"] = $"Newsletter {number}";
            properties["Subject"] = $"News of week {number}";
            properties["$message"] = "01KM" + Bodies.Hex(12, "newsletter", Bodies.Number(number)).ToUpperInvariant();
        }
        if (one.Metric == Metric.Opened)
            properties["machine_open"] = one.IsByMachine;
        if (one.Metric == Metric.Bounced)
            properties["Bounce Type"] = "Hard";
        return properties;
    }

    /// <summary>As it was when the event happened.</summary>
    private static JsonObject Profile(MarketingEvent one)
    {
        var shopper = one.Profile.Shopper;
        return new()
        {
            ["type"] = "profile",
            ["id"] = one.Profile.Id,
            ["attributes"] = new JsonObject
            {
                ["email"] = shopper.Email,
                ["phone_number"] = shopper.OwnPhone,
                ["external_id"] = null,
                ["first_name"] = shopper.First,
                ["last_name"] = shopper.Last,
                ["organization"] = null,
                ["locale"] = shopper.Shop == Shops.Home ? "en-US" : "de-DE",
                ["title"] = null,
                ["image"] = null,
                ["created"] = Time(one.Profile.CreatedAt),
                ["updated"] = Time(one.At),
                ["last_event_date"] = Time(one.At),
                ["properties"] = new JsonObject(),
            },
        };
    }

    private static JsonObject OfMetric(Metric metric) => new()
    {
        ["type"] = "metric",
        ["id"] = metric.Id,
        ["attributes"] = new JsonObject
        {
            ["name"] = metric.Name,
            ["integration"] = new JsonObject { ["object"] = "integration", ["id"] = "0rG4eQ", ["name"] = "Klaviyo", ["category"] = "Internal" },
        },
    };

    private static string Time(DateTimeOffset time) => time.InZone(0);
}
