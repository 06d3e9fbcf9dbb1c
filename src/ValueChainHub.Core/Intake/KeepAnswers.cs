using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Storage;

namespace ValueChainHub.Core.Intake;

/// <summary>Keeps what a vendor answered as a delivery of its own, which goes through the pipeline like what the vendor sends by itself.</summary>
/// <remarks>What is there already stays as it is and counts for nothing: it was us who asked twice, not the vendor who sent it twice.</remarks>
internal sealed class KeepAnswers(IHubStore store, TranslationHandover handover, TimeProvider time)
{
    /// <summary>Whether an answer was kept before under this id.</summary>
    public async ValueTask<bool> IsKeptAsync(string connector, string answerId, CancellationToken cancellationToken) =>
        await store.ReadAsync(HubContainers.Inbox, Delivery.IdOf(connector, answerId), InboxItems.Delivery, cancellationToken) is not null;

    /// <returns>The delivery as it was judged; another one may be there under its id already.</returns>
    public async ValueTask<Delivery> KeepAsync(IConnector connector, DeliveryKind kind, PolledAnswer answer, CancellationToken cancellationToken)
    {
        var delivery = handover.Judge(connector, new Delivery
        {
            Id = Delivery.IdOf(connector.Name, answer.DeliveryId),
            Connector = connector.Name,
            Kind = kind,
            Topic = answer.Topic,
            Headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase),
            Body = answer.Body,
            ReceivedAt = time.GetUtcNow(),
            State = DeliveryStates.Pending,
        });
        await store.CommitAsync(
            HubContainers.Inbox, delivery.Id, [new WriteOperation.Create(InboxItems.Delivery, delivery.Write(), HubContainers.InboxRetention)], cancellationToken);
        return delivery;
    }
}
