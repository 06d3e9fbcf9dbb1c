using System.Buffers.Text;
using System.Text.Json.Nodes;
using ValueChainHub.Sandbox.Books;
using ValueChainHub.Sandbox.Story;

namespace ValueChainHub.Sandbox.Vendors.Gladly;

/// <summary>A customer profile. The second one of a shopper was made by hand and has but a name.</summary>
/// <param name="ownId">The id that a program gave it.</param>
internal sealed class GladlyCustomer(Shopper shopper, bool isSecond, DateTimeOffset createdAt, string? ownId = null)
{
    /// <summary>Profiles of people that are in no books have higher numbers.</summary>
    public const int FirstStranger = 2_000_000;

    public string Id { get; } = ownId ?? GladlyIds.Of("customer", FormattableString.Invariant($"{shopper.Number}/{isSecond}"));
    public Shopper Shopper { get; } = shopper;
    public bool IsSecond { get; } = isSecond;
    public DateTimeOffset CreatedAt { get; } = createdAt;
    public DateTimeOffset UpdatedAt { get; set; } = createdAt;
    public string? Name { get; set; } = shopper.Name;

    /// <summary>The primary one first.</summary>
    public List<string> Emails { get; } = isSecond || shopper.Email.Length == 0 ? [] : [shopper.Email];

    /// <summary>Each with its type; the primary one first.</summary>
    public List<(string Number, string Type)> Phones { get; } = isSecond || shopper.OwnPhone is null ? [] : [(shopper.OwnPhone, "MOBILE")];

    /// <summary>By the names that the organisation has defined.</summary>
    public SortedDictionary<string, JsonNode?> Attributes { get; } = new(StringComparer.Ordinal);
    public string? Email => Emails.Count == 0 ? null : Emails[0];
    public string? Phone => Phones.Count == 0 ? null : Phones[0].Number;
    public bool IsHere => !IsDeleted && MergedInto is null;

    /// <summary>Whether support may write to the phone.</summary>
    public bool MayText { get; set; } = true;

    public GladlyCustomer? MergedInto { get; set; }
    public bool IsDeleted { get; set; }
    public Party Party => Party.Account(GladlySandbox.ConnectorName, Id, Shopper.Number);

    /// <summary>What whoever reads the profile knows, or is told instead.</summary>
    public IReadOnlyList<Fact> Told()
    {
        if (Shopper.Number >= FirstStranger)
            return [];
        // Deleted is for ever: no later word about the profile counts.
        if (IsDeleted)
            return [new PartyFact(Party, DateTimeOffset.MaxValue, null, null, null)];
        if (MergedInto is { } kept)
            return [new MergeFact(kept.Party, Party, UpdatedAt)];
        var party = new PartyFact(Party, UpdatedAt, Name, Email, Phone);
        return Phone is { } phone ? [party, new ConsentFact(Party, UpdatedAt, "sms", phone, "service", MayText ? "granted" : "denied", IsDated: false)] : [party];
    }
}

internal sealed class GladlyConversation(GladlyCustomer customer, int number, DateTimeOffset createdAt)
{
    public string Id { get; } = GladlyIds.Of("conversation", FormattableString.Invariant($"{customer.Id}/{number}"));
    public GladlyCustomer Customer { get; } = customer;
    public DateTimeOffset CreatedAt { get; } = createdAt;
    public DateTimeOffset? ClosedAt { get; set; }
    public bool HasAgent { get; set; }

    /// <summary>Who said something, and when.</summary>
    public List<(DateTimeOffset At, bool ByShopper)> Messages { get; } = [];

    public string ContactId => GladlyIds.Of("contact", Id);
    public string TaskId => GladlyIds.Of("task", Id);

    /// <summary>Whoever hears of it at all knows that it is there.</summary>
    public ConversationFact Known() => new(Id, Customer.Party, DateTimeOffset.MinValue, IsOpen: false);

    /// <summary>The first contact is its beginning.</summary>
    public ContactFact Begun() => new(Id, Customer.Party, CreatedAt);

    /// <summary>What whoever reads it knows. It does not say when it was reopened.</summary>
    public IReadOnlyList<Fact> Told() => [Begun(), new ConversationFact(Id, Customer.Party, ClosedAt ?? CreatedAt, IsOpen: ClosedAt is null)];
}

/// <summary>What a program gave support to do.</summary>
internal sealed record GladlyTask(string Id, GladlyCustomer Customer, string Text, DateTimeOffset DueAt, string InboxId);

internal static class GladlyIds
{
    /// <summary>22 characters that fit in a URL, as all of Gladly's ids.</summary>
    public static string Of(params ReadOnlySpan<string> words) => Base64Url.EncodeToString(Convert.FromHexString(Bodies.Hex(32, words)));
}
