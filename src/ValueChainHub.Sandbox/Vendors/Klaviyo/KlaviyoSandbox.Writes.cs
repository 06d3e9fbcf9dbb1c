using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using ValueChainHub.Sandbox.Books;
using ValueChainHub.Sandbox.Story;
using ValueChainHub.Sandbox.Vendors.State;
using ValueChainHub.Sandbox.Wire;

namespace ValueChainHub.Sandbox.Vendors.Klaviyo;

public sealed partial class KlaviyoSandbox
{
    private readonly Dictionary<(string Metric, string Profile, string UniqueId), HeldEvent> _appended = [];
    private int _strangers, _made;

    /// <summary>A person changes a profile in Klaviyo's screens. Of names and addresses no webhook tells; of consent one does.</summary>
    public void Edit(string account, HumanEdit edit)
    {
        var outcome = Outcome.Nothing;
        lock (_gate)
        {
            var profile = _profiles.Values.FirstOrDefault(one => one.Id == account) ?? throw new ArgumentException($"There is no profile {account}.", nameof(account));
            Touch(profile);
            switch (edit)
            {
                case HumanEdit.Name one:
                    profile.Shopper = profile.Shopper with { First = one.First, Last = one.Last };
                    break;
                case HumanEdit.Email one:
                    profile.Shopper = profile.Shopper with { Email = one.Address };
                    break;
                case HumanEdit.Phone one:
                    profile.Shopper = profile.Shopper with { Phone = one.Number, SharesPhone = false };
                    break;
                case HumanEdit.Attribute { Value: null } one:
                    profile.Properties.Remove(one.Key);
                    break;
                case HumanEdit.Attribute one:
                    profile.Properties[one.Key] = one.Value;
                    break;
                case HumanEdit.Consent one:
                    outcome = Happen([Make(ConsentMetric(one.Channel, one.IsGranted), profile, profile.UpdatedAt)], profile.UpdatedAt);
                    break;
                default:
                    throw new NotSupportedException(edit.GetType().Name);
            }
        }
        Desk.Say(outcome);
    }

    public VendorHoldings Holds()
    {
        lock (_gate)
            return new([.. _profiles.Values.OrderBy(profile => profile.Shopper.Number).Select(Held)], [], [.. _appended.Values]);
    }

    private static HeldAccount Held(MarketingProfile profile)
    {
        string AddressOf(Channel channel) => (channel == Channel.Email ? profile.Email : profile.Phone) ?? "";
        return new(
            profile.Id, profile.Shopper.Number, profile.Name, profile.Email is { } email ? [email] : [], profile.Phone is { } phone ? [phone] : [], [],
            [.. profile.Consents.OrderBy(one => one.Key).Select(one => new HeldConsent(one.Key == Channel.Email ? "email" : "sms", AddressOf(one.Key), one.Value.IsGranted ? "granted" : "denied", one.Value.At))],
            profile.Properties.ToDictionary(one => one.Key, one => one.Value?.ToString() ?? "", StringComparer.Ordinal), profile.UpdatedAt);
    }

    /// <summary>Makes or changes a profile: what is missing stays, null clears (FACTS 12). Two profiles never share an address.</summary>
    private Reply Import(JsonObject data)
    {
        var attributes = (JsonObject)data["attributes"]!;
        var (id, email, phone) = (Text(data, "id"), Text(attributes, "email"), Text(attributes, "phone_number"));
        if (id is null && email is null && phone is null)
            return Reply.Invalid("One of id, email, phone_number is required", "/data/attributes");
        if (phone is not null && !phone.StartsWith('+'))
            return Reply.Invalid("Invalid phone number format (Example of a valid format: +12345678901)", "/data/attributes/phone_number");
        lock (_gate)
        {
            var known = id is not null ? _profiles.Values.FirstOrDefault(one => one.Id == id) : Match(email, phone);
            if (id is not null && known is null)
                return Reply.Refused(StatusCodes.Status404NotFound, "not_found", "A profile with this id does not exist.", "/data/id");
            if (Find(email, null) is { } byEmail && byEmail != known || Find(null, phone) is { } byPhone && byPhone != known)
                return Reply.Refused(StatusCodes.Status409Conflict, "duplicate_profile", "A profile already exists with one of these identifiers.", "/data/attributes");
            var profile = known ?? Add(email, phone);
            var before = (profile.Shopper, Print(profile));
            profile.Shopper = profile.Shopper with
            {
                First = Given(attributes, "first_name", profile.Shopper.First),
                Last = Given(attributes, "last_name", profile.Shopper.Last),
                Email = email ?? profile.Shopper.Email,
                Phone = phone ?? profile.Shopper.Phone,
                SharesPhone = phone is null && profile.Shopper.SharesPhone,
            };
            foreach (var (key, value) in attributes["properties"] as JsonObject ?? [])
                profile.Properties[key] = value?.DeepClone();
            var changed = known is null || before != (profile.Shopper, Print(profile));
            if (changed)
                Touch(profile);
            Desk.Writes.Accept("POST /api/profile-import", profile.Id, changed);
            return new(known is null ? StatusCodes.Status201Created : StatusCodes.Status200OK, KlaviyoBodies.One(profile));
        }
    }

    private static string Print(MarketingProfile profile) => string.Join('\n', profile.Properties.Select(one => one.Key + one.Value?.ToJsonString()));

    /// <summary>Keeps one event of a metric and profile for each id; whoever sends it again is told the same.</summary>
    private Reply Append(JsonObject data)
    {
        var attributes = (JsonObject)data["attributes"]!;
        if (attributes["metric"]?["data"]?["attributes"]?["name"]?.GetValue<string>() is not { Length: > 0 } metric)
            return Reply.Invalid("A metric name is required", "/data/attributes/metric");
        if (attributes["profile"]?["data"] is not JsonObject whose || attributes["properties"] is not JsonObject properties)
            return Reply.Invalid("A profile and properties are required", "/data/attributes");
        var (id, email, phone) = (Text(whose, "id"), Text(whose["attributes"] as JsonObject, "email"), Text(whose["attributes"] as JsonObject, "phone_number"));
        if (id is null && email is null && phone is null)
            return Reply.Invalid("One of id, email, phone_number is required", "/data/attributes/profile");
        lock (_gate)
        {
            var profile = (id is null ? Match(email, phone) : _profiles.Values.FirstOrDefault(one => one.Id == id)) ?? Add(email, phone);
            var at = attributes["time"]?.GetValue<string>() is { } text ? Time(text) : Desk.Now;
            // Without an id there is one event a second (FACTS 12).
            var unique = Text(attributes, "unique_id") ?? at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
            var isNew = _appended.TryAdd((metric, profile.Id, unique), new(unique, metric, profile.Id, at, properties.ToJsonString()));
            Desk.Writes.Accept("POST /api/events", $"{metric}|{profile.Id}|{unique}", isNew);
            return Reply.Accepted;
        }
    }

    /// <summary>Subscribes, or unsubscribes, whoever has the addresses; a job that is done before its answer.</summary>
    /// <remarks>
    /// A historical import says when the person did it: the event is dated by that, and an act that is older than the profile's last is passed over [?].
    /// An unsubscription is dated by the vendor's clock.
    /// </remarks>
    private Reply Subscribe(JsonObject data, bool isGranted)
    {
        var attributes = (JsonObject)data["attributes"]!;
        var isHistory = attributes["historical_import"]?.GetValue<bool>() == true;
        if ((attributes["profiles"]?["data"] as JsonArray)?.OfType<JsonObject>().ToList() is not { Count: > 0 } profiles)
            return Reply.Invalid("Profiles are required", "/data/attributes/profiles");
        var acts = profiles.SelectMany(profile => ActsOf((profile["attributes"] as JsonObject)!, isGranted, isHistory)).ToList();
        if (acts.Contains(null))
            return Reply.Invalid("An address, its consent and, of a historical import, a consented_at in the past are required", "/data/attributes/profiles");
        var outcomes = new List<Outcome>();
        lock (_gate)
        {
            foreach (var act in acts)
                State(act!, isGranted, outcomes);
        }
        outcomes.ForEach(Desk.Say);
        return Reply.Accepted;
    }

    private IEnumerable<ConsentWrite?> ActsOf(JsonObject profile, bool isGranted, bool isHistory)
    {
        foreach (var (name, channel, address) in new[] { ("email", Channel.Email, Text(profile, "email")), ("sms", Channel.Sms, Text(profile, "phone_number")) })
        {
            if (profile["subscriptions"]?[name]?["marketing"] is not { } marketing)
                continue;
            var at = marketing["consented_at"]?.GetValue<string>() is { } text ? Time(text) : (DateTimeOffset?)null;
            var isRight = marketing["consent"]?.GetValue<string>() == (isGranted ? "SUBSCRIBED" : "UNSUBSCRIBED") && address is not null && (!isHistory || at <= Desk.Now) && (isHistory || at is null);
            yield return isRight ? new(channel, address!, at) : null;
        }
    }

    private void State(ConsentWrite act, bool isGranted, List<Outcome> outcomes)
    {
        var profile = act.Channel == Channel.Email ? Find(act.Address, null) : Find(null, act.Address);
        profile ??= act.Channel == Channel.Email ? Add(act.Address, null) : Add(null, act.Address);
        var known = profile.Consents.GetValueOrDefault(act.Channel);
        var changed = known?.IsGranted != isGranted && (act.At is not { } said || known is null || said > known.At);
        Desk.Writes.Accept(isGranted ? "subscribe" : "unsubscribe", $"{act.Channel}|{act.Address}", changed);
        if (!changed)
            return;
        Touch(profile);
        outcomes.Add(Happen([Make(ConsentMetric(act.Channel, isGranted), profile, act.At ?? profile.UpdatedAt)], profile.UpdatedAt));
    }

    private Reply Suppress(JsonObject data)
    {
        if ((data["attributes"]?["profiles"]?["data"] as JsonArray)?.Select(profile => Text(profile?["attributes"] as JsonObject, "email")).ToList() is not { Count: > 0 } emails || emails.Contains(null))
            return Reply.Invalid("E-mail addresses are required", "/data/attributes/profiles");
        lock (_gate)
        {
            foreach (var email in emails)
            {
                var profile = Find(email, null) ?? Add(email, null);
                Desk.Writes.Accept("suppress", email!, !profile.IsSuppressed);
                profile.IsSuppressed = true;
                Touch(profile);
            }
        }
        return Reply.Accepted;
    }

    private Reply MakeWebhook(JsonObject data)
    {
        var attributes = (JsonObject)data["attributes"]!;
        if (!Uri.TryCreate(Text(attributes, "endpoint_url"), UriKind.Absolute, out var address) || address.Scheme != Uri.UriSchemeHttps || Text(attributes, "secret_key") is null)
            return Reply.Invalid("An https endpoint_url and a secret_key are required", "/data/attributes/endpoint_url");
        var topics = (data["relationships"]?["webhook-topics"]?["data"] as JsonArray ?? []).Select(topic => Text(topic as JsonObject, "id") ?? "").ToList();
        if (topics.Count == 0 || topics.Except(KlaviyoTopicNames.All, StringComparer.Ordinal).Any())
            return Reply.Invalid("Topics that the account has are required", "/data/relationships/webhook-topics");
        var made = new Subscription("01K" + Bodies.Hex(23, name, "webhook", Bodies.Number(Interlocked.Increment(ref _made))).ToUpperInvariant(), topics, address.AbsoluteUri, Desk.Now);
        Desk.Subscriptions.Put(made);
        Desk.Writes.Accept("POST /api/webhooks", made.Id, changed: true);
        return new(StatusCodes.Status201Created, new() { ["data"] = KlaviyoBodies.Webhook(made) });
    }

    private Reply RemoveWebhook(string id)
    {
        if (!Desk.Subscriptions.Remove(id))
            return Reply.Refused(StatusCodes.Status404NotFound, "not_found", "A webhook with this id does not exist.");
        Desk.Writes.Accept("DELETE /api/webhooks", id, changed: true);
        return new(StatusCodes.Status204NoContent, null);
    }

    /// <summary>Whom a write means: who has the e-mail address, else who has the phone and no other e-mail address; how Klaviyo joins them is not said [?].</summary>
    private MarketingProfile? Match(string? email, string? phone) => Find(email, null) ?? (Find(null, phone) is { } byPhone && (email is null || byPhone.Email is null) ? byPhone : null);

    /// <summary>By e-mail, else by phone.</summary>
    private MarketingProfile? Find(string? email, string? phone) =>
        (email is null ? null : _profiles.Values.FirstOrDefault(one => string.Equals(one.Email, email, StringComparison.OrdinalIgnoreCase)))
        ?? (phone is null ? null : _profiles.Values.FirstOrDefault(one => one.Phone == phone));

    /// <summary>A profile of whom the books know by this address, so that the story goes on with it; or of a stranger.</summary>
    private MarketingProfile Add(string? email, string? phone)
    {
        var number = books.ShopperOf(email, phone) is { } known && !_profiles.ContainsKey(known) ? known : MarketingProfile.FirstStranger + ++_strangers;
        var shopper = new Shopper(number, "", "", email ?? "", phone, Shops.Home, IsGuest: false, SharesPhone: false);
        return _profiles[number] = new(name, shopper, Desk.Now);
    }

    private void Touch(MarketingProfile profile) => profile.UpdatedAt = Desk.After(profile.UpdatedAt);

    private static Metric ConsentMetric(Channel channel, bool isGranted) => channel == Channel.Email
        ? isGranted ? Metric.Subscribed : Metric.Unsubscribed
        : isGranted ? Metric.SubscribedToSms : Metric.UnsubscribedFromSms;

    private static IEnumerable<Fact> Told(MarketingProfile profile) =>
        profile.IsStranger ? [] : [new PartyFact(profile.Party, profile.UpdatedAt, profile.Name, profile.Email, profile.Phone), .. Stated(profile)];

    /// <summary>A listed profile shows its consents, each with its time.</summary>
    private static IEnumerable<Fact> Stated(MarketingProfile profile) =>
        from one in profile.Consents
        let address = one.Key == Channel.Email ? profile.Email : profile.Phone
        where address is not null
        select new ConsentFact(profile.Party, one.Value.At, one.Key == Channel.Email ? "email" : "sms", address, "marketing", one.Value.IsGranted ? "granted" : "denied");

    private static string? Text(JsonObject? body, string member) => body?[member]?.GetValue<string>();

    private static string Given(JsonObject attributes, string member, string otherwise) => attributes.ContainsKey(member) ? Text(attributes, member) ?? "" : otherwise;

    private sealed record ConsentWrite(Channel Channel, string Address, DateTimeOffset? At);
}
