using System.Text.Json.Nodes;
using ValueChainHub.Sandbox.Books;

namespace ValueChainHub.Sandbox.Audit;

/// <summary>What came of comparing the hub with the books.</summary>
/// <param name="Happened">What the vendors know.</param>
/// <param name="Told">What the hub can know.</param>
/// <param name="Held">What the hub's records say.</param>
/// <param name="Differences">Each place where the hub differs from what it was told; empty when all agrees.</param>
/// <param name="MostInteresting">The customer with the most to tell: its id at the hub, its account.</param>
public sealed record AuditReport(Figures Happened, Figures Told, Figures Held, IReadOnlyList<string> Differences, (string Id, CustomerAccount Account)? MostInteresting)
{
    /// <summary>What the vendors lost on the way, and nothing told again.</summary>
    public Figures Missing => Happened.Less(Told);
}

/// <summary>Compares the hub's records with the books: record by record, order by order, cent by cent.</summary>
/// <param name="hub">The hub.</param>
/// <param name="books">What the vendors say.</param>
/// <param name="writesBack">The hub repeats at one vendor what a person said at another. The books have both times, the hub that of the person's act: states of consent are compared then, not their times.</param>
public sealed class HubAudit(HubReader hub, SandboxBooks books, bool writesBack = false)
{
    private readonly List<string> _differences = [];

    public async Task<AuditReport> RunAsync(CancellationToken cancellationToken)
    {
        var (happened, told) = books.Close();
        var held = new List<HeldCustomer>();
        foreach (var account in told.Customers)
        {
            if (await FindAsync(account, cancellationToken) is { } found)
                held.Add(found);
        }
        foreach (var twice in held.GroupBy(one => one.Id, StringComparer.Ordinal).Where(same => same.Count() > 1))
            _differences.Add($"shoppers {string.Join(" and ", twice.Select(one => one.Account.Shopper))}: one customer at the hub");
        await NothingElseAsync(happened, held, cancellationToken);
        var most = held.MaxBy(one => Interest(one.Account));
        return new(Figures.Of(happened), Figures.Of(told), FiguresOf(held, told), _differences, most is null ? null : (most.Id, most.Account));
    }

    /// <summary>By any of its parties the same customer is found, and it is as the books say.</summary>
    private async Task<HeldCustomer?> FindAsync(CustomerAccount account, CancellationToken cancellationToken)
    {
        JsonNode? record = null;
        foreach (var party in account.Parties)
        {
            var found = await hub.SearchAsync(party.Kind, party.Value, cancellationToken);
            if (found.Count != 1)
                _differences.Add($"shopper {account.Shopper}: {found.Count} customers by {party.Kind}");
            else if (record is not null && HeldCustomer.IdOf(found[0]) != HeldCustomer.IdOf(record))
                _differences.Add($"shopper {account.Shopper}: another customer by {party.Kind}");
            record ??= found.Count > 0 ? found[0] : null;
        }
        if (record is null)
            return null;
        var held = new HeldCustomer(account, record, await hub.OrdersAsync(HeldCustomer.IdOf(record), cancellationToken), !writesBack);
        _differences.AddRange(held.Differences().Select(difference => $"shopper {account.Shopper}: {difference}"));
        return held;
    }

    /// <summary>Every order that the hub told of is one that happened, and every customer it named is one of those found.</summary>
    private async Task NothingElseAsync(Account happened, IReadOnlyList<HeldCustomer> held, CancellationToken cancellationToken)
    {
        var events = await hub.EventsAsync(cancellationToken);
        var orders = happened.Customers.SelectMany(customer => customer.Orders).Concat(happened.TillOrders).Select(order => order.Key).ToHashSet(StringComparer.Ordinal);
        var subjects = events.Select(one => one["subject"]?.GetValue<string>()).OfType<string>().Where(subject => subject.Contains("/order/", StringComparison.Ordinal));
        _differences.AddRange(subjects.Distinct(StringComparer.Ordinal).Where(subject => !orders.Contains(subject)).Select(subject => $"{subject} never happened"));

        var known = held.Select(one => one.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var id in events.Select(one => one["customerid"]?.GetValue<string>()).OfType<string>().Distinct(StringComparer.Ordinal))
        {
            if (!known.Contains(id) && (await hub.CustomerAsync(id, cancellationToken) is not { } record || !known.Contains(HeldCustomer.IdOf(record))))
                _differences.Add($"customer {id} is nobody of the story");
        }
    }

    private static Figures FiguresOf(List<HeldCustomer> held, Account told) => new(
        held.Select(one => one.Id).Distinct(StringComparer.Ordinal).Count(),
        held.Sum(one => one.Number("storefront", "orders")),
        told.TillOrders.Count,
        held.Sum(one => one.Number("fulfillment", "shipments")),
        held.Sum(one => one.Number("service", "conversations")),
        held.Sum(one => one.Number("marketing", "received") + one.Number("marketing", "opened") + one.Number("marketing", "openedByMachine") + one.Number("marketing", "clicked")),
        held.Sum(one => one.Consents),
        Sums.ByCurrency(held.SelectMany(one => one.Money)));

    /// <summary>Who was everywhere in the chain, and often.</summary>
    private static int Interest(CustomerAccount account) =>
        (account.Conversations > 0 ? 100 : 0) + (account.Returns > 0 ? 100 : 0) + (account.Clicked > 0 ? 50 : 0) + (account.Consents.Count > 0 ? 50 : 0)
        + (account.Parcels.Count() * 10) + account.Orders.Count + account.Opened;
}
