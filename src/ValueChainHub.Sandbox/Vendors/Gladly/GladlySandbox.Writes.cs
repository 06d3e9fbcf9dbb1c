using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using ValueChainHub.Sandbox.Story;
using ValueChainHub.Sandbox.Vendors.State;
using ValueChainHub.Sandbox.Wire;

namespace ValueChainHub.Sandbox.Vendors.Gladly;

public sealed partial class GladlySandbox
{
    private const int LongestTask = 10_000;

    /// <summary>The Events API reaches back so far (FACTS 8.2).</summary>
    private static readonly TimeSpan Remembers = TimeSpan.FromHours(24);

    private readonly Dictionary<string, GladlyTask> _tasks = new(StringComparer.Ordinal);
    private readonly HashSet<string> _items = new(StringComparer.Ordinal);
    private readonly List<Webhook> _history = [];

    /// <summary>Collects what the call that is being answered has to say.</summary>
    private List<Outcome> _saying = [];
    private int _strangers, _made;

    /// <summary>An agent changes a profile.</summary>
    public void Edit(string account, HumanEdit edit)
    {
        Outcome outcome;
        lock (_gate)
        {
            var customer = _customers.Find(one => one.Id == account && one.IsHere) ?? throw new ArgumentException($"There is no profile {account}.", nameof(account));
            switch (edit)
            {
                case HumanEdit.Name one:
                    customer.Name = $"{one.First} {one.Last}";
                    break;
                case HumanEdit.Email one:
                    customer.Emails.Clear();
                    customer.Emails.Add(one.Address);
                    break;
                case HumanEdit.Phone one:
                    customer.Phones.Clear();
                    if (one.Number is { } number)
                        customer.Phones.Add((number, "MOBILE"));
                    break;
                case HumanEdit.Consent { Channel: Channel.Sms } one:
                    customer.MayText = one.IsGranted;
                    break;
                case HumanEdit.Attribute { Value: null } one:
                    customer.Attributes.Remove(one.Key);
                    break;
                case HumanEdit.Attribute one:
                    customer.Attributes[one.Key] = one.Value;
                    break;
                default:
                    throw new NotSupportedException(edit.GetType().Name);
            }
            outcome = Remembered(Changed(customer, Desk.Now));
        }
        Desk.Say(outcome);
    }

    public VendorHoldings Holds()
    {
        lock (_gate)
        {
            return new(
                [.. _customers.Where(one => one.IsHere).OrderBy(one => one.Shopper.Number).Select(Held)],
                [.. _tasks.Values.Select(task => new HeldTask(task.Id, task.Customer.Id, task.Text, task.DueAt))],
                []);
        }
    }

    /// <summary>Whether support may write to a phone is no consent to marketing, so it stands among the attributes.</summary>
    private static HeldAccount Held(GladlyCustomer customer)
    {
        var attributes = customer.Attributes.ToDictionary(one => one.Key, one => one.Value?.ToString() ?? "", StringComparer.Ordinal);
        if (customer.Phones.Count > 0)
            attributes["smsPreference"] = customer.MayText ? "ON" : "OFF";
        return new(customer.Id, customer.Shopper.Number, customer.Name, [.. customer.Emails], [.. customer.Phones.Select(phone => phone.Number)], [], [], attributes, customer.UpdatedAt);
    }

    private Reply Make(JsonObject body)
    {
        var id = Text(body, "id") ?? GladlyIds.Of("made", Bodies.Number(++_made));
        if (!OwnId().IsMatch(id))
            return Invalid("is not safe in a URL or too long", "id");
        if (_customers.Exists(one => one.Id == id))
            return Taken("id");
        if (Contacts(body) is not var (emails, phones))
            return Invalid("an address has no original", "emails");
        if (TakenOf(null, emails ?? [], phones ?? []) is { } taken)
            return Taken(taken);
        var customer = Introduced(id, emails is { Count: > 0 } ? emails[0] : null, phones is { Count: > 0 } ? phones[0].Number : null);
        Fill(customer, body, emails, phones);
        Desk.Writes.Accept("POST customer-profiles", id, changed: true);
        Say(new(customer.Told(), [Introduce(customer)]));
        return new(StatusCodes.Status201Created, GladlyBodies.Customer(customer), "/api/v1/customer-profiles/" + id);
    }

    /// <summary>Lists are replaced as a whole; what is missing stays. A merged profile is not found (FACTS 8.3).</summary>
    private Reply Patch(string id, JsonObject body)
    {
        if (_customers.Find(one => one.Id == id && one.IsHere) is not { } customer)
            return Reply.NotFound;
        if (Contacts(body) is not var (emails, phones))
            return Invalid("an address has no original", "emails");
        if (TakenOf(customer, emails ?? [], phones ?? []) is { } taken)
            return Taken(taken);
        var before = GladlyBodies.Customer(customer).ToJsonString();
        Fill(customer, body, emails, phones);
        var changed = before != GladlyBodies.Customer(customer).ToJsonString();
        Desk.Writes.Accept("PATCH customer-profiles", id, changed);
        if (changed)
            Say(Changed(customer, Desk.Now));
        return new(StatusCodes.Status204NoContent, null);
    }

    private static void Fill(GladlyCustomer customer, JsonObject body, IReadOnlyList<string>? emails, IReadOnlyList<(string, string)>? phones)
    {
        customer.Name = Text(body, "name") ?? customer.Name;
        if (emails is not null)
        {
            customer.Emails.Clear();
            customer.Emails.AddRange(emails);
        }
        if (phones is not null)
        {
            customer.Phones.Clear();
            customer.Phones.AddRange(phones);
        }
        if (body["customAttributes"] is not JsonObject attributes)
            return;
        customer.Attributes.Clear();
        foreach (var (name, value) in attributes)
            customer.Attributes[name] = value?.DeepClone();
    }

    /// <summary>The lists that a body has; null when one of them has something without an address.</summary>
    private static (IReadOnlyList<string>? Emails, IReadOnlyList<(string Number, string Type)>? Phones)? Contacts(JsonObject body)
    {
        var emails = (body["emails"] as JsonArray)?.Select(one => Text(one as JsonObject, "original")).ToList();
        var phones = (body["phones"] as JsonArray)?.Select(one => (Number: Text(one as JsonObject, "original"), Type: Text(one as JsonObject, "type") ?? "MOBILE")).ToList();
        return emails?.Contains(null) == true || phones?.Exists(phone => phone.Number is null) == true ? null : (emails!, phones!);
    }

    /// <summary>E-mail addresses and mobile phones are unique in the organisation (FACTS 8.3).</summary>
    private string? TakenOf(GladlyCustomer? own, IEnumerable<string> emails, IEnumerable<(string Number, string Type)> phones)
    {
        var others = _customers.Where(one => one != own && one.IsHere).ToList();
        if (emails.Any(email => others.Exists(one => one.Emails.Contains(email, StringComparer.OrdinalIgnoreCase))))
            return "emails";
        return phones.Any(phone => phone.Type == "MOBILE" && others.Exists(one => one.Phones.Contains(phone))) ? "phones" : null;
    }

    private Reply OpenTask(string customerId, JsonObject body)
    {
        if (_customers.Find(one => one.Id == customerId && one.IsHere) is not { } customer)
            return Reply.NotFound;
        var (id, text, inbox) = (Text(body, "id") ?? GladlyIds.Of("task-made", Bodies.Number(++_made)), Text(body, "body"), Text(body["assignee"] as JsonObject, "inboxId"));
        if (!OwnId().IsMatch(id))
            return Invalid("is not safe in a URL or too long", "id");
        if (_tasks.ContainsKey(id))
            return Taken("id");
        if (text is not { Length: > 0 and <= LongestTask })
            return Invalid("is missing or too long", "body");
        if (Text(body, "dueAt") is not { } due || DateTimeOffset.Parse(due, CultureInfo.InvariantCulture) is var dueAt && dueAt <= Desk.Now)
            return Invalid("must be in the future", "dueAt");
        if (inbox != GladlyBodies.Inbox)
            return Invalid("is no inbox of the organisation", "assignee.inboxId");
        var task = _tasks[id] = new(id, customer, text, dueAt, inbox);
        Desk.Writes.Accept("POST tasks", id, changed: true);
        var mention = new Books.MentionFact(customer.Party, Desk.Now);
        Say(new([mention], [Make("TASK/CREATED", id, Desk.Now, null, GladlyBodies.AboutTask(task), [mention], CustomerResource(customer))]));
        return new(StatusCodes.Status201Created, new JsonObject { ["id"] = id });
    }

    /// <summary>Puts an activity on a timeline; whoever has the address, or a new profile (FACTS 8.3).</summary>
    private Reply AddItem(JsonObject body)
    {
        var (id, email, phone) = (Text(body, "id") ?? GladlyIds.Of("item-made", Bodies.Number(++_made)), Text(body["customer"] as JsonObject, "emailAddress"), Text(body["customer"] as JsonObject, "mobilePhone"));
        if (!OwnId().IsMatch(id))
            return Invalid("is not safe in a URL or too long", "id");
        if (_items.Contains(id))
            return Taken("id");
        if ((email is null) == (phone is null))
            return Invalid("exactly one of emailAddress, mobilePhone", "customer");
        if (Text(body["content"] as JsonObject, "type") != "CUSTOMER_ACTIVITY")
            return Invalid("must be CUSTOMER_ACTIVITY", "content.type");
        var known = _customers.Find(one => one.IsHere && (email is not null ? one.Emails.Contains(email, StringComparer.OrdinalIgnoreCase) : one.Phones.Exists(mobile => mobile.Number == phone)));
        if (known is null)
        {
            known = Introduced(null, email, phone);
            Say(new(known.Told(), [Introduce(known)]));
        }
        _items.Add(id);
        Desk.Writes.Accept("POST conversation-items", id, changed: true);
        return new(StatusCodes.Status201Created, new JsonObject { ["id"] = id });
    }

    /// <summary>What happened in a span of the last 24 hours, a JSON text a line.</summary>
    private Reply History(HttpContext context)
    {
        if (!DateTimeOffset.TryParse(Asked(context, "startAt"), CultureInfo.InvariantCulture, out var from) || !DateTimeOffset.TryParse(Asked(context, "endAt"), CultureInfo.InvariantCulture, out var until) || from >= until)
            return Invalid("startAt and endAt are required, and must be a span", "startAt");
        if (from < Desk.Now - Remembers)
            return Invalid("must be within the last 24 hours", "startAt");
        var entities = context.Request.Query["entities"].ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (entities.Count == 0)
            return Invalid("is required", "entities");
        var lines = new StringBuilder();
        // CUSTOMER has CUSTOMER/MERGED and CUSTOMER_PROFILE/UPDATED [?].
        foreach (var webhook in _history.Where(webhook => entities.Any(entity => webhook.Topic.StartsWith(entity + "/", StringComparison.OrdinalIgnoreCase) || webhook.Topic.StartsWith(entity + "_", StringComparison.OrdinalIgnoreCase))))
        {
            if (JsonNode.Parse(webhook.Body)!["timestamp"]!.GetValue<DateTimeOffset>() is var at && at >= from && at < until)
                lines.Append(Encoding.UTF8.GetString(webhook.Body)).Append('\n');
        }
        return new(StatusCodes.Status200OK, null) { Lines = lines.ToString() };
    }

    private Reply MakeWebhook(JsonObject body)
    {
        if (AddressOf(body) is not { } address)
            return Invalid("must be an https URL", "url");
        if (Desk.Subscriptions.All.Any(one => one.Address == address))
            return Taken("url");
        if (EventsOf(body) is not { Count: > 0 } events)
            return Invalid("must be types of the organisation", "events");
        var made = new Subscription(GladlyIds.Of("webhook", "made", Bodies.Number(++_made)), events, address, Desk.Now);
        Desk.Subscriptions.Put(made);
        Desk.Writes.Accept("POST webhooks", made.Id, changed: true);
        return new(StatusCodes.Status201Created, Webhook(made)) { Pings = Ping(made) };
    }

    private Reply ChangeWebhook(string id, JsonObject body)
    {
        if (Desk.Subscriptions.Find(id) is not { } known)
            return Reply.NotFound;
        if ((body.ContainsKey("events") && EventsOf(body) is not { Count: > 0 }) || (body.ContainsKey("url") && AddressOf(body) is null))
            return Invalid("events and url must be what they are for a new one", "events");
        var changed = known with
        {
            Topics = body.ContainsKey("events") ? EventsOf(body)! : known.Topics,
            Address = AddressOf(body) ?? known.Address,
            IsActive = body["enabled"]?.GetValue<bool>() ?? known.IsActive,
            MadeAt = Desk.Now,
        };
        Desk.Subscriptions.Put(changed);
        _disabledAt = changed.IsActive ? null : _disabledAt;
        Desk.Writes.Accept("PATCH webhooks", id, changed: true);
        return Ok(Webhook(changed)) with { Pings = changed.IsActive ? Ping(changed) : null };
    }

    /// <summary>Only one that is switched off (FACTS 8.2).</summary>
    private Reply RemoveWebhook(string id)
    {
        if (Desk.Subscriptions.Find(id) is not { } known)
            return Reply.NotFound;
        if (known.IsActive)
            return new(StatusCodes.Status400BadRequest, GladlyBodies.Error("invalid_state", "must be disabled first"));
        Desk.Subscriptions.Remove(id);
        Desk.Writes.Accept("DELETE webhooks", id, changed: true);
        return new(StatusCodes.Status204NoContent, null);
    }

    private JsonObject Webhook(Subscription one) => GladlyBodies.Subscription(one, one.IsActive ? null : _disabledAt);

    private Webhook Ping(Subscription one)
    {
        var id = GladlyIds.Of("ping", one.Id, Bodies.Number(++_made));
        return new(id, GladlyTypes.Ping, GladlyBodies.Ping(id, Desk.Now).Bytes(), [], []) { About = [one.Id] };
    }

    /// <summary>A webhook whose PING is not answered is not made, or switched off.</summary>
    private Reply Unanswered(Webhook ping)
    {
        if (Desk.Subscriptions.Find(ping.About[0]) is { } known)
            Desk.Subscriptions.Put(known with { IsActive = false });
        return new(StatusCodes.Status400BadRequest, GladlyBodies.Error("invalid", "the URL did not answer the PING", attribute: "url"));
    }

    /// <summary>A profile of whom the books know by this address, so that the story goes on with it; or of a stranger.</summary>
    private GladlyCustomer Introduced(string? id, string? email, string? phone)
    {
        var number = books.ShopperOf(email, phone) is { } known && !_customers.Exists(one => one.Shopper.Number == known && !one.IsSecond) ? known : GladlyCustomer.FirstStranger + ++_strangers;
        var customer = new GladlyCustomer(new(number, "", "", email ?? "", phone, Shops.Home, IsGuest: false, SharesPhone: false), isSecond: false, Desk.Now, id) { Name = null };
        _customers.Add(customer);
        return customer;
    }

    /// <summary>The profile changed at this time, or a second after its last change.</summary>
    private static Outcome Changed(GladlyCustomer customer, DateTimeOffset at)
    {
        customer.UpdatedAt = VendorDesk.After(customer.UpdatedAt, at);
        return new(customer.Told(), [About("CUSTOMER_PROFILE/UPDATED", customer, customer.UpdatedAt, CustomerResource(customer))]);
    }

    private void Say(Outcome outcome) => _saying.Add(Remembered(outcome));

    /// <summary>Kept for the Events API, whoever hears of it or not.</summary>
    private Outcome Remembered(Outcome outcome)
    {
        _history.AddRange(outcome.Webhooks);
        return outcome;
    }

    private static string? AddressOf(JsonObject body) =>
        Uri.TryCreate(Text(body, "url"), UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttps ? address.AbsoluteUri : null;

    private static List<string>? EventsOf(JsonObject body)
    {
        var events = (body["events"] as JsonArray ?? []).Select(one => one!.GetValue<string>()).Distinct(StringComparer.Ordinal).ToList();
        return events.Except(GladlyTypes.All, StringComparer.OrdinalIgnoreCase).Any() ? null : events;
    }

    private static Reply Invalid(string detail, string? attribute) => new(StatusCodes.Status400BadRequest, GladlyBodies.Error("invalid", detail, attribute: attribute));

    private static Reply Taken(string attribute) => new(StatusCodes.Status409Conflict, GladlyBodies.Error("taken", "is taken", attribute: attribute));

    private static string? Text(JsonObject? body, string member) => body?[member]?.GetValue<string>();

    [GeneratedRegex("^[A-Za-z0-9_-]{1,49}$", RegexOptions.NonBacktracking)]
    private static partial Regex OwnId();
}
