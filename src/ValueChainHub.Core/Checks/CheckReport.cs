using ValueChainHub.Core.Chain.Records;

namespace ValueChainHub.Core.Checks;

/// <summary>What a brand's own webhook bodies say, and what in them a person should look at.</summary>
public sealed record CheckReport
{
    public required CustomerCounts Customers { get; init; }
    public required IReadOnlyList<FoundCustomer> FoundCustomers { get; init; }
    public required IReadOnlyList<SharedPhone> SharedPhones { get; init; }
    public required IReadOnlyList<UnlinkedParcel> UnlinkedParcels { get; init; }
    public required IReadOnlyList<ConsentConflict> ConsentConflicts { get; init; }
    public required IReadOnlyList<MoneyDoubt> Money { get; init; }

    /// <summary>How many things there are to look at.</summary>
    public int Findings => SharedPhones.Count + UnlinkedParcels.Count + ConsentConflicts.Count + Money.Count;
}

/// <summary>How many people there are, and how many things of theirs.</summary>
/// <param name="Total">Customers.</param>
/// <param name="InSeveralSystems">Those that more than one connector knows.</param>
/// <param name="Guests">Those without an account anywhere.</param>
/// <param name="Profiles">What they were made of: accounts, and contacts of guests.</param>
/// <param name="Orders">Their orders.</param>
/// <param name="Parcels">Their parcels.</param>
/// <param name="Conversations">Their conversations with support.</param>
public sealed record CustomerCounts(int Total, int InSeveralSystems, int Guests, int Profiles, int Orders, int Parcels, int Conversations);

/// <summary>One customer.</summary>
/// <param name="Accounts">The accounts at the vendors, as <c>connector/id</c>.</param>
/// <param name="Email">The primary address.</param>
/// <param name="Phone">The primary number.</param>
/// <param name="Orders">How many orders.</param>
/// <param name="LifetimeValue">By currency.</param>
public sealed record FoundCustomer(IReadOnlyList<string> Accounts, string? Email, string? Phone, int Orders, IReadOnlyList<Money> LifetimeValue);

/// <summary>One number that several accounts of one vendor hold, whom nothing else makes one person.</summary>
/// <param name="Phone">The number.</param>
/// <param name="Accounts">The accounts, as <c>connector/id</c>.</param>
/// <param name="Customers">How many customers they are.</param>
public sealed record SharedPhone(string Phone, IReadOnlyList<string> Accounts, int Customers);

/// <summary>A parcel whose order never came.</summary>
/// <param name="Carrier">The carrier's family.</param>
/// <param name="Number">The tracking number.</param>
/// <param name="Status">Where it is.</param>
/// <param name="At">Since when.</param>
/// <param name="Order">The order that it says it is of; null when it names none.</param>
public sealed record UnlinkedParcel(string? Carrier, string? Number, string? Status, DateTimeOffset? At, string? Order);

/// <summary>One address that granted at one vendor and denied at another.</summary>
/// <param name="Channel"><c>email</c>, <c>sms</c>, <c>whatsapp</c>.</param>
/// <param name="Address">The address.</param>
/// <param name="Purpose"><c>marketing</c>, <c>transactional</c>, <c>service</c>.</param>
/// <param name="Winner">What counts.</param>
/// <param name="Why">Why it does (SEMANTICS 4).</param>
/// <param name="Others">What does not.</param>
public sealed record ConsentConflict(string Channel, string Address, string Purpose, ConsentWord Winner, string Why, IReadOnlyList<ConsentWord> Others);

/// <summary>What one account says. <paramref name="At"/> is the time of the act; null when the vendor gives none.</summary>
public sealed record ConsentWord(string Account, string State, DateTimeOffset? At);

/// <summary>Amounts that contradict each other.</summary>
/// <param name="Order">The order, as <c>connector/order/id</c>.</param>
/// <param name="Number">The number that people use.</param>
/// <param name="What">What is wrong.</param>
/// <param name="Files">Where it was read.</param>
public sealed record MoneyDoubt(string Order, string? Number, string What, IReadOnlyList<string> Files);
