using ValueChainHub.Core.Replay;

namespace ValueChainHub.Core.Delivery;

/// <summary>Something that an event puts into a destination's line.</summary>
/// <param name="Kind">One of <see cref="DeliveryKinds"/>.</param>
/// <param name="Target">The customer's id, the event's id, the task's key.</param>
/// <param name="Due">When.</param>
/// <param name="Event">The event, where it is told itself.</param>
internal sealed record RoutedPush(string Kind, string Target, DateTimeOffset Due, RoutedEvent? Event)
{
    /// <summary>What changes of a customer within this time is one delivery.</summary>
    private static readonly TimeSpan Coalescing = TimeSpan.FromSeconds(1);

    /// <summary>A replay tells what it changed when it has folded everything; only if it was stopped before, this is told without it.</summary>
    private static readonly TimeSpan TimeForAReplay = TimeSpan.FromHours(1);

    /// <summary>What an event means for a destination by its routes, or why it cannot be read. Throws nothing: it asks nobody, so whatever goes wrong here goes wrong every time.</summary>
    public static (IReadOnlyList<RoutedPush> Pushes, string? Fault) Of(string destination, IEnumerable<Route> its, RoutedEvent read, DateTimeOffset now)
    {
        try
        {
            return ([.. Meaning(destination, its, read, now)], null);
        }
        catch (Exception fault)
        {
            // The kind alone: a parser's message quotes what it read.
            return ([], $"The event cannot be read ({fault.GetType().Name}).");
        }
    }

    /// <summary>A customer who may have changed, by a delivery of this origin.</summary>
    public static RoutedPush OfCustomer(string customer, string origin, DateTimeOffset now) =>
        new(DeliveryKinds.Customer, customer, now + (origin == ReplayWords.Origin ? TimeForAReplay : Coalescing), null);

    private static IEnumerable<RoutedPush> Meaning(string destination, IEnumerable<Route> its, RoutedEvent read, DateTimeOffset now)
    {
        // What repeats our own write is never answered with a write; what is nobody's goes nowhere.
        if (read.IsEcho || read.CustomerId is not { } customer)
            return [];
        var set = its.Where(route => route.Types.Contains(read.Type, StringComparer.Ordinal)).ToList();
        var tells = set.Exists(route => route.TellsState);
        return
        [
            .. tells ? [OfCustomer(customer, read.Origin, now)] : Array.Empty<RoutedPush>(),
            .. set.Where(route => read.Connector != destination && read.IsNews(route, now)).SelectMany(route => Appends(route, read, now)),
        ];
    }

    private static IEnumerable<RoutedPush> Appends(Route route, RoutedEvent read, DateTimeOffset now) => route.Kind switch
    {
        RouteKinds.Events => [new(DeliveryKinds.Event, read.Id, now, read)],
        RouteKinds.Tasks => ParcelTasks.Of(read).Select(task => new RoutedPush(DeliveryKinds.Task, task.Key, task.NotBefore ?? now, read)),
        _ => [],
    };
}
