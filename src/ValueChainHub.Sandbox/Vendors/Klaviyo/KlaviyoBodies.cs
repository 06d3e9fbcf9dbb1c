using System.Text.Json.Nodes;
using ValueChainHub.Sandbox.Story;
using ValueChainHub.Sandbox.Vendors.State;

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

    /// <summary>A page of profiles, each with its consent.</summary>
    public static JsonObject Page(IEnumerable<MarketingProfile> profiles, string? next) => new()
    {
        ["data"] = new JsonArray([.. profiles.Select(Profile)]),
        ["links"] = new JsonObject { ["self"] = null, ["next"] = next, ["prev"] = null },
    };

    public static JsonObject One(MarketingProfile profile) => new() { ["data"] = Profile(profile) };

    public static JsonObject Accounts(string account) => List([new() { ["type"] = "account", ["id"] = account, ["attributes"] = new JsonObject() }]);

    public static JsonObject Topics() => List(KlaviyoTopicNames.All.Select(topic => new JsonObject { ["type"] = "webhook-topic", ["id"] = topic }));

    public static JsonObject Webhooks(IEnumerable<Subscription> subscriptions) => List(subscriptions.Select(Webhook));

    public static JsonObject Webhook(Subscription one) => new()
    {
        ["type"] = "webhook",
        ["id"] = one.Id,
        ["attributes"] = new JsonObject
        {
            ["name"] = "Hub",
            ["endpoint_url"] = one.Address,
            ["enabled"] = one.IsActive,
            ["created_at"] = Time(one.MadeAt),
            ["updated_at"] = Time(one.MadeAt),
        },
        ["relationships"] = new JsonObject
        {
            ["webhook-topics"] = new JsonObject { ["data"] = new JsonArray([.. one.Topics.Select(topic => new JsonObject { ["type"] = "webhook-topic", ["id"] = topic })]) },
        },
    };

    public static JsonObject Error(int status, string code, string title, string? pointer = null) => new()
    {
        ["errors"] = new JsonArray(new JsonObject
        {
            ["id"] = Bodies.Guid("klaviyo", "error", code, title),
            ["status"] = status,
            ["code"] = code,
            ["title"] = title,
            ["detail"] = title,
            ["source"] = pointer is null ? [] : new JsonObject { ["pointer"] = pointer },
        }),
    };

    private static JsonObject List(IEnumerable<JsonObject> data) => new()
    {
        ["data"] = new JsonArray([.. data]),
        ["links"] = new JsonObject { ["self"] = null, ["next"] = null, ["prev"] = null },
    };

    private static JsonObject Profile(MarketingProfile profile) => new()
    {
        ["type"] = "profile",
        ["id"] = profile.Id,
        ["attributes"] = new JsonObject
        {
            ["email"] = profile.Email,
            ["phone_number"] = profile.Phone,
            ["external_id"] = null,
            ["first_name"] = Text(profile.Shopper.First),
            ["last_name"] = Text(profile.Shopper.Last),
            ["created"] = Time(profile.CreatedAt),
            ["updated"] = Time(profile.UpdatedAt),
            ["properties"] = new JsonObject(profile.Properties.Select(one => KeyValuePair.Create(one.Key, one.Value?.DeepClone()))),
            ["subscriptions"] = new JsonObject { ["email"] = Consent(profile, Channel.Email), ["sms"] = Consent(profile, Channel.Sms) },
        },
    };

    private static JsonObject Consent(MarketingProfile profile, Channel channel)
    {
        var said = profile.Consents.GetValueOrDefault(channel);
        var marketing = new JsonObject
        {
            [channel == Channel.Email ? "can_receive_email_marketing" : "can_receive_sms_marketing"] = said is { IsGranted: true } && !profile.IsSuppressed,
            ["consent"] = said is null ? "NEVER_SUBSCRIBED" : said.IsGranted ? "SUBSCRIBED" : "UNSUBSCRIBED",
            ["consent_timestamp"] = said is null ? null : Time(said.At),
        };
        if (channel == Channel.Email)
            marketing["suppression"] = profile.IsSuppressed ? new JsonArray(new JsonObject { ["reason"] = "USER_SUPPRESSED", ["timestamp"] = Time(profile.UpdatedAt) }) : [];
        return new() { ["marketing"] = marketing };
    }

    private static string? Text(string text) => text.Length == 0 ? null : text;

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
                ["email"] = one.Profile.Email,
                ["phone_number"] = one.Profile.Phone,
                ["external_id"] = null,
                ["first_name"] = Text(shopper.First),
                ["last_name"] = Text(shopper.Last),
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
