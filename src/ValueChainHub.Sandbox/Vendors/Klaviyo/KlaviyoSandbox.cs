using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ValueChainHub.Sandbox.Books;
using ValueChainHub.Sandbox.Story;
using ValueChainHub.Sandbox.Vendors.State;
using ValueChainHub.Sandbox.Wire;

namespace ValueChainHub.Sandbox.Vendors.Klaviyo;

/// <summary>A Klaviyo account: profiles and their events; signed webhooks that carry several events at once, and the events by poll.</summary>
/// <param name="name">The connector's name.</param>
/// <param name="books">Who is told of what the API answers.</param>
/// <param name="limits">How many calls are granted; those of FACTS 12 unless said.</param>
/// <param name="time">What limits are counted by, and writes dated by.</param>
public sealed partial class KlaviyoSandbox(string name, SandboxBooks books, KlaviyoLimits? limits = null, TimeProvider? time = null) : ISandboxVendor
{
    /// <summary>The most that the hub's setting takes.</summary>
    private const int MostForTheHub = 100;

    private readonly int _perMinute = (limits ?? new()).Profiles;
    private readonly Lock _gate = new();
    private readonly Dictionary<int, MarketingProfile> _profiles = [];
    private readonly List<MarketingEvent> _events = [];
    private readonly string _apiKey = "pk_" + Bodies.Hex(34, name, "key");
    private readonly string _webhookId = "01K" + Bodies.Hex(23, name, "webhook").ToUpperInvariant();
    private readonly string _account = Bodies.Hex(6, name, "account").ToUpperInvariant();

    public string Name => name;

    public VendorDesk Desk { get; } = new(name, [("01K" + Bodies.Hex(23, name, "webhook").ToUpperInvariant(), KlaviyoTopicNames.All)], time);

    /// <summary>Not on the vendor's pages [?]: taken to be like the others', five tries more within the hour.</summary>
    public RetryPolicy Retries { get; } = new(TimeSpan.FromSeconds(10), [.. new[] { 1, 4, 10, 18, 27 }.Select(minutes => TimeSpan.FromMinutes(minutes))]);

    public IReadOnlyDictionary<string, string> HubSettings(Uri api) => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["Vendor"] = "klaviyo",
        ["WebhookSecret"] = Secret(SigningSecret.Present),
        ["PreviousWebhookSecret"] = Secret(SigningSecret.Previous),
        ["ApiKey"] = _apiKey,
        ["BaseUrl"] = api.GetLeftPart(UriPartial.Authority),
        ["RequestsPerSecond"] = Math.Clamp(_perMinute / 60 / 2, 1, MostForTheHub).ToString(CultureInfo.InvariantCulture),
    };

    public Outcome Apply(Act act)
    {
        if (act is not MarketingAct marketing)
            return Outcome.Nothing;
        lock (_gate)
        {
            if (!_profiles.TryGetValue(act.Shopper.Number, out var profile))
                profile = _profiles[act.Shopper.Number] = new(name, act.Shopper, act.At);
            profile.UpdatedAt = VendorDesk.After(profile.UpdatedAt, act.At);
            return Happen([.. EventsOf(marketing, profile)], act.At);
        }
    }

    public void Sign(HttpRequestMessage request, Webhook webhook, SigningSecret secret, DateTimeOffset now)
    {
        var timestamp = now.ToString("r", CultureInfo.InvariantCulture);
        byte[] signed = [.. webhook.Body, .. Encoding.UTF8.GetBytes(timestamp)];
        request.Headers.Add("Klaviyo-Webhook-Id", _webhookId);
        request.Headers.Add("Klaviyo-Timestamp", timestamp);
        request.Headers.Add("Klaviyo-Signature", Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret(secret)), signed)));
    }

    /// <summary>One request tells of all events that happened at once.</summary>
    private Outcome Happen(IReadOnlyList<MarketingEvent> events, DateTimeOffset at)
    {
        _events.AddRange(events);
        foreach (var (channel, said) in events.Select(Said).OfType<(Channel, MarketingConsent)>())
            events[0].Profile.Consents[channel] = said;
        List<Fact> facts = [.. events.SelectMany(KlaviyoFacts.Of)];
        var body = KlaviyoBodies.Request(events, _account, _webhookId, at).Bytes();
        return new(facts, [new(events[0].Id, events[0].Metric.Topic, body, facts, []) { About = ["profile/" + events[0].Profile.Id] }]);
    }

    /// <summary>What an event says of consent; null for nothing.</summary>
    private static (Channel, MarketingConsent)? Said(MarketingEvent one) =>
        one.Metric == Metric.Subscribed || one.Metric == Metric.Unsubscribed ? (Channel.Email, new(one.Metric == Metric.Subscribed, one.At))
        : one.Metric == Metric.SubscribedToSms || one.Metric == Metric.UnsubscribedFromSms ? (Channel.Sms, new(one.Metric == Metric.SubscribedToSms, one.At))
        : null;

    /// <summary>Some acts are two events: who complains of spam is unsubscribed too, who subscribes is put on a list.</summary>
    private static IEnumerable<MarketingEvent> EventsOf(MarketingAct act, MarketingProfile profile) => act switch
    {
        MessageAct { Event: MessageEvent.MarkedAsSpam } one => [Make(Metric.MarkedAsSpam, profile, one.At, one.Newsletter), Make(Metric.Unsubscribed, profile, one.At, one.Newsletter)],
        MessageAct one => [Make(MetricOf(one.Event), profile, one.At, one.Newsletter, one.Event == MessageEvent.OpenedByMachine)],
        MarketingConsentChanged { Channel: Channel.Email, IsGranted: true } one => [Make(Metric.Subscribed, profile, one.At), Make(Metric.SubscribedToList, profile, one.At)],
        MarketingConsentChanged { Channel: Channel.Email } one => [Make(Metric.Unsubscribed, profile, one.At)],
        MarketingConsentChanged one => [Make(one.IsGranted ? Metric.SubscribedToSms : Metric.UnsubscribedFromSms, profile, one.At)],
        _ => throw new NotSupportedException(act.GetType().Name),
    };

    private static Metric MetricOf(MessageEvent happened) => happened switch
    {
        MessageEvent.Received => Metric.Received,
        MessageEvent.Opened or MessageEvent.OpenedByMachine => Metric.Opened,
        MessageEvent.Clicked => Metric.Clicked,
        _ => Metric.Bounced,
    };

    /// <summary>No two events of one profile have the same metric and second, so these make the id.</summary>
    private static MarketingEvent Make(Metric metric, MarketingProfile profile, DateTimeOffset at, int? newsletter = null, bool isByMachine = false) =>
        new(Bodies.Hex(11, "event", profile.Id, metric.Name, at.Utc()), metric, profile, at, newsletter, isByMachine);

    private string Secret(SigningSecret which) => Bodies.Hex(48, name, "secret", which.ToString());
}
