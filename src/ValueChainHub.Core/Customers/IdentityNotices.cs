using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Chain.Records;
using ValueChainHub.Core.Identity;
using ValueChainHub.Core.Storage;

namespace ValueChainHub.Core.Customers;

/// <summary>Tells consumers whose a profile is now, so that they can re-key (SEMANTICS 6). Each notice once, by what it is about.</summary>
internal sealed class IdentityNotices(IHubStore store, DerivedIds ids)
{
    /// <param name="type">Merged or split.</param>
    /// <param name="change">The profile, and the customers it was and is part of.</param>
    /// <param name="key">What makes the notice one: the identifier's partition, or the moment of an act by hand.</param>
    /// <param name="origin">Where it comes from: connector, delivery and time.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async ValueTask TellAsync(string type, IdentityChange change, string key, CloudEvent.Envelope origin, CancellationToken cancellationToken)
    {
        var draft = new ChainEventDraft(type, new EntityKey("hub", "customer", change.CustomerId), null, ChainJson.Write(change));
        var eventId = ids.OfNotice(type, key, change.ProfileId);
        if (await EventItems.ExistsAsync(store, change.ProfileId, draft, eventId, cancellationToken))
            return;
        var operations = new List<WriteOperation>();
        EventItems.Append(operations, draft, origin with { Id = eventId, Profile = change.ProfileId, Customer = change.CustomerId });
        await store.CommitAsync(HubContainers.Profiles, change.ProfileId, operations, cancellationToken);
    }
}
