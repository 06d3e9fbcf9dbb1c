using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Customers;
using ValueChainHub.Core.Delivery;
using ValueChainHub.Core.Storage;

namespace ValueChainHub.Core.Replay;

/// <summary>What a look found: counted in the report, and to be done before the walk goes on.</summary>
internal sealed record ReplayLook(ReplayReport Report, IReadOnlyList<ReplayAct> Acts, IReadOnlyList<string> Seen, string? Next);

/// <summary>Looks for what destinations have to be told, page by page. Changes nothing and calls nobody.</summary>
/// <remarks>What it finds is kept with the report before anything is put in a line: so what is counted is what is done, wherever a crash cuts.</remarks>
internal sealed class LookForWrites(ReplayScope scope, ConnectorCatalog connectors, Routes routes, WalkDeliveries walk, ReplayIntake intake)
{
    private const int PageSize = 100;

    /// <summary>More customers than this are not kept in mind.</summary>
    private const int MostSeen = 20_000;

    /// <summary>So much of an id tells it from others.</summary>
    private const int PartOfId = 12;

    public ValueTask<ReplayLook> LookAsync(ReplayState replay, CancellationToken cancellationToken) => (replay.Request.Stage, replay.Request.Send) switch
    {
        (ReplayWords.Delivery, ReplayWords.State) => StateAsync(replay, cancellationToken),
        (ReplayWords.Delivery, ReplayWords.DeadLetters) => DeadAsync(replay, cancellationToken),
        (ReplayWords.Delivery, _) => EventsAsync(replay, cancellationToken),
        _ => ChangedAsync(replay, cancellationToken),
    };

    /// <summary>The customers of whom the replay has added something; each once, however many deliveries are about them.</summary>
    private async ValueTask<ReplayLook> ChangedAsync(ReplayState replay, CancellationToken cancellationToken)
    {
        var (found, next) = await walk.PageAsync(replay, cancellationToken);
        var (report, acts, seen) = (replay.Report, new List<ReplayAct>(), replay.Position.Seen.ToHashSet(StringComparer.Ordinal));
        foreach (var one in found)
        {
            var added = await intake.AddedAsync(replay.RunId, one, cancellationToken);
            foreach (var id in added.Select(OwnerOf).OfType<string>().Distinct(StringComparer.Ordinal))
            {
                if (await scope.Directory.FindAsync(id, cancellationToken) is not { } customer || !IsNew(seen, customer.Id))
                    continue;
                report = await TellAsync(report with { Records = report.Records + 1 }, replay, customer, again: false, acts, cancellationToken);
            }
        }
        return new(report, acts, [.. seen], next);
    }

    private async ValueTask<ReplayLook> StateAsync(ReplayState replay, CancellationToken cancellationToken)
    {
        var (report, acts) = (replay.Report, new List<ReplayAct>());
        if (await scope.Directory.FindAsync(replay.Filter.Customer!, cancellationToken) is { } customer)
            report = await TellAsync(report with { Matched = 1, Records = 1 }, replay, customer, again: true, acts, cancellationToken);
        return new(report, acts, [], null);
    }

    /// <summary>Told as if nothing had been told yet when it is to be told again; else where it differs from what was told last.</summary>
    private async ValueTask<ReplayReport> TellAsync(ReplayReport report, ReplayState replay, Customer customer, bool again, List<ReplayAct> acts, CancellationToken cancellationToken)
    {
        foreach (var (destination, its) in await DestinationsAsync(replay.Request, cancellationToken))
        {
            var writes = await NeededAsync(destination, its, customer, again, cancellationToken);
            if (writes.Count == 0)
                continue;
            acts.Add(new(destination.Name, customer.Id));
            report = writes.Aggregate(report, (sum, write) => sum.With(new(destination.Name, customer.Id, write.Key, write.Digest)));
        }
        return report;
    }

    private async ValueTask<IReadOnlyList<PlannedWrite>> NeededAsync(IDestination destination, IReadOnlyList<Route> its, Customer customer, bool again, CancellationToken cancellationToken)
    {
        var told = again ? new Dictionary<string, string>(StringComparer.Ordinal) : await scope.Queue.ToldAsync(destination.Name, customer.Id, customer.Profiles.Keys, cancellationToken);
        return await scope.Deliver.NeededAsync(destination, its, customer, told, cancellationToken);
    }

    /// <summary>A page for each destination, and more where more is dead.</summary>
    private async ValueTask<ReplayLook> DeadAsync(ReplayState replay, CancellationToken cancellationToken)
    {
        var all = await DestinationsAsync(replay.Request, cancellationToken);
        var (name, after) = replay.Position.After?.Split('|') is [var at, var id] ? (at, id.Length == 0 ? null : id) : (all.Count == 0 ? "" : all[0].Destination.Name, null);
        var (report, acts) = (replay.Report, new List<ReplayAct>());
        var (destination, its) = all.FirstOrDefault(one => one.Destination.Name == name);
        var dead = destination is null ? [] : await scope.Queue.DeadAsync(name, after, PageSize, cancellationToken);
        foreach (var (entryId, entry) in dead.Where(one => replay.Covers(one.Entry.DeadAt!.Value) && IsAbout(replay, one.Entry)))
        {
            acts.Add(new(name, entryId));
            report = await DeadAsync(report with { Matched = report.Matched + 1 }, destination!, its, entryId, entry, cancellationToken);
        }
        var following = all.SkipWhile(one => one.Destination.Name != name).Skip(1).FirstOrDefault().Destination?.Name;
        return new(report, acts, [], dead.Count == PageSize ? $"{name}|{dead[^1].Id}" : following is null ? null : following + "|");
    }

    private async ValueTask<ReplayReport> DeadAsync(ReplayReport report, IDestination destination, IReadOnlyList<Route> its, string id, DeliveryEntry entry, CancellationToken cancellationToken)
    {
        // What could not be read may mean anything, or nothing: it is routed again.
        if (entry.Kind == DeliveryKinds.Message)
            return report;
        if (entry.Kind != DeliveryKinds.Customer)
            return report.With(new(destination.Name, entry.Kind == DeliveryKinds.Event ? entry.Target : id, entry.Kind, null));
        if (await scope.Directory.FindAsync(entry.Target, cancellationToken) is not { } customer)
            return report;
        var writes = await NeededAsync(destination, its, customer, again: false, cancellationToken);
        return writes.Aggregate(report, (sum, write) => sum.With(new(destination.Name, customer.Id, write.Key, write.Digest)));
    }

    /// <summary>What a destination has, is about to get, or refused already is in its line or was: it is not sent again.</summary>
    private async ValueTask<ReplayLook> EventsAsync(ReplayState replay, CancellationToken cancellationToken)
    {
        var position = replay.Position.After is { } after ? FeedPosition.FromContinuation(after) : replay.Filter.Since is { } since ? FeedPosition.FromTime(since) : FeedPosition.Beginning;
        var page = await scope.Store.ReadFeedAsync(HubContainers.Profiles, position, PageSize, ItemIds.EventPrefix, cancellationToken);
        var (report, acts) = (replay.Report, new List<ReplayAct>());
        foreach (var item in page.Changes.Select(change => change.Item))
        {
            if (EventOf(replay, item) is not { } read)
                continue;
            report = report with { Matched = report.Matched + 1 };
            foreach (var name in replay.Request.Destinations!.Where(name => name != read.Connector).Distinct(StringComparer.Ordinal))
            {
                if (await scope.Queue.ReadAsync(name, DeliveryQueue.IdOf(DeliveryKinds.Event, read.Id), cancellationToken) is not null)
                {
                    report = report with { SuppressedWrites = report.SuppressedWrites + 1 };
                    continue;
                }
                acts.Add(new(name, item.Id, item.Partition));
                report = report.With(new(name, read.Id, DeliveryKinds.Event, null));
            }
        }
        return new(report, acts, [], page.More ? page.Next.Continuation : null);
    }

    /// <summary>The event, if it is one that was asked for: somebody's, no echo, of the type, time, connector and customer.</summary>
    private static RoutedEvent? EventOf(ReplayState replay, StoredItem item)
    {
        var head = CloudEvent.ReadHead(EventItems.EventOf(item.Body));
        var (read, filter) = (RoutedEvent.Of(head), replay.Filter);
        return read.Type == filter.Type && !read.IsEcho && read.CustomerId is not null
            && (filter.Connector is null || read.Connector == filter.Connector)
            && replay.Covers(CloudEvent.ReceivedAt(head))
            && (replay.Position.Profiles is not { } profiles || profiles.Contains(head.Profile ?? item.Partition, StringComparer.Ordinal))
            ? read
            : null;
    }

    private async ValueTask<List<(IDestination Destination, IReadOnlyList<Route> Its)>> DestinationsAsync(ReplayRequest request, CancellationToken cancellationToken)
    {
        var inForce = await routes.ReadAsync(cancellationToken);
        return [.. from destination in connectors.Destinations
                   where request.Destinations is null || request.Destinations.Contains(destination.Name, StringComparer.Ordinal)
                   select (destination, (IReadOnlyList<Route>)[.. inForce.Where(route => route.Destination == destination.Name && route.Enabled)])];
    }

    private static bool IsAbout(ReplayState replay, DeliveryEntry entry) =>
        replay.Position.Profiles is not { } profiles || profiles.Contains(entry.Kind == DeliveryKinds.Customer ? entry.Target : entry.Event?.CustomerId, StringComparer.Ordinal);

    private static string? OwnerOf(EventHead head) => head.Attributes.GetValueOrDefault("customerid") ?? head.Profile;

    private static bool IsNew(HashSet<string> seen, string customer)
    {
        var part = customer.Length <= PartOfId ? customer : customer[..PartOfId];
        return seen.Count >= MostSeen ? !seen.Contains(part) : seen.Add(part);
    }
}
