namespace ValueChainHub.Core.Chain.Records;

// The canonical records: the `data` of chain events and the values of facets, the same for every vendor.
// A published record changes only compatibly: members are added, never renamed, retyped or removed (SEMANTICS 6).

/// <summary>A person's account at a vendor.</summary>
public sealed record Account
{
    public required string Id { get; init; }
    public string? Name { get; init; }
    public string? Email { get; init; }
    public string? Phone { get; init; }

    /// <summary>Further addresses that the vendor holds for the person, besides <see cref="Email"/>; null when there are none.</summary>
    public IReadOnlyList<string>? OtherEmails { get; init; }

    /// <summary>Further numbers that are the person's own, besides <see cref="Phone"/>; null when there are none.</summary>
    public IReadOnlyList<string>? OtherPhones { get; init; }

    /// <summary>The vendor's word, lower case: enabled, disabled, invited, declined.</summary>
    public string? State { get; init; }
    public string? Locale { get; init; }
    public DateTimeOffset? CreatedAt { get; init; }
}

/// <summary>A tag that a vendor's account has or has no more.</summary>
public sealed record AccountTag(string Id, string Tag, bool Present);

/// <summary>Two accounts of one vendor became one there.</summary>
public sealed record AccountMerge(string KeptId, string DeletedId, string Status);

/// <summary>A statement of consent by an address (SEMANTICS 4).</summary>
/// <param name="Channel"><c>email</c>, <c>sms</c>, <c>whatsapp</c>.</param>
/// <param name="Address">The normalised address.</param>
/// <param name="Purpose"><c>marketing</c>, <c>transactional</c>, <c>service</c>.</param>
/// <param name="State"><c>granted</c>, <c>denied</c>, <c>pending</c>.</param>
/// <param name="ActAt">When the person acted; null when the vendor does not say.</param>
public sealed record Consent(string Channel, string Address, string Purpose, string State, DateTimeOffset? ActAt);

/// <summary>Something that happened to a message of the brand to a person, or that the person did with it. Carries no link of the message: it may open a person's data.</summary>
/// <param name="Id">The vendor's id of what happened.</param>
/// <param name="Channel"><c>email</c>, <c>sms</c>, <c>push</c>, <c>whatsapp</c>.</param>
/// <param name="Kind"><see cref="MessageKinds"/>.</param>
/// <param name="At">When.</param>
/// <param name="ByMachine">A program opened or clicked it, not a person: privacy proxies, scanners.</param>
/// <param name="MessageId">The vendor's id of the message.</param>
/// <param name="Campaign">The name of the campaign or flow it belongs to.</param>
/// <param name="Reason">Why it failed or bounced, in one word of the vendor.</param>
public sealed record Message(string Id, string Channel, string Kind, DateTimeOffset? At, bool? ByMachine, string? MessageId, string? Campaign, string? Reason);

/// <summary>What may happen to a message.</summary>
public static class MessageKinds
{
    public const string Received = "received";
    public const string Opened = "opened";
    public const string Clicked = "clicked";

    /// <summary>Refused by the recipient's side.</summary>
    public const string Bounced = "bounced";

    /// <summary>Not sent, or not handed over.</summary>
    public const string Failed = "failed";

    /// <summary>Marked as spam.</summary>
    public const string Complained = "complained";
}

/// <summary>Whether messages reach an address; apart from consent (SEMANTICS 4).</summary>
/// <param name="Channel"><c>email</c>, <c>sms</c>.</param>
/// <param name="Address">The normalised address.</param>
/// <param name="State"><see cref="DeliverabilityStates"/>.</param>
/// <param name="At">Since when; null when the vendor does not say.</param>
public sealed record Deliverability(string Channel, string Address, string State, DateTimeOffset? At);

/// <summary>The states of an address, and the register each belongs to.</summary>
public static class DeliverabilityStates
{
    public const string Ok = "ok";
    public const string Bounced = "bounced";
    public const string Suppressed = "suppressed";
    public const string Complained = "complained";

    /// <summary>Each trouble is a register of its own: a message that got through ends a bounce and never a complaint.</summary>
    public static IReadOnlyList<string> Troubles { get; } = [Bounced, Suppressed, Complained];

    /// <summary>The worst counts.</summary>
    public static int Rank(string state) => state switch { Bounced => 1, Suppressed => 2, Complained => 3, _ => 0 };
}

/// <summary>An order: the fields that arrive together in a vendor's order body. Money is shop money (SEMANTICS 3).</summary>
public sealed record Order
{
    public required string Id { get; init; }

    /// <summary>The number people use, as the vendor shows it: <c>#1001</c>.</summary>
    public string? Number { get; init; }

    /// <summary><c>processed_at ?? created_at</c> of the vendor.</summary>
    public DateTimeOffset? PlacedAt { get; init; }
    public DateTimeOffset? CancelledAt { get; init; }
    public string? CancelReason { get; init; }
    public bool Test { get; init; }

    /// <summary><see cref="FinancialStatuses"/>; null when the vendor does not say.</summary>
    public string? FinancialStatus { get; init; }
    public Money? Total { get; init; }
    public Money? TotalPresented { get; init; }

    /// <summary>Where it was bought: web, pos, an app.</summary>
    public string? Channel { get; init; }

    /// <summary>The order's own contact when it is a guest's; null when it has an account.</summary>
    public string? GuestEmail { get; init; }
    public string? GuestPhone { get; init; }
    public string? GuestName { get; init; }
    public IReadOnlyList<OrderItem> Items { get; init; } = [];
}

/// <summary>A line of an order, checkout or cart.</summary>
public sealed record OrderItem(string? Title, string? Sku, int Quantity, string? UnitPrice);

/// <summary>The financial states of an order, in Shopify's words, which are the field's.</summary>
public static class FinancialStatuses
{
    public const string Pending = "pending";
    public const string Authorized = "authorized";
    public const string PartiallyPaid = "partially_paid";
    public const string Paid = "paid";
    public const string PartiallyRefunded = "partially_refunded";
    public const string Refunded = "refunded";
    public const string Voided = "voided";
}

/// <summary>Money given back on an order, positive (SEMANTICS 3). It counts when its currency is the order's, or <see cref="CurrencyOfOrder"/>.</summary>
public sealed record Refund(string Id, string OrderId, Money? Amount, DateTimeOffset? At, string? ReturnId)
{
    /// <summary>ISO 4217's "no currency": the vendor's body gave a plain amount, which is in the order's currency.</summary>
    public const string CurrencyOfOrder = "XXX";
}

/// <summary>A shipment of some of an order's items, as the storefront sees it.</summary>
public sealed record Fulfillment
{
    public required string Id { get; init; }
    public required string OrderId { get; init; }

    /// <summary><c>pending</c>, <c>shipped</c>, <c>cancelled</c>, <c>failed</c>.</summary>
    public required string Status { get; init; }
    public DateTimeOffset? ShippedAt { get; init; }
    public DateTimeOffset? EstimatedAt { get; init; }
    public IReadOnlyList<ParcelLabel> Parcels { get; init; } = [];
}

/// <summary>What is written on a parcel. <paramref name="Number"/> is upper case without spaces; null for a fulfillment without tracking.</summary>
public sealed record ParcelLabel(string? Carrier, string? Number, string? Url);

/// <summary>Something happened to a fulfillment's parcels on their way.</summary>
/// <param name="FulfillmentId">The fulfillment; the parcel itself, <c>ups-1Z...</c>, when the source knows parcels and not what is in them.</param>
/// <param name="OrderId">The order; empty when the source does not know it.</param>
/// <param name="Status"><see cref="ParcelStatuses"/>.</param>
/// <param name="At">The carrier's time.</param>
/// <param name="EstimatedAt">When the carrier expects to deliver.</param>
/// <param name="Carrier">The carrier's family, from a source that knows parcels by their number.</param>
/// <param name="Number">The tracking number, upper case without spaces, likewise.</param>
public sealed record ParcelMilestone(
    string FulfillmentId, string OrderId, string Status, DateTimeOffset? At, DateTimeOffset? EstimatedAt, string? Carrier = null, string? Number = null);

/// <summary>A label that was bought for a parcel. It is no parcel yet.</summary>
public sealed record ShippingLabel
{
    public required string Id { get; init; }

    /// <summary>The vendor's word, lower case: processing, completed, error, voided.</summary>
    public string? Status { get; init; }

    /// <summary>The vendor's summary of its way, lower case: unknown, in_transit, error, delivered.</summary>
    public string? TrackingStatus { get; init; }
    public string? Carrier { get; init; }
    public string? Number { get; init; }
    public string? ShipmentId { get; init; }

    /// <summary>How the seller names the order.</summary>
    public string? OrderReference { get; init; }
    public bool Return { get; init; }
    public DateTimeOffset? CreatedAt { get; init; }
    public DateTimeOffset? VoidedAt { get; init; }
    public Money? Cost { get; init; }
}

/// <summary>Something to be shipped, as a shipping system imported it: an order of its own kind, and no parcel until it is shipped.</summary>
public sealed record Shipment
{
    public required string Id { get; init; }
    public string? Number { get; init; }

    /// <summary>How the seller names the order.</summary>
    public string? OrderReference { get; init; }

    /// <summary>The vendor's word, lower case: pending, processing, label_purchased, cancelled.</summary>
    public string? Status { get; init; }
    public DateTimeOffset? CreatedAt { get; init; }
    public DateTimeOffset? ChangedAt { get; init; }

    /// <summary>What the shopper paid.</summary>
    public Money? Paid { get; init; }
}

/// <summary>The states of a parcel, and the milestone register each belongs to.</summary>
public static class ParcelStatuses
{
    public const string PreTransit = "pre_transit";
    public const string InTransit = "in_transit";
    public const string OutForDelivery = "out_for_delivery";
    public const string AvailableForPickup = "available_for_pickup";
    public const string Delivered = "delivered";
    public const string Exception = "exception";
    public const string Returned = "returned";
    public const string Cancelled = "cancelled";

    /// <summary>The vendor took the statement in this register back: the register says nothing.</summary>
    public const string Retracted = "retracted";

    /// <summary>Delivered, exception and returned are registers of their own, so that a late scan never undoes them (SEMANTICS 5).</summary>
    public static string Register(string status) => status is Delivered or Exception or Returned ? status : "progress";

    /// <summary>For equal times: delivered over out for delivery over in transit over pre-transit.</summary>
    public static int Rank(string status) => status switch
    {
        PreTransit => 1,
        InTransit => 2,
        AvailableForPickup => 3,
        OutForDelivery => 4,
        Delivered => 5,
        Exception => 6,
        Returned => 7,
        Retracted => 100,
        _ => 0,
    };
}

/// <summary>A return that a shopper asked for or sent. <paramref name="Status"/>: requested, open, declined, cancelled, closed. The order is null when the vendor's body does not name it.</summary>
public sealed record OrderReturn(string Id, string? OrderId, string Status);

/// <summary>A dispute about a payment.</summary>
public sealed record Dispute(string Id, string? OrderId, string? Type, string? Reason, string? Status, Money? Amount);

/// <summary>A cart or a checkout that may become an order. Carries no link that opens it (SEMANTICS 6).</summary>
public sealed record Checkout
{
    public required string Id { get; init; }
    public Money? Total { get; init; }
    public DateTimeOffset? CompletedAt { get; init; }
    public string? Email { get; init; }
    public IReadOnlyList<OrderItem> Items { get; init; } = [];
}

/// <summary>A product as shoppers see it.</summary>
public sealed record Product(string Id, string? Title, string? Status, string? Type);

/// <summary>Stock of one item at one place; null when it is not counted.</summary>
public sealed record Stock(string ItemId, string? LocationId, int? Available);

/// <summary>The shop itself: the app was removed, or the shop's data must go.</summary>
public sealed record Shop(string Id, string? Domain);

/// <summary>A privacy request to be acted on. <paramref name="Kind"/>: access, erase, erase-shop.</summary>
public sealed record PrivacyRequest(string? RequestId, string Kind, string? AccountId, IReadOnlyList<string> OrderIds);

/// <summary>An entity is gone at the vendor.</summary>
public sealed record Deleted(string Id);

/// <summary>An order was edited; the delivery is a hint, the order itself is fetched.</summary>
public sealed record OrderEdit(string OrderId, string EditId);

/// <summary>A conversation of a shopper with support: what one statement says of it. No text of any message.</summary>
public sealed record Conversation
{
    public required string Id { get; init; }

    /// <summary><c>open</c>, <c>closed</c>; null when the statement is about something else.</summary>
    public string? Status { get; init; }

    /// <summary>When what is stated happened.</summary>
    public DateTimeOffset? At { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public string? InboxId { get; init; }
    public string? AgentId { get; init; }

    /// <summary>The vendor's word for a change of another kind, lower case: <c>topic_added</c>, <c>note_created</c>.</summary>
    public string? Change { get; init; }
    public IReadOnlyList<string>? TopicIds { get; init; }

    /// <summary>The conversation that this one became part of.</summary>
    public string? MergedInto { get; init; }
}

/// <summary>A contact inside a conversation: a call, a chat, a message.</summary>
/// <param name="Id">The vendor's id of the contact.</param>
/// <param name="ConversationId">The conversation.</param>
/// <param name="State">The vendor's word, lower case: <c>started</c>, <c>message_received</c>, <c>ended</c>.</param>
/// <param name="At">When it happened.</param>
public sealed record Contact(string? Id, string? ConversationId, string State, DateTimeOffset? At);

/// <summary>Something that an agent is to do for a shopper. <paramref name="Status"/>: open, closed; null when the statement is about something else.</summary>
public sealed record ServiceTask(string Id, string? Status, string? Change, DateTimeOffset? At, string? InboxId, string? AgentId);

/// <summary>Something changed at the vendor and the delivery did not say how: it is fetched, and what is found is told by itself.</summary>
/// <param name="Kind">The vendor's kind of thing, such as <c>label</c>.</param>
/// <param name="Id">Which one.</param>
public sealed record ChangeHint(string Kind, string Id);

/// <summary>Whose something is has become clear or has changed; consumers re-key from the previous to the present customer.</summary>
/// <param name="ProfileId">The profile concerned.</param>
/// <param name="PreviousCustomerId">The customer it was part of, if it was known as one.</param>
/// <param name="CustomerId">The customer it is part of now.</param>
/// <param name="Evidence">The entity, or the kind of identifier, that says so.</param>
public sealed record IdentityChange(string ProfileId, string? PreviousCustomerId, string CustomerId, string Evidence);
