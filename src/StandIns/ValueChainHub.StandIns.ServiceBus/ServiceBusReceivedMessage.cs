namespace Azure.Messaging.ServiceBus;

/// <summary>A message that was received. <see cref="ServiceBusModelFactory"/> makes one.</summary>
public class ServiceBusReceivedMessage
{
    internal ServiceBusReceivedMessage()
    {
    }

    public BinaryData Body { get; internal init; } = new([]);

    public string? MessageId { get; internal init; }

    public string? PartitionKey { get; internal init; }

    public string? Subject { get; internal init; }

    public string? To { get; internal init; }

    public string? ContentType { get; internal init; }

    public string LockToken { get; internal init; } = "";

    public int DeliveryCount { get; internal init; }

    public DateTimeOffset EnqueuedTime { get; internal init; }

    /// <summary>Of a dead letter.</summary>
    public string? DeadLetterReason => ApplicationProperties.GetValueOrDefault("DeadLetterReason") as string;

    public IReadOnlyDictionary<string, object> ApplicationProperties { get; internal init; } = new Dictionary<string, object>(StringComparer.Ordinal);
}
