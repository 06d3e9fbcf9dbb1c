using System.Text.Json;

namespace ValueChainHub.Hosting.Documents;

// Shapes that are written by hand elsewhere and documented from here.

/// <summary>A problem (RFC 9457).</summary>
internal sealed record ProblemDocument
{
    public required string Type { get; init; }
    public required string Title { get; init; }
    public required int Status { get; init; }
    public required string Detail { get; init; }
    public string? Instance { get; init; }
    public string? TraceId { get; init; }
}

/// <summary>A chain event: CloudEvents 1.0 with the hub's extensions (DESIGN 5).</summary>
internal sealed record ChainCloudEvent
{
    public required string Specversion { get; init; }
    public required string Id { get; init; }
    public required string Source { get; init; }
    public required string Type { get; init; }
    public required string Subject { get; init; }
    public DateTimeOffset? Time { get; init; }

    /// <summary><c>received</c> when the vendor gave no time and the hub's own stands in for it.</summary>
    public string? Timesource { get; init; }
    public string? Datacontenttype { get; init; }
    public string? Dataschema { get; init; }
    public required JsonElement Data { get; init; }
    public string? Chainlink { get; init; }
    public string? Profileid { get; init; }
    public string? Customerid { get; init; }
    public string? Deliveryid { get; init; }
    public string? Causationid { get; init; }
    public string? Origin { get; init; }

    /// <summary><c>true</c> where a vendor only repeats what the hub wrote there.</summary>
    public string? Echo { get; init; }
    public DateTimeOffset? Receivedat { get; init; }
}

/// <summary>A lookup as Gladly sends it. A manual search may also carry the attributes that the brand set up.</summary>
internal sealed record GladlyLookupRequest
{
    /// <summary><c>BASIC</c>: candidates without orders. <c>DETAILED</c>: exactly one customer, with orders.</summary>
    public required string LookupLevel { get; init; }
    public required GladlyLookupQuery Query { get; init; }
    public bool UniqueMatchRequired { get; init; }
}

/// <summary>What Gladly knows of the customer.</summary>
internal sealed record GladlyLookupQuery
{
    public string? Id { get; init; }
    public string? Name { get; init; }
    public IReadOnlyList<string>? Emails { get; init; }
    public IReadOnlyList<string>? Phones { get; init; }

    /// <summary>The id that an earlier answer handed out.</summary>
    public string? ExternalCustomerId { get; init; }
}
