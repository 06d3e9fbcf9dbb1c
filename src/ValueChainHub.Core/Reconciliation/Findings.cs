using System.Text.Json;
using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Customers;
using ValueChainHub.Core.Identity;
using ValueChainHub.Core.Storage;

namespace ValueChainHub.Core.Reconciliation;

/// <summary>How the hub stands to one thing of a vendor's list.</summary>
internal enum Finding
{
    /// <summary>The hub knows it as it is, or later.</summary>
    Held,

    /// <summary>The hub knows nothing of it.</summary>
    Missing,

    /// <summary>The hub knows an older version: the last change never had its effect.</summary>
    Behind,

    /// <summary>The hub knows this version and says something else of it, or lacks a part of it.</summary>
    Unlike,

    /// <summary>What the vendor lists cannot be read.</summary>
    Unreadable,
}

/// <summary>Compares the things of a vendor with what the hub holds: registers by their versions and members, never bytes.</summary>
internal sealed class CompareThings(IHubStore store, DerivedIds ids, FoldDelivery fold, TimeProvider time)
{
    private readonly HeldEntities _held = new(store, ids);

    public ValueTask<Finding> LookAsync(IWalkConnector connector, WalkedThing thing, CancellationToken cancellationToken) => thing switch
    {
        WalkedThing.State state => LookAsync(connector, state, cancellationToken),
        WalkedThing.Pointer pointer => LookAsync(pointer, cancellationToken),
        WalkedThing.Happening happening => LookAsync(connector, happening, cancellationToken),
        _ => throw new InvalidOperationException("A thing is one of three."),
    };

    private async ValueTask<Finding> LookAsync(IWalkConnector connector, WalkedThing.State state, CancellationToken cancellationToken)
    {
        switch (Translate(connector, state.Topic, state.Body))
        {
            case Translation.Unreadable:
                return Finding.Unreadable;
            case Translation.Translated translated:
                // What repeats the hub's own writes is held under the time of the act behind it, and is compared so.
                var settled = await fold.SettleAsync(InputOf(connector, translated), cancellationToken);
                return settled.Translation.Entities.FirstOrDefault(one => one.Key == state.Entity) is { } change ? await LookAsync(change, cancellationToken) : Finding.Held;
            default:
                return Finding.Held;
        }
    }

    private async ValueTask<Finding> LookAsync(EntityChange change, CancellationToken cancellationToken)
    {
        if (await _held.FindAsync(change.Key, change.Homing, cancellationToken) is not { } held || !held.Facets.TryGetValue(FacetNames.Core, out var core))
            return Finding.Missing;
        if (change.Facets.FirstOrDefault(facet => facet.Name == FacetNames.Core) is { } told && IsOlder(core.Version, told.Version))
            return Finding.Behind;
        return change.Facets.All(facet => Says(held, facet)) ? Finding.Held : Finding.Unlike;
    }

    private async ValueTask<Finding> LookAsync(WalkedThing.Pointer pointer, CancellationToken cancellationToken)
    {
        if (await _held.FindAsync(pointer.Entity, pointer.Homing, cancellationToken) is not { } held)
            return Finding.Missing;
        var versions = held.Facets.Where(facet => facet.Key == pointer.Register || facet.Key.EndsWith("/" + pointer.Register, StringComparison.Ordinal)).Select(facet => facet.Value.Version).ToList();
        if (versions.Count == 0)
            return pointer.Register == FacetNames.Core ? Finding.Missing : Finding.Behind;
        return pointer.ChangedAt is not { } at || versions.Exists(version => version.Revision >= at) ? Finding.Held : Finding.Behind;
    }

    private async ValueTask<Finding> LookAsync(IWalkConnector connector, WalkedThing.Happening happening, CancellationToken cancellationToken) =>
        Translate(connector, happening.Topic, happening.Body) switch
        {
            Translation.Unreadable => Finding.Unreadable,
            Translation.Translated translated when !await fold.IsFoldedAsync(InputOf(connector, translated), cancellationToken) => Finding.Missing,
            _ => Finding.Held,
        };

    private static Translation Translate(IWalkConnector connector, string topic, ReadOnlyMemory<byte> body) =>
        connector.Read(new(connector.Name, DeliveryKind.Reconciled, topic, new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase), body, null));

    private FoldInput InputOf(IWalkConnector connector, Translation.Translated translated) => new(translated, connector.Name, "", time.GetUtcNow());

    /// <summary>By revision, then by rank. Who said it and which mapping read it do not matter: a read that brings what a webhook told before brings nothing, and a mended mapping is no lost webhook.</summary>
    private static bool IsOlder(FacetVersion held, FacetVersion told) =>
        (held with { Source = default, Generation = default }).CompareTo(told with { Source = default, Generation = default }) < 0;

    private static bool Says(Entity held, Facet told) =>
        held.Facets.TryGetValue(told.Name, out var known) && !IsOlder(known.Version, told.Version) && (Outranks(known.Version, told.Version) || !Contradicts(known.Value, told.Value));

    /// <summary>What is held is later, or the later reading of the same statement.</summary>
    private static bool Outranks(FacetVersion held, FacetVersion told) => IsOlder(told, held) || held.Generation > told.Generation;

    /// <summary>A member that both state and that differs. What one of them leaves out contradicts nothing: bodies of two kinds rarely state the same members.</summary>
    private static bool Contradicts(string held, string told)
    {
        if (held == told)
            return false;
        using var known = JsonDocument.Parse(held);
        using var said = JsonDocument.Parse(told);
        return Contradicts(known.RootElement, said.RootElement);
    }

    private static bool Contradicts(JsonElement held, JsonElement told)
    {
        if (held.ValueKind == JsonValueKind.Null || told.ValueKind == JsonValueKind.Null)
            return false;
        if (held.ValueKind == JsonValueKind.Object && told.ValueKind == JsonValueKind.Object)
            return told.EnumerateObject().Any(member => held.TryGetProperty(member.Name, out var known) && Contradicts(known, member.Value));
        return !JsonElement.DeepEquals(held, told);
    }
}
