using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Customers;
using ValueChainHub.Core.Replay;

namespace ValueChainHub.Core.Delivery;

/// <summary>
/// Puts customers into the destinations' lines whose record a delivery may have changed where no new event of its own stands: an order that took over what its parcel says, a profile that an order elsewhere
/// counts for. Events cannot do this: they are committed, and may be delivered, before what they mean elsewhere is written.
/// </summary>
/// <remarks>
/// Called when all of a delivery is written and before it counts as done, whether something was seen to change or not: after a crash in between nothing is seen to change any more.
/// A customer who is up to date costs no call. A replay says itself what it will tell, and of whom.
/// </remarks>
public sealed class PushRecords(ConnectorCatalog connectors, Routes routes, DeliveryQueue queue, CustomerDirectory directory, TimeProvider time)
{
    /// <param name="profiles">The profiles concerned.</param>
    /// <param name="origin">The delivery's.</param>
    /// <param name="cancellationToken">Ends the call; the delivery is then not done.</param>
    /// <exception cref="Storage.StoreUnavailableException">The delivery has to be folded again.</exception>
    internal async ValueTask PushAsync(IReadOnlyCollection<string> profiles, string origin, CancellationToken cancellationToken)
    {
        if (profiles.Count == 0 || origin == ReplayWords.Origin || !connectors.Destinations.Any())
            return;
        var told = (await routes.ReadAsync(cancellationToken)).Where(route => route is { Enabled: true, TellsState: true }).Select(route => route.Destination).Distinct(StringComparer.Ordinal).ToList();
        var customers = new HashSet<string>(StringComparer.Ordinal);
        foreach (var profile in profiles)
            customers.Add(await directory.CustomerIdAsync(profile, cancellationToken));
        foreach (var customer in customers)
        {
            foreach (var destination in told)
                await queue.PushAsync(destination, RoutedPush.OfCustomer(customer, origin, time.GetUtcNow()), cancellationToken);
        }
    }
}
