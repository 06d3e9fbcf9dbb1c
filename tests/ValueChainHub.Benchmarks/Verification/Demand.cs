using System.Globalization;
using ValueChainHub.Benchmarks.Generator;

namespace ValueChainHub.Benchmarks.Verification;

/// <summary>Demands every delivery back: each order's event exactly once, each customer's orders and money to the cent, a ledger that balances.</summary>
/// <param name="hub">The hub, with nothing pending.</param>
/// <param name="stream">What was sent and how it was answered.</param>
/// <param name="interrupted">True when the server was killed: a delivery may then be stored although its answer never came, and counted again when it was sent again.</param>
public sealed class Demand(HubApi hub, DeliveryStream stream, bool interrupted)
{
    private const string OrderPlaced = "valuechain.storefront.order.placed";
    private const string SubjectStart = "shopify/order/";
    private const int PageSize = 1000;
    private const int AtOnce = 8;

    private readonly Findings findings = new();

    public async Task<Findings> EverythingAsync(CancellationToken cancellationToken)
    {
        DemandAnswers();
        await DemandEventsAsync(cancellationToken);
        await DemandCustomersAsync(cancellationToken);
        await DemandLedgerAsync(cancellationToken);
        return findings;
    }

    private void DemandAnswers()
    {
        findings.DemandEqual("deliveries never answered with 200", 0, stream.Unanswered);
        findings.DemandEqual("deliveries answered as quarantined", 0, stream.Quarantined);
        for (var index = 0L; index < stream.Begun; index++)
        {
            var accepted = stream.AcceptedTimes(index);
            if (accepted > 1 || (accepted == 0 && !(interrupted && stream.DuplicateTimes(index) > 0)))
                findings.Add($"delivery {OrderRequests.WebhookIdOf(index)}: answered accepted {accepted} times");
        }
    }

    private async Task DemandEventsAsync(CancellationToken cancellationToken)
    {
        var seen = new byte[stream.Begun];
        string? cursor = null;
        // Each page brings at least one event, so this ends; the bound holds against a hub that repeats itself for ever.
        for (var pages = 0L; pages < 100 + stream.Begun; pages++)
        {
            var page = await hub.EventsAsync(OrderPlaced, cursor, PageSize, cancellationToken);
            foreach (var subject in page.Subjects)
                Count(subject, seen);
            if (page.Count == 0 || page.Cursor is null || page.Cursor == cursor)
                break;
            cursor = page.Cursor;
        }
        for (var index = 0L; index < seen.Length; index++)
        {
            if (seen[index] != 1)
                findings.Add($"order {stream.Plan.At(index).OrderId}: {seen[index]} events {OrderPlaced}");
        }
    }

    private void Count(string subject, byte[] seen)
    {
        var index = subject.StartsWith(SubjectStart, StringComparison.Ordinal) && long.TryParse(subject.AsSpan(SubjectStart.Length), CultureInfo.InvariantCulture, out var id)
            ? OrderPlan.IndexOf(id)
            : null;
        if (index is { } known && known < seen.Length)
            seen[known] += seen[known] < byte.MaxValue ? (byte)1 : (byte)0;
        else
            findings.Add($"an event for {subject}, which was never sent");
    }

    private async Task DemandCustomersAsync(CancellationToken cancellationToken)
    {
        var expected = Sums();
        var customers = Enumerable.Range(0, expected.Length).Where(customer => expected[customer].Orders > 0);
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(customers, options, async (customer, token) => Compare(customer, expected[customer], await hub.SearchAsync(OrderPlan.EmailOf(customer), token)));
    }

    private void Compare(int customer, Sum expected, IReadOnlyList<CustomerFigures> found)
    {
        if (found.Count != 1)
        {
            findings.Add($"customer {customer}: {found.Count} records");
            return;
        }
        findings.DemandEqual($"customer {customer}, orders", expected.Orders, found[0].Orders);
        foreach (var currency in found[0].LifetimeValue.Keys.Union(["USD", "EUR"]))
        {
            var cents = currency switch { "USD" => expected.UsdCents, "EUR" => expected.EurCents, _ => 0 };
            findings.DemandEqual($"customer {customer}, lifetime value in {currency}", cents / 100m, found[0].LifetimeValue.GetValueOrDefault(currency));
        }
    }

    private Sum[] Sums()
    {
        var sums = new Sum[stream.Plan.Customers];
        for (var index = 0L; index < stream.Begun; index++)
        {
            var order = stream.Plan.At(index);
            ref var sum = ref sums[order.Customer];
            sum.Orders++;
            if (order.IsPaid && order.Currency == "EUR")
                sum.EurCents += order.TotalCents;
            else if (order.IsPaid)
                sum.UsdCents += order.TotalCents;
        }
        return sums;
    }

    private async Task DemandLedgerAsync(CancellationToken cancellationToken)
    {
        var ledger = await hub.LedgerAsync(cancellationToken);
        findings.DemandEqual("ledger: applied", stream.Begun, ledger.Applied);
        findings.DemandEqual("ledger: pending", 0, ledger.Pending);
        findings.DemandEqual("ledger: outbox pending", 0, ledger.OutboxPending);
        findings.DemandEqual("ledger: quarantined", 0, ledger.Quarantined);
        findings.DemandEqual("ledger: dead-lettered", 0, ledger.DeadLettered);
        findings.DemandEqual("ledger: suppressed", 0, ledger.Suppressed);
        findings.DemandEqual("ledger: received, against the sum of the outcomes", ledger.Applied + ledger.Duplicate + ledger.Quarantined + ledger.DeadLettered + ledger.Suppressed + ledger.Pending, ledger.Received);
        // An attempt whose connection broke may or may not have been received.
        if (ledger.Received < stream.Answered || ledger.Received > stream.Answered + stream.Lost)
            findings.Add($"ledger: received {ledger.Received}, answered {stream.Answered}, lost on the way {stream.Lost}");
        if (!interrupted)
            findings.DemandEqual("ledger: duplicate", stream.Answered - stream.Begun, ledger.Duplicate);
        if (await hub.VerifyAsync(ledger, cancellationToken) is { } disagreement)
            findings.Add(disagreement);
    }

    private struct Sum
    {
        public long Orders;
        public long UsdCents;
        public long EurCents;
    }
}
