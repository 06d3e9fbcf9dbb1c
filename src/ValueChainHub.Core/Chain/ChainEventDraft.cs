namespace ValueChainHub.Core.Chain;

/// <summary>A chain event as a connector translates it, before it has an id, a profile and a customer.</summary>
/// <param name="Type">One of <see cref="EventCatalogue"/>.</param>
/// <param name="Subject">The owning entity: a refund's subject is its order.</param>
/// <param name="Time">The vendor's time of what happened; null when it gave none.</param>
/// <param name="Data">Canonical JSON of the record that the catalogue names for the type.</param>
/// <remarks>The event's id is derived from type, subject, time and data, so that twins collapse; nothing in them may depend on when or how often the delivery came.</remarks>
public sealed record ChainEventDraft(string Type, EntityKey Subject, DateTimeOffset? Time, string Data);
