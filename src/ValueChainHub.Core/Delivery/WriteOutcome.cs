using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Core.Delivery;

/// <summary>What came of a write.</summary>
public abstract record WriteOutcome
{
    private WriteOutcome() { }

    /// <summary>The vendor holds it. <paramref name="VendorId"/>: what it calls the thing, if it said so.</summary>
    public sealed record Written(string? VendorId = null) : WriteOutcome;

    /// <summary>There is nothing at the vendor to write to, and it is not for the hub to make one: a profile that is gone. Counts as done.</summary>
    public sealed record Unneeded(string Reason) : WriteOutcome;

    /// <summary>
    /// Not written, or not known to be. The kind alone decides: throttled, unavailable and timeout are tried again (and <paramref name="NotBefore"/> wins over our schedule), refused waits for a
    /// person with the vendor's <paramref name="Answer"/>, unauthorized has opened the line's breaker.
    /// </summary>
    public sealed record Failed(FailureKind Kind, string Reason, DateTimeOffset? NotBefore = null, VendorAnswer? Answer = null) : WriteOutcome;
}

/// <summary>How a vendor refused. No words of its own: they quote what was sent.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">The vendor's own code for it, if any: an identifier such as <c>INVALID_EMAIL</c>.</param>
/// <param name="RequestId">What the vendor's support asks for.</param>
public sealed record VendorAnswer(int Status, string? Code, string? RequestId);
