using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Core.Intake;

/// <summary>What became of a request to a webhook endpoint.</summary>
public abstract record Receipt
{
    private Receipt() { }

    /// <summary>Durable, and on its way.</summary>
    public sealed record Accepted(string DeliveryId) : Receipt;

    /// <summary>Durable before; counted on the delivery.</summary>
    public sealed record Duplicate(string DeliveryId) : Receipt;

    /// <summary>Durable, genuine, and unreadable: waits for a person. A retry of the vendor would not help.</summary>
    public sealed record Quarantined(string DeliveryId) : Receipt;

    /// <summary>Not proved to be the vendor's, or not a delivery at all. Nothing was stored.</summary>
    public sealed record Refused(RejectionReason Reason, string Detail) : Receipt;

    /// <summary>No such connector is configured.</summary>
    public sealed record UnknownConnector : Receipt;

    /// <summary>The vendor's keys cannot be had now, so it can be neither accepted nor refused: the vendor shall send it again.</summary>
    public sealed record NotProvable(TimeSpan RetryAfter) : Receipt;

    /// <summary>It could not be made durable: the vendor shall send it again.</summary>
    public sealed record NotDurable(TimeSpan RetryAfter) : Receipt;
}
