using ValueChainHub.Core.Customers;
using ValueChainHub.Core.Identity;
using ValueChainHub.Core.Storage;

namespace ValueChainHub.Core.Delivery;

/// <summary>Reads what a destination should hold of a customer now.</summary>
internal sealed class ReadAims(IHubStore store, GraphLimits limits)
{
    /// <summary>The newest orders of a customer in which a parcel is looked for.</summary>
    private const int OrdersRead = 20;

    private readonly CustomerOrders _orders = new(store);

    /// <param name="destination">Where.</param>
    /// <param name="customer">Of whom.</param>
    /// <param name="its">The destination's routes in force.</param>
    /// <param name="cancellationToken">The caller's own.</param>
    public async ValueTask<CustomerAim> OfAsync(IDestination destination, Customer customer, IReadOnlyList<Route> its, CancellationToken cancellationToken)
    {
        var parcel = destination is ITakesCustomers takes && takes.Parts.HasFlag(CustomerParts.Fulfillment) ? await LastParcelAsync(customer, cancellationToken) : null;
        return new(destination, customer, RecordComposer.Compose(customer.Profiles, limits), parcel, its);
    }

    public async ValueTask<IEnumerable<ParcelSummary>> ParcelsAsync(Customer customer, CancellationToken cancellationToken) =>
        (await ParcelsByOrderAsync(customer, cancellationToken)).SelectMany(parcels => parcels);

    /// <summary>Of the newest order that was sent, the parcel that was sent last.</summary>
    private async ValueTask<ParcelSummary?> LastParcelAsync(Customer customer, CancellationToken cancellationToken) =>
        (await ParcelsByOrderAsync(customer, cancellationToken)).FirstOrDefault(parcels => parcels.Count > 0)?[^1];

    private async ValueTask<IEnumerable<IReadOnlyList<ParcelSummary>>> ParcelsByOrderAsync(Customer customer, CancellationToken cancellationToken) =>
        (await _orders.ReadAsync(customer, OrdersRead, null, cancellationToken)).Items.Select(order => order.Summary.Parcels);
}
