using System.Diagnostics;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Storage;

namespace ValueChainHub.Core.Intake;

/// <summary>A vendor called: check that it is the vendor, keep the delivery, answer. The answer comes only when the delivery is durable.</summary>
public sealed class ReceiveWebhook(
    IHubStore store, ConnectorCatalog connectors, Rejections rejections, TranslationHandover handover, TimeProvider time, IntakePressure? pressure = null)
{
    private static readonly TimeSpan PatienceAskedOfVendors = TimeSpan.FromSeconds(30);
    private long _doubles;
    private long _received;

    /// <summary>Deliveries that this process made durable, doubles among them.</summary>
    public long Received => Interlocked.Read(ref _received);

    public async ValueTask<Receipt> HandleAsync(string connectorName, WebhookRequest request, CancellationToken cancellationToken)
    {
        if (connectors.Find(connectorName) is not { } connector)
            return new Receipt.UnknownConnector();
        if (connector is IPreparedConnector prepared && !await prepared.PrepareAsync(request, cancellationToken))
            return new Receipt.NotProvable(PatienceAskedOfVendors);
        var now = time.GetUtcNow();
        var verdict = connector.Verify(request, now);
        if (verdict is not WebhookVerdict.Genuine genuine)
            return Refuse(connector, (WebhookVerdict.Refused)verdict);
        var delivery = Describe(connector, genuine, request, now);
        pressure?.Enter();
        try
        {
            return await StoreAsync(delivery, cancellationToken);
        }
        catch (StoreUnavailableException failure)
        {
            return new Receipt.NotDurable(failure.RetryAfter ?? PatienceAskedOfVendors);
        }
        finally
        {
            pressure?.Leave();
        }
    }

    /// <summary>A body too large to take never reaches a connector, but ops must see it.</summary>
    public void RejectSize(string connectorName)
    {
        if (connectors.Find(connectorName) is not null)
            rejections.Count(connectorName, RejectionReason.Size, time.GetUtcNow());
    }

    private Receipt.Refused Refuse(IConnector connector, WebhookVerdict.Refused refused)
    {
        rejections.Count(connector.Name, refused.Reason, time.GetUtcNow());
        return new Receipt.Refused(refused.Reason, refused.Detail);
    }

    private Delivery Describe(IConnector connector, WebhookVerdict.Genuine genuine, WebhookRequest request, DateTimeOffset now)
    {
        var delivery = new Delivery
        {
            Id = Delivery.IdOf(connector.Name, genuine.DeliveryId),
            Connector = connector.Name,
            Kind = DeliveryKind.Webhook,
            Topic = genuine.Topic,
            Headers = genuine.Headers,
            Body = request.Body,
            ReceivedAt = now,
            SignedAt = genuine.SignedAt,
            State = DeliveryStates.Pending,
            Trace = Activity.Current?.Id,
        };
        return handover.Judge(connector, delivery);
    }

    private async ValueTask<Receipt> StoreAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        var create = new WriteOperation.Create(InboxItems.Delivery, delivery.Write(), HubContainers.InboxRetention);
        var stored = await store.CommitAsync(HubContainers.Inbox, delivery.Id, [create], cancellationToken) is CommitResult.Committed;
        if (!stored)
            await CountDoubleAsync(delivery, cancellationToken);
        var status = !stored ? "duplicate" : delivery.State == DeliveryStates.Quarantined ? "quarantined" : "accepted";
        Interlocked.Increment(ref _received);
        HubTelemetry.Received.Add(1, new("connector", delivery.Connector), new("status", status));
        return status switch
        {
            "duplicate" => new Receipt.Duplicate(delivery.Id),
            "quarantined" => new Receipt.Quarantined(delivery.Id),
            _ => new Receipt.Accepted(delivery.Id),
        };
    }

    private async ValueTask CountDoubleAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        while (true)
        {
            var id = InboxItems.Double(delivery.ReceivedAt.UtcTicks, Interlocked.Increment(ref _doubles) % 1_000_000);
            var create = new WriteOperation.Create(id, InboxItems.Write(new Double(delivery.Connector, delivery.ReceivedAt, delivery.Events)), HubContainers.InboxRetention);
            if (await store.CommitAsync(HubContainers.Inbox, delivery.Id, [create], cancellationToken) is CommitResult.Committed)
                return;
        }
    }
}
