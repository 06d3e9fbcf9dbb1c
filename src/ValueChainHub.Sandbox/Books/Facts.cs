using ValueChainHub.Sandbox.Story;

namespace ValueChainHub.Sandbox.Books;

/// <summary>Something a vendor knows and tells, in the words of the books. Of two of one register the later is true.</summary>
/// <param name="Register">What it is about.</param>
/// <param name="At">The vendor's time of it.</param>
public abstract record Fact(string Register, DateTimeOffset At);

/// <summary>Whose something is: an account at a vendor (<c>shopify.customer</c> and its id), or a guest's address (<c>email</c>).</summary>
/// <param name="Kind">The kind of identifier by which the hub is asked.</param>
/// <param name="Value">Its value.</param>
/// <param name="Shopper">Which shopper of the story it is.</param>
public sealed record Party(string Kind, string Value, int Shopper)
{
    public static Party Account(string connector, string id, int shopper) => new(connector + ".customer", id, shopper);

    public static Party Guest(string email, int shopper) => new("email", email, shopper);

    public override string ToString() => $"{Kind}:{Value}";
}

/// <summary>What is known of a party.</summary>
public sealed record PartyFact(Party Party, DateTimeOffset At, string? Name, string? Email, string? Phone) : Fact($"party/{Party}", At);

/// <summary>A vendor made one of two parties.</summary>
public sealed record MergeFact(Party Kept, Party Merged, DateTimeOffset At) : Fact($"merge/{Merged}", At);

/// <summary>An order as it is now. <paramref name="Party"/> is null at a till.</summary>
/// <param name="Key">Connector and id.</param>
/// <param name="Status">The financial status in the vendor's words.</param>
public sealed record OrderFact(
    string Key, DateTimeOffset At, Party? Party, string Number, DateTimeOffset PlacedAt, string Status, bool IsCancelled, bool IsTest, string Currency, decimal Total)
    : Fact($"order/{Key}", At);

/// <summary>Money given back on an order.</summary>
public sealed record RefundFact(string Order, string Id, DateTimeOffset At, decimal Amount) : Fact($"refund/{Order}/{Id}", At);

/// <summary>A return of an order; it counts until it is declined or cancelled.</summary>
public sealed record ReturnFact(string Order, string Id, DateTimeOffset At) : Fact($"return/{Order}/{Id}", At);

/// <summary>A parcel that an order has, as the storefront says.</summary>
public sealed record ParcelFact(string Order, string Id, DateTimeOffset At, string Carrier, string? Number, bool IsCancelled) : Fact($"parcel/{Order}/{Id}", At);

/// <summary>A scan that the storefront knows of, by its own parcel.</summary>
public sealed record ShopScanFact(string Order, string Parcel, DateTimeOffset At, ScanStatus Status) : Fact($"scan/{Order}/{Parcel}/{Status}/{At:O}", At);

/// <summary>A scan that a carrier reported, by its number: it says nothing of an order.</summary>
public sealed record CarrierScanFact(string Carrier, string Number, DateTimeOffset At, ScanStatus Status) : Fact($"scan/{Carrier}-{Number}/{Status}/{At:O}", At);

/// <summary>A statement of consent; <paramref name="At"/> is the time of the act.</summary>
/// <param name="Channel"><c>email</c>, <c>sms</c>.</param>
/// <param name="Purpose"><c>marketing</c>, <c>service</c>.</param>
/// <param name="State"><c>granted</c>, <c>denied</c>.</param>
/// <param name="IsDated">The vendor says when the person acted. False: <paramref name="At"/> only orders it among its like.</param>
public sealed record ConsentFact(Party Party, DateTimeOffset At, string Channel, string Address, string Purpose, string State, bool IsDated = true)
    : Fact($"consent/{Party}/{Channel}/{Address}/{Purpose}", At);

/// <summary>Whether messages reach an address. Each trouble begins and ends by itself.</summary>
/// <param name="Trouble"><c>bounced</c>, <c>complained</c>.</param>
public sealed record TroubleFact(Party Party, DateTimeOffset At, string Channel, string Address, string Trouble, bool IsOver)
    : Fact($"trouble/{Party}/{Channel}/{Address}/{Trouble}", At);

/// <summary>A thing that happened to a message.</summary>
public sealed record MessageFact(string Id, Party Party, DateTimeOffset At, MessageEvent Event) : Fact($"message/{Id}", At);

/// <summary>A conversation is open or closed since then.</summary>
public sealed record ConversationFact(string Id, Party Party, DateTimeOffset At, bool IsOpen) : Fact($"conversation/{Id}", At);

/// <summary>Shopper and support were in contact; the beginning of a conversation is a contact too.</summary>
public sealed record ContactFact(string Conversation, Party Party, DateTimeOffset At) : Fact($"contact/{Conversation}/{At:O}", At);

/// <summary>Something was said about a party that changes none of its figures, but makes it known.</summary>
public sealed record MentionFact(Party Party, DateTimeOffset At) : Fact($"mention/{Party}", At);
