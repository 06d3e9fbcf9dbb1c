namespace ValueChainHub.Core.Delivery;

/// <summary>Whose a field is that a destination holds.</summary>
/// <param name="Field">Its name, as drift counts it; <c>*</c> stands for every name that begins so.</param>
/// <param name="Owner"><see cref="FieldOwnership"/>.</param>
/// <param name="Rule">What is done where it differs.</param>
public sealed record FieldOwner(string Field, string Owner, string Rule);

/// <summary>Who wins where a destination holds something else than the hub.</summary>
public static class FieldOwnership
{
    /// <summary>The hub: it is written again.</summary>
    public const string Hub = "hub";

    /// <summary>The vendor: it is read again.</summary>
    public const string Vendor = "vendor";

    /// <summary>Whoever spoke last: what the hub has not heard yet is read; what the vendor only lost is written again.</summary>
    public const string LastWord = "lastWord";
}

/// <summary>The one table of who owns which field at a destination (SEMANTICS 4 and 8), read from what the destination takes.</summary>
public static class FieldOwners
{
    private const string WriteAgain = "The hub writes it again.";
    private const string ReadAgain = "The hub reads the account again and writes nothing.";

    /// <summary>All fields that are compared at a destination.</summary>
    public static IReadOnlyList<FieldOwner> Of(IDestination destination) =>
        [.. destination is ITakesCustomers ? [] : Contact(destination), .. new[] { RouteKinds.Customers, RouteKinds.Consent, RouteKinds.Tags }.SelectMany(kind => Of(destination, kind) ?? [])];

    /// <summary>The fields that a route of this kind is about; null for a kind that tells things once, which are never compared.</summary>
    public static IReadOnlyList<FieldOwner>? Of(IDestination destination, string kind) => kind switch
    {
        RouteKinds.Customers when destination is ITakesCustomers => [.. Contact(destination), new(DriftFields.Fact(HubFacts.Prefix + "*"), FieldOwnership.Hub, WriteAgain)],
        RouteKinds.Consent when destination is ITakesConsent takes => [.. takes.ConsentChannels.Select(Consent)],
        RouteKinds.Tags when destination is ITakesTags => [new(DriftFields.Tag(DefaultRoutes.Prefix + "*"), FieldOwnership.Hub, WriteAgain)],
        _ => null,
    };

    /// <summary>Whose a field of the table is.</summary>
    public static string OwnerOf(IDestination destination, string field) =>
        Of(destination).First(owner => owner.Field == field || (owner.Field[^1] == '*' && field.StartsWith(owner.Field[..^1], StringComparison.Ordinal))).Owner;

    /// <summary>A profile keeps its own addresses everywhere: two profiles of one person would be refused the same one.</summary>
    private static IEnumerable<FieldOwner> Contact(IDestination destination) =>
    [
        destination is ITakesCustomers takes && takes.Parts.HasFlag(CustomerParts.Contact)
            ? new(DriftFields.Name, FieldOwnership.LastWord, "The last word of any vendor: one that the hub has not heard is read, one that was lost is written again.")
            : new(DriftFields.Name, FieldOwnership.Vendor, ReadAgain),
        new(DriftFields.Email, FieldOwnership.Vendor, ReadAgain),
        new(DriftFields.Phone, FieldOwnership.Vendor, ReadAgain),
    ];

    private static FieldOwner Consent(string channel) =>
        new(DriftFields.Consent(channel), FieldOwnership.LastWord, "The latest act of the address (SEMANTICS 4); at equal times, and where the vendor's denial has no time, the denial stands.");
}

/// <summary>The names of the fields that are compared.</summary>
public static class DriftFields
{
    public const string Name = "name";
    public const string Email = "email";
    public const string Phone = "phone";

    public static string Fact(string name) => "facts." + name;

    public static string Tag(string tag) => "tags." + tag;

    public static string Consent(string channel) => "consent." + channel;
}
