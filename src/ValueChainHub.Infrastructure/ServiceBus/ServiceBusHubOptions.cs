namespace ValueChainHub.Infrastructure.ServiceBus;

/// <summary>Where the bus is and how to get in: a namespace with an identity, or a connection string.</summary>
public sealed record ServiceBusHubOptions
{
    /// <summary>The namespace's host name, such as <c>hub.servicebus.windows.net</c>. The identity is the machine's (Azure.Identity); topic and subscriptions must be there.</summary>
    public string? FullyQualifiedNamespace { get; init; }

    /// <summary>The client id of a user-assigned identity; null for whatever identity is found.</summary>
    public string? ClientId { get; init; }

    /// <summary>Instead of a namespace: for emulators and tests. It may manage, so a missing topic or subscription is made.</summary>
    public string? ConnectionString { get; init; }

    /// <summary>How to manage, where that has an address of its own (the emulator's); otherwise as <see cref="ConnectionString"/>.</summary>
    public string? AdministrationConnectionString { get; init; }

    /// <summary>The topic's name.</summary>
    public string Topic { get; init; } = ChainTopic.Name;

    /// <summary>The lock of subscriptions that are made here.</summary>
    public TimeSpan LockDuration { get; init; } = ChainTopic.LockDuration;

    /// <summary>Deliveries after which subscriptions that are made here give a message up.</summary>
    public int MaxDeliveryCount { get; init; } = ChainTopic.MaxDeliveryCount;

    /// <summary>The duplicate window of a topic that is made here.</summary>
    public TimeSpan DuplicateWindow { get; init; } = ChainTopic.DuplicateWindow;

    /// <summary>How long messages wait in what is made here.</summary>
    public TimeSpan TimeToLive { get; init; } = ChainTopic.TimeToLive;
}
