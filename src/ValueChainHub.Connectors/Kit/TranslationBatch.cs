using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Connectors.Kit;

/// <summary>Joins what the events of one delivery say, each about its own person, so that it means what it would mean had each come alone.</summary>
internal static class TranslationBatch
{
    /// <summary>What is suppressed is left out; a delivery of nothing else is suppressed. The delivery's own identity is that of its first event.</summary>
    public static Translation Join(IReadOnlyList<Translation> events)
    {
        var translated = events.OfType<Translation.Translated>().ToList();
        if (translated.Count == 0)
            return events.Count > 0 ? events[0] : new Translation.Suppressed("holds no event");
        if (translated.Count == 1)
            return translated[0];
        return new Translation.Translated(
            translated[0].Identity,
            [.. translated.SelectMany(one => one.Entities, (one, change) => change with { Whose = one.Identity }).GroupBy(change => change.Key).Select(Join)],
            [.. translated.SelectMany(one => one.Events).Distinct()],
            [.. translated.SelectMany(one => one.Fetches).Distinct()]);
    }

    /// <summary>What all say of one entity: of each register the greatest, whose it was said to be last.</summary>
    private static EntityChange Join(IEnumerable<EntityChange> same)
    {
        var changes = same.ToList();
        return changes.MaxBy(change => change.Whose!.At ?? DateTimeOffset.MinValue)! with
        {
            Facets = [.. changes.SelectMany(change => change.Facets).GroupBy(facet => facet.Name, StringComparer.Ordinal).Select(written => written.Max()!)],
            References = [.. changes.SelectMany(change => change.References).Distinct()],
        };
    }
}
