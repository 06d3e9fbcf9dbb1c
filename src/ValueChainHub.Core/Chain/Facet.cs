namespace ValueChainHub.Core.Chain;

/// <summary>An entity of the chain: <c>connector/type/id</c>, such as <c>shopify/order/123</c>.</summary>
public readonly record struct EntityKey(string Connector, string Type, string Id)
{
    public override string ToString() => $"{Connector}/{Type}/{Id}";

    /// <summary>Reads <c>connector/type/id</c>; the id may hold further slashes.</summary>
    public static EntityKey Parse(string text)
    {
        var parts = text.Split('/', 3);
        return parts.Length == 3 ? new(parts[0], parts[1], parts[2]) : throw new FormatException("An entity key has the form connector/type/id.");
    }
}

/// <summary>How close a statement stands to the thing itself. Settles equal times, later members win.</summary>
public enum SourceClass
{
    /// <summary>A copy inside another entity's body.</summary>
    Embedded,

    /// <summary>The entity's own webhook.</summary>
    Webhook,

    /// <summary>An authoritative read of the entity from the vendor's API.</summary>
    Read,
}

/// <summary>The order of a register: revision (absent is lowest), then source, then rank, then the mapping's generation, then the value's text.</summary>
/// <param name="Revision">The vendor's own time, or its revision number as a time-like tick count; null when the vendor gave none.</param>
/// <param name="Source">How close the statement stands to the entity.</param>
/// <param name="Rank">The state's rank, for equal times: cancelled above refunded above paid (SEMANTICS 2).</param>
/// <param name="Generation">Of the mapping that read it, so that a mended reading of the same statement wins over the earlier one (ADR 27). A connector leaves it out; see <see cref="Connectors.IConnector.Read"/>.</param>
public readonly record struct FacetVersion(DateTimeOffset? Revision, SourceClass Source, int Rank, int Generation = 0) : IComparable<FacetVersion>
{
    public int CompareTo(FacetVersion other)
    {
        var byRevision = (Revision?.UtcTicks ?? -1).CompareTo(other.Revision?.UtcTicks ?? -1);
        if (byRevision != 0)
            return byRevision;
        var bySource = Source.CompareTo(other.Source);
        if (bySource != 0)
            return bySource;
        var byRank = Rank.CompareTo(other.Rank);
        return byRank != 0 ? byRank : Generation.CompareTo(other.Generation);
    }

    public static bool operator <(FacetVersion left, FacetVersion right) => left.CompareTo(right) < 0;

    public static bool operator >(FacetVersion left, FacetVersion right) => left.CompareTo(right) > 0;

    public static bool operator <=(FacetVersion left, FacetVersion right) => left.CompareTo(right) <= 0;

    public static bool operator >=(FacetVersion left, FacetVersion right) => left.CompareTo(right) >= 0;
}

/// <summary>One register of an entity: a group of fields that arrive together.</summary>
/// <param name="Name">Such as <c>core</c>, <c>refund/77</c>, <c>consent/email/ada@example.com/marketing</c>; see <see cref="FacetNames"/>.</param>
/// <param name="Version">Where it stands in the register's order.</param>
/// <param name="Value">Canonical JSON: written by <see cref="ChainJson"/>, so that equal values have equal text.</param>
public sealed record Facet(string Name, FacetVersion Version, string Value) : IComparable<Facet>
{
    /// <summary>The winner is the greater one; a total order, so the result of a fold does not depend on the order of its input.</summary>
    public int CompareTo(Facet? other)
    {
        if (other is null)
            return 1;
        var byVersion = Version.CompareTo(other.Version);
        return byVersion != 0 ? byVersion : string.CompareOrdinal(Value, other.Value);
    }
}

/// <summary>The names of facets that Core reads.</summary>
public static class FacetNames
{
    /// <summary>The entity itself.</summary>
    public const string Core = "core";

    /// <summary>One field of an account's core, written by a body that carries only some of them: <c>name</c>, <c>email</c> or <c>phone</c>. The greater of it and <see cref="Core"/> holds.</summary>
    public static string CoreField(string field) => "core/" + field;

    /// <summary>The core, or one field of it.</summary>
    public static bool IsCore(string name) => name == Core || name.StartsWith("core/", StringComparison.Ordinal);

    /// <summary>The entity was deleted at the vendor: terminal, whatever comes later (SEMANTICS 2).</summary>
    public const string Deleted = "deleted";

    /// <summary>Whether a conversation or a task is open or closed.</summary>
    public const string Status = "status";

    /// <summary>That a conversation was begun, and when.</summary>
    public const string Started = "started";

    /// <summary>The last contact inside a conversation.</summary>
    public const string Contact = "contact";

    /// <summary>The entity became part of another one at the vendor: it no longer counts by itself.</summary>
    public const string Merged = "merged";

    public static string Refund(string id) => "refund/" + id;

    public static string Fulfillment(string id) => "fulfillment/" + id;

    /// <summary>A milestone of a fulfillment's way: <c>progress</c>, <c>delivered</c>, <c>exception</c> or <c>returned</c>, each a register of its own.</summary>
    public static string Milestone(string fulfillmentId, string milestone) => $"milestone/{fulfillmentId}/{milestone}";

    /// <summary>In an order: what a carrier's tracking says of one of its parcels, taken over from the parcel's own entity (ADR 11).</summary>
    public static string Tracking(string parcelId, string register) => $"tracking/{parcelId}/{register}";

    public static string Return(string id) => "return/" + id;

    public static string Dispute(string id) => "dispute/" + id;

    public static string Tag(string tag) => "tag/" + tag;

    /// <summary>What happened to a message: one of <see cref="Records.MessageKinds"/>.</summary>
    public static string Message(string kind) => "message/" + kind;

    /// <summary>Whether an address has one of <see cref="Records.DeliverabilityStates.Troubles"/>: that state, or <c>ok</c>.</summary>
    public static string Deliverability(string channel, string address, string trouble) => $"deliverability/{channel}/{address}/{trouble}";

    public static string Consent(string channel, string address, string purpose) => $"consent/{channel}/{address}/{purpose}";
}
