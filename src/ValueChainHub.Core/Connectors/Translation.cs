using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Identity;

namespace ValueChainHub.Core.Connectors;

/// <summary>What a delivery says.</summary>
public abstract record Translation
{
    private Translation() { }

    /// <summary>The delivery changes entities, says who they belong to, and is worth telling.</summary>
    /// <param name="Identity">Whom the delivery is about.</param>
    /// <param name="Entities">The entities it changes, each once.</param>
    /// <param name="Events">The chain events it gives rise to.</param>
    /// <param name="Fetches">What it only points at.</param>
    public sealed record Translated(
        DeliveryIdentity Identity,
        IReadOnlyList<EntityChange> Entities,
        IReadOnlyList<ChainEventDraft> Events,
        IReadOnlyList<FetchRequest> Fetches) : Translation
    {
        /// <summary>Whom one of its entities is about.</summary>
        public DeliveryIdentity IdentityOf(EntityChange change) => change.Whose ?? Identity;

        /// <summary>Everybody the delivery is about: itself, then what single entities say apart.</summary>
        public IReadOnlyList<DeliveryIdentity> Identities()
        {
            List<DeliveryIdentity>? several = null;
            foreach (var change in Entities)
            {
                if (change.Whose is { } whose && whose != Identity && several?.Contains(whose) != true)
                    (several ??= [Identity]).Add(whose);
            }
            return several is null ? [Identity] : several;
        }

        /// <summary>The same, as read by a mapping of a generation.</summary>
        public Translated InGeneration(int generation) => this with
        {
            Entities = [.. Entities.Select(change => change with { Facets = [.. change.Facets.Select(facet => facet with { Version = facet.Version with { Generation = generation } })] })],
        };

        /// <summary>The connector that said so; every entity and event of a delivery is of one connector.</summary>
        public string Source() => Entities.Count > 0 ? Entities[0].Key.Connector : Events.Count > 0 ? Events[0].Subject.Connector : "";
    }

    /// <summary>Genuine and readable, but nothing the hub acts on.</summary>
    public sealed record Suppressed(string Reason) : Translation;

    /// <summary>Genuine but unreadable. The reason names the field and never quotes its value.</summary>
    public sealed record Unreadable(string Reason) : Translation;
}

/// <summary>Whom a delivery is about.</summary>
/// <param name="Claims">Personal identifiers that the delivery states directly; the strongest is its anchor. What an account's own core facet says (its e-mail, its phone) need not be repeated.</param>
/// <param name="Finds">Contacts that may look the customer up, but never claim and never link (SEMANTICS 1).</param>
/// <param name="At">The vendor's time of the statement, if it gave one.</param>
public sealed record DeliveryIdentity(IReadOnlyList<Identifier> Claims, IReadOnlyList<Identifier> Finds, DateTimeOffset? At)
{
    /// <summary>About nobody that the delivery names.</summary>
    public static DeliveryIdentity Nobody { get; } = new([], [], null);

    /// <summary>The strongest claim, from which the profile is derived; null for a delivery that names nobody.</summary>
    public Identifier? Anchor { get; } = Claims.Count == 0 ? null : Claims.Min();
}

/// <summary>Where an entity lives.</summary>
public enum Homing
{
    /// <summary>A vendor's account of a person: lives in the profile of that account, always.</summary>
    Account,

    /// <summary>A thing of a shopper (order, checkout, conversation): lives where the first delivery about it was anchored.</summary>
    Shopper,

    /// <summary>A thing of nobody (product, stock, shop): lives in a partition of its own.</summary>
    Own,
}

/// <summary>What a delivery says about one entity.</summary>
/// <param name="Key">The entity.</param>
/// <param name="Homing">Where it lives.</param>
/// <param name="Facets">The registers it writes.</param>
/// <param name="References">Other names people look it up by: <c>order</c> numbers, <c>tracking</c> numbers.</param>
public sealed record EntityChange(EntityKey Key, Homing Homing, IReadOnlyList<Facet> Facets, IReadOnlyList<Reference> References)
{
    /// <summary>Whose it is, where one delivery speaks of several people; null when it is the delivery's own.</summary>
    public DeliveryIdentity? Whose { get; init; }
}

/// <summary>A name that finds an entity and never a person: kind <c>order</c> or <c>tracking</c>.</summary>
public readonly record struct Reference(string Kind, string Value);
