namespace ValueChainHub.Core.Identity;

/// <summary>A personal identifier: <c>email</c>, <c>phone</c>, or an account that a connector issued (<c>shopify.customer</c>).</summary>
/// <remarks>The natural order is strength: accounts, then e-mail, then phone; inside a kind by text. The least is the strongest.</remarks>
public readonly record struct Identifier : IComparable<Identifier>
{
    public const string EmailKind = "email";
    public const string PhoneKind = "phone";

    /// <summary>After the connector's name, in the kind of an id that is somebody else's.</summary>
    public const string ExternalSuffix = ".external";

    private Identifier(string kind, string value) => (Kind, Value) = (kind, value);

    public string Kind { get; }

    /// <summary>Normalised; see <see cref="EmailAddress"/> and <see cref="PhoneNumber"/>.</summary>
    public string Value { get; }

    public bool IsAccount => Kind is not (EmailKind or PhoneKind);

    private int Strength => Kind switch { EmailKind => 1, PhoneKind => 2, _ => 0 };

    /// <summary>The account of a person at a connector: kind <c>{connector}.customer</c>.</summary>
    public static Identifier Account(string connector, string id) => new($"{connector}.customer", id);

    /// <summary>An id of somebody else's that a connector repeats (<c>{connector}.external</c>): it finds and never links, for it may be a copy of ours (SEMANTICS 1).</summary>
    public static Identifier External(string connector, string id) => new(connector + ExternalSuffix, id);

    /// <summary>An e-mail address, or null when it identifies nobody (empty, masked, impossible, blocked).</summary>
    public static Identifier? Email(string? text) => EmailAddress.Normalize(text) is { } value ? new(EmailKind, value) : null;

    /// <summary>A phone number in E.164, or null when it identifies nobody (empty, masked, letters, no country code).</summary>
    public static Identifier? Phone(string? text) => PhoneNumber.Normalize(text) is { } value ? new(PhoneKind, value) : null;

    /// <summary>Reads back what the hub itself stored.</summary>
    public static Identifier FromStored(string kind, string value) => new(kind, value);

    public int CompareTo(Identifier other)
    {
        var byStrength = Strength.CompareTo(other.Strength);
        if (byStrength != 0)
            return byStrength;
        var byKind = string.CompareOrdinal(Kind, other.Kind);
        return byKind != 0 ? byKind : string.CompareOrdinal(Value, other.Value);
    }

    public static bool operator <(Identifier left, Identifier right) => left.CompareTo(right) < 0;

    public static bool operator >(Identifier left, Identifier right) => left.CompareTo(right) > 0;

    public static bool operator <=(Identifier left, Identifier right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Identifier left, Identifier right) => left.CompareTo(right) >= 0;

    /// <summary>Kind only: values are personal data and never go to a log.</summary>
    public override string ToString() => Kind;
}
