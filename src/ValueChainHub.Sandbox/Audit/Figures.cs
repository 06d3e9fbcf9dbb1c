using ValueChainHub.Sandbox.Books;

namespace ValueChainHub.Sandbox.Audit;

/// <summary>An account in numbers.</summary>
public sealed record Figures(
    int Customers, int Orders, int TillOrders, int Parcels, int Conversations, int Messages, int Consents, IReadOnlyDictionary<string, decimal> Money)
{
    public static Figures Of(Account account) => new(
        account.Customers.Count,
        account.Customers.Sum(customer => customer.RealOrders.Count()),
        account.TillOrders.Count,
        account.Customers.Sum(customer => customer.Parcels.Count()),
        account.Customers.Sum(customer => customer.Conversations),
        account.Customers.Sum(customer => customer.Received + customer.Opened + customer.OpenedByMachine + customer.Clicked),
        account.Customers.Sum(customer => customer.Consents.Count),
        account.Money());

    /// <summary>How much less the other is. A customer may be more there: two halves that nothing told belong together.</summary>
    public Figures Less(Figures other) => new(
        Customers - other.Customers, Orders - other.Orders, TillOrders - other.TillOrders, Parcels - other.Parcels, Conversations - other.Conversations,
        Messages - other.Messages, Consents - other.Consents,
        Sums.ByCurrency(Money.Concat(other.Money.Select(one => KeyValuePair.Create(one.Key, -one.Value)))));
}
