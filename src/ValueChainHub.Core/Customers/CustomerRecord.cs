using ValueChainHub.Core.Chain.Records;

namespace ValueChainHub.Core.Customers;

/// <summary>The unified record of a customer, as the HTTP contract shows it (DESIGN 5). Unknown is null, never zero by guess.</summary>
public sealed record CustomerRecord
{
    public required string Id { get; init; }
    public string? Name { get; init; }
    public string? Email { get; init; }
    public string? Phone { get; init; }
    public required IReadOnlyList<RecordIdentifier> Identifiers { get; init; }
    public required IReadOnlyList<string> Profiles { get; init; }
    public required IReadOnlyDictionary<string, ConsentStatement> Consent { get; init; }
    public required IReadOnlyList<ConsentDetail> ConsentDetails { get; init; }
    public required IReadOnlyDictionary<string, string> Deliverability { get; init; }
    public required StorefrontTotals Storefront { get; init; }
    public required FulfillmentTotals Fulfillment { get; init; }
    public required ServiceTotals Service { get; init; }
    public required MarketingTotals Marketing { get; init; }

    /// <summary>The account is a till, a company or a marketplace: too many entities to be one person (SEMANTICS 1).</summary>
    public bool? Shared { get; init; }

    /// <summary>The latest vendor's time of anything in the record.</summary>
    public DateTimeOffset? UpdatedAt { get; init; }
}

/// <summary>An identifier the customer's profiles hold, with the vendor's first and last time of it.</summary>
public sealed record RecordIdentifier(string Kind, string Value, string? Source, DateTimeOffset? FirstSeen, DateTimeOffset? LastSeen);

/// <summary>The consent of the primary address of a channel.</summary>
public sealed record ConsentStatement(string State, DateTimeOffset? At, string? Source);

/// <summary>The consent of one address for one purpose.</summary>
public sealed record ConsentDetail(string Channel, string Address, string Purpose, string State, DateTimeOffset? At, string? Source);

public sealed record StorefrontTotals(int Orders, int CancelledOrders, IReadOnlyList<Money> LifetimeValue, DateTimeOffset? FirstOrderAt, DateTimeOffset? LastOrderAt);

public sealed record FulfillmentTotals(int Shipments, int InTransit, int Delivered, int Exceptions, int Returns, DateTimeOffset? LastDeliveredAt);

public sealed record ServiceTotals(int Conversations, int OpenConversations, DateTimeOffset? LastContactAt);

public sealed record MarketingTotals(int Received, int Opened, int OpenedByMachine, int Clicked, DateTimeOffset? LastOpenedAt, DateTimeOffset? LastClickedAt);

/// <summary>An order as support agents see it.</summary>
public sealed record OrderSummary(
    string Id, string? Number, string? Status, DateTimeOffset? PlacedAt, Money? Total, bool? Test, IReadOnlyList<ParcelSummary> Parcels);

/// <summary>An order with what was bought.</summary>
public sealed record OrderDetails(OrderSummary Summary, IReadOnlyList<OrderItem> Items);

/// <summary>A customer as an agent sees one: the record and the newest orders.</summary>
public sealed record CustomerCard(CustomerRecord Record, IReadOnlyList<OrderDetails> Orders);

/// <summary>A parcel of an order.</summary>
public sealed record ParcelSummary(string? Carrier, string? Number, string Status, DateTimeOffset? EstimatedAt, DateTimeOffset? DeliveredAt, string? Url);

/// <summary>The profiles of a customer and what links them.</summary>
public sealed record CustomerProfiles(IReadOnlyList<ProfileSummary> Profiles, IReadOnlyList<ProfileLink> Links);

public sealed record ProfileSummary(string Id, string Kind, string Value, bool Shared);

/// <summary>Two profiles and the evidence that they are one person; <paramref name="State"/>: linked, split, candidate.</summary>
public sealed record ProfileLink(string From, string To, string State, string Kind, string Value, string? Reason);

/// <summary>How to look customers up. Exactly one of the ways is set.</summary>
public sealed record CustomerQuery
{
    public string? Email { get; init; }
    public string? Phone { get; init; }

    /// <summary>With <see cref="Value"/>: any identifier, such as <c>shopify.customer</c> and the vendor's id.</summary>
    public string? Kind { get; init; }
    public string? Value { get; init; }

    /// <summary>An order's number (with or without #) or the vendor's id of it.</summary>
    public string? Order { get; init; }

    /// <summary>A tracking number.</summary>
    public string? Tracking { get; init; }
}
