using Azure.Messaging.ServiceBus;
using Azure.Messaging.ServiceBus.Administration;

namespace ValueChainHub.Infrastructure.ServiceBus;

public sealed partial class ServiceBusChainBus
{
    /// <remarks>In Azure the infrastructure has made it, and the hub has no right to: then it only looks whether the subscription is there and lets it in, and takes nothing.</remarks>
    public ValueTask SubscribeAsync(string subscription, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(subscription);
        return TellAsync(
            () => _administration is { } administration
                ? MakeAsync(administration, subscription, cancellationToken)
                : Receiver(subscription).PeekMessageAsync(cancellationToken: cancellationToken),
            cancellationToken);
    }

    private async Task MakeAsync(ServiceBusAdministrationClient administration, string subscription, CancellationToken cancellationToken)
    {
        await OnceAsync(() => administration.CreateTopicAsync(Topic(), cancellationToken));
        // With the rule, not before it: in between, the broker's default rule would take copies that are meant for others.
        await OnceAsync(() => administration.CreateSubscriptionAsync(Subscription(subscription), Rule(ChainTopic.EveryoneRule, ChainTopic.Everyone), cancellationToken));
        await OnceAsync(() => administration.CreateRuleAsync(_options.Topic, subscription, Rule(ChainTopic.AgainRule, subscription), cancellationToken));
    }

    private CreateTopicOptions Topic() => new(_options.Topic)
    {
        RequiresDuplicateDetection = true,
        DuplicateDetectionHistoryTimeWindow = _options.DuplicateWindow,
        DefaultMessageTimeToLive = _options.TimeToLive,
    };

    private CreateSubscriptionOptions Subscription(string name) => new(_options.Topic, name)
    {
        LockDuration = _options.LockDuration,
        MaxDeliveryCount = _options.MaxDeliveryCount,
        DefaultMessageTimeToLive = _options.TimeToLive,
        DeadLetteringOnMessageExpiration = true,
    };

    private static CreateRuleOptions Rule(string name, string address) => new(name, new CorrelationRuleFilter { To = address });

    private static async Task OnceAsync(Func<Task> make)
    {
        try
        {
            await make();
        }
        catch (ServiceBusException fault) when (fault.Reason == ServiceBusFailureReason.MessagingEntityAlreadyExists)
        {
            // Somebody was first; what is there stays as it is.
        }
    }
}
