using ValueChainHub.Core.Customers;

namespace ValueChainHub.Core.Delivery;

// What destinations are given: canonical, the same for every vendor, read at the moment of sending.

/// <summary>Whom a write is about.</summary>
/// <param name="CustomerId">The hub's id of the customer.</param>
/// <param name="AccountId">The customer's account at this vendor; null when none is known.</param>
/// <param name="Email">Normalised. Of the account when there is one and it has one, else the customer's primary; never a marketplace's relay.</param>
/// <param name="Phone">E.164, likewise.</param>
public sealed record Recipient(string CustomerId, string? AccountId, string? Email, string? Phone);

/// <summary>The present state of a customer. A part that the destination has no place for is null; unknown is null, never zero by guess.</summary>
/// <param name="To">Whom it is about.</param>
/// <param name="Contact">Name, e-mail and phone as the unified record has them.</param>
/// <param name="Storefront">Orders and their value.</param>
/// <param name="Fulfillment">Counts of parcels.</param>
/// <param name="LastParcel">The parcel of the newest order that has one, without its link.</param>
/// <param name="Service">Conversations; an open one is what segments exclude on, never a suppression.</param>
public sealed record CustomerState(
    Recipient To, CustomerContact? Contact, StorefrontTotals? Storefront, FulfillmentTotals? Fulfillment, ParcelSummary? LastParcel, ServiceTotals? Service);

/// <summary>How a customer is called and reached.</summary>
public sealed record CustomerContact(string? Name, string? Email, string? Phone);

/// <summary>An event to be kept with a customer.</summary>
/// <param name="To">Whom it is about.</param>
/// <param name="Key">The event's id: the idempotency key.</param>
/// <param name="Type">The chain event's type.</param>
/// <param name="Name">How people at the vendor see it: under the hub's own prefix, so that nothing is counted twice beside the vendor's own integrations.</param>
/// <param name="At">When it happened.</param>
/// <param name="Data">Canonical JSON of the record that the catalogue names for the type.</param>
public sealed record EventToAppend(Recipient To, string Key, string Type, string Name, DateTimeOffset At, string Data);

/// <summary>Something for an agent to do.</summary>
/// <param name="To">Whom it is about.</param>
/// <param name="Key">The idempotency key: what it is about, such as one parcel that failed.</param>
/// <param name="Text">What is to be done, in one or two lines.</param>
/// <param name="DueAt">By when.</param>
public sealed record TaskToOpen(Recipient To, string Key, string Text, DateTimeOffset DueAt);

/// <summary>A statement of consent by one address (SEMANTICS 4).</summary>
/// <param name="To">Whose it is.</param>
/// <param name="Channel"><c>email</c>, <c>sms</c>, <c>whatsapp</c>.</param>
/// <param name="Address">The address that made the statement, normalised; no other address of the person is meant.</param>
/// <param name="Purpose"><c>marketing</c>.</param>
/// <param name="State"><c>granted</c> or <c>denied</c>.</param>
/// <param name="ActAt">When the person acted; null when no vendor said.</param>
public sealed record ConsentToState(Recipient To, string Channel, string Address, string Purpose, string State, DateTimeOffset? ActAt);

/// <summary>Tags of the hub's own, under its prefix.</summary>
/// <param name="To">Whose account; it is always known.</param>
/// <param name="Present">Those that shall be there.</param>
/// <param name="Absent">Those that the hub also knows and that shall not.</param>
public sealed record TagsToSet(Recipient To, IReadOnlyList<string> Present, IReadOnlyList<string> Absent);
