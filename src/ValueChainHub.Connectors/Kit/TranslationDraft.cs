using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Identity;

namespace ValueChainHub.Connectors.Kit;

/// <summary>Collects what one delivery says, each entity and each register once, in the order of the body.</summary>
internal sealed class TranslationDraft(string connector, SourceClass source)
{
    private readonly List<Identifier> _claims = [];
    private readonly List<Identifier> _finds = [];
    private readonly List<Entity> _entities = [];
    private readonly List<ChainEventDraft> _events = [];
    private readonly List<FetchRequest> _fetches = [];
    private string? _suppressed;

    /// <summary>How close this delivery stands to the entity it is about.</summary>
    public SourceClass Source { get; } = source;

    public string Connector { get; } = connector;

    /// <summary>The vendor's time of the statement, if it gave one.</summary>
    public DateTimeOffset? At { get; set; }

    public EntityKey Key(string type, string id) => new(Connector, type, id);

    public void Claim(Identifier? identifier) => AddOnce(_claims, identifier);

    public void Find(Identifier? identifier) => AddOnce(_finds, identifier);

    /// <summary>Names an entity without writing to it: the home of an event's subject.</summary>
    public void Touch(EntityKey key, Homing homing) => Of(key, homing);

    /// <summary>Writes a register; of two writes to one register in the same body the greater stands.</summary>
    /// <returns>The canonical JSON of the value.</returns>
    public string Write<T>(EntityKey key, Homing homing, string facet, FacetVersion version, T value)
    {
        var json = ChainJson.Write(value);
        var facets = Of(key, homing).Facets;
        var written = new Facet(facet, version, json);
        var index = facets.FindIndex(other => other.Name == facet);
        if (index < 0)
            facets.Add(written);
        else if (written.CompareTo(facets[index]) > 0)
            facets[index] = written;
        return json;
    }

    /// <summary>Another name to look the entity up by; blank ones are none.</summary>
    public void Refer(EntityKey key, Homing homing, string kind, string? value)
    {
        var references = Of(key, homing).References;
        if (value is { Length: > 0 } && !references.Contains(new(kind, value)))
            references.Add(new(kind, value));
    }

    public void Tell(string type, EntityKey subject, DateTimeOffset? time, string data) => _events.Add(new(type, subject, time, data));

    public void Fetch(string resource, string reason) => _fetches.Add(new(Connector, resource, reason));

    /// <summary>There is nothing in it to act on.</summary>
    public void Suppress(string reason) => _suppressed = reason;

    public Translation Build()
    {
        if (_suppressed is not null)
            return new Translation.Suppressed(_suppressed);
        _finds.RemoveAll(_claims.Contains);
        return new Translation.Translated(
            new(_claims, _finds, At),
            _entities.ConvertAll(entity => new EntityChange(entity.Key, entity.Homing, entity.Facets, entity.References)),
            _events,
            _fetches);
    }

    private Entity Of(EntityKey key, Homing homing)
    {
        foreach (var entity in _entities)
        {
            if (entity.Key == key)
                return entity;
        }
        var added = new Entity(key, homing, [], []);
        _entities.Add(added);
        return added;
    }

    private static void AddOnce(List<Identifier> identifiers, Identifier? identifier)
    {
        if (identifier is { } value && !identifiers.Contains(value))
            identifiers.Add(value);
    }

    private sealed record Entity(EntityKey Key, Homing Homing, List<Facet> Facets, List<Reference> References);
}
