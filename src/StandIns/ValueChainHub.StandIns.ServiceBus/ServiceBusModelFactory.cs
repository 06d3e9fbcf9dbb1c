namespace Azure.Messaging.ServiceBus;

/// <summary>Makes what otherwise only the broker does. (The published factory takes more, by the same names.)</summary>
public static class ServiceBusModelFactory
{
    public static ServiceBusReceivedMessage ServiceBusReceivedMessage(
        BinaryData? body = null,
        string? messageId = null,
        string? partitionKey = null,
        string? subject = null,
        string? to = null,
        string? contentType = null,
        IDictionary<string, object>? properties = null,
        Guid lockTokenGuid = default,
        int deliveryCount = 0,
        DateTimeOffset enqueuedTime = default) => new()
        {
            Body = body ?? new([]),
            MessageId = messageId,
            PartitionKey = partitionKey,
            Subject = subject,
            To = to,
            ContentType = contentType,
            ApplicationProperties = new Dictionary<string, object>(properties ?? new Dictionary<string, object>(StringComparer.Ordinal), StringComparer.Ordinal),
            LockToken = lockTokenGuid.ToString(),
            DeliveryCount = deliveryCount,
            EnqueuedTime = enqueuedTime,
        };
}
