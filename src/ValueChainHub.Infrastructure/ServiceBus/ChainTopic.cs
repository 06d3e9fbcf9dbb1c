namespace ValueChainHub.Infrastructure.ServiceBus;

/// <summary>The topic and what is promised of it, in one place: the adapter, the triggers of the Functions head and the infrastructure as code agree on these.</summary>
/// <remarks>
/// The topic is not partitioned: a batch may then hold messages of several profiles, and one broker keeps their order.
/// Every subscription has two rules. <see cref="EveryoneRule"/> takes what was published for all; <see cref="AgainRule"/> takes what comes again to this subscription
/// alone (deferred and resubmitted messages travel through the topic, addressed to one subscription). Both look at the address of the message (<c>sys.To</c>).
/// </remarks>
public static class ChainTopic
{
    public const string Name = "chain-events";

    /// <summary>The address of what is published for every subscription.</summary>
    public const string Everyone = "everyone";

    /// <summary>The rule with the correlation filter <c>To</c> = <see cref="Everyone"/>.</summary>
    public const string EveryoneRule = "everyone";

    /// <summary>The rule with the correlation filter <c>To</c> = the subscription's own name.</summary>
    public const string AgainRule = "again";

    /// <summary>
    /// Deliveries after which the broker gives a message up by itself. A store that is away costs a pushed message one delivery a minute, so these are more than sixteen hours; a message that brings
    /// down whoever takes it costs one each time its lock ends. What cannot be read is parked at its first delivery, and the hub's own retries are deferrals: neither counts here.
    /// </summary>
    public const int MaxDeliveryCount = 1_000;

    /// <summary>How long a repeated id is recognised. An outage of the bus that lasts longer may double what was on its way when it began.</summary>
    public static TimeSpan DuplicateWindow { get; } = TimeSpan.FromHours(1);

    /// <summary>How long a received message is hidden. The longest the broker knows.</summary>
    public static TimeSpan LockDuration { get; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a message waits to be received before it is dead-lettered.</summary>
    public static TimeSpan TimeToLive { get; } = TimeSpan.FromDays(14);
}
