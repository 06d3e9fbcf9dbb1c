using System.Globalization;
using ValueChainHub.Sandbox;
using ValueChainHub.Sandbox.Audit;
using ValueChainHub.Sandbox.Books;
using ValueChainHub.Sandbox.Wire;

namespace ValueChainHub.Server.Commands.Demo;

/// <summary>The last screen: what the vendors did, what the hub made of it, what is missing and why.</summary>
internal sealed class DemoScreen(SandboxRun sandbox, AuditReport report, HubLedger ledger, bool recountAgrees, bool isSettled)
{
    /// <summary>The hub holds what it was told, and its own counts are true.</summary>
    public bool AllAgrees => isSettled && recountAgrees && ledger.Balances && Stuck == 0 && report.Differences.Count == 0;

    private long Stuck => ledger.Sum() is var sum ? sum.Pending + sum.Quarantined + sum.DeadLettered : 0;

    public void Write(TextWriter console)
    {
        console.WriteLine();
        Vendors(console);
        console.WriteLine();
        Hub(console);
        console.WriteLine();
        Held(console);
        console.WriteLine();
        Missing(console);
        console.Flush();
    }

    private void Vendors(TextWriter console)
    {
        console.WriteLine("What the vendors did");
        Row(console, "", "made", "lost", "doubled", "reordered", "tampered", "retried", "requests", "API calls", "refused");
        foreach (var (name, counts) in sandbox.Counts)
            Row(console, name, Cells(counts));
        Row(console, "all", sandbox.Counts.Values.Select(Cells).Aggregate((one, other) => [.. one.Zip(other, (a, b) => a + b)]));
    }

    private static long[] Cells(WireCounts counts) =>
        [counts.Made, counts.Lost, counts.Duplicated, counts.Reordered, counts.Tampered, counts.Retried, counts.Sent, counts.Calls, counts.CallsFailed];

    private void Hub(TextWriter console)
    {
        var sum = ledger.Sum();
        console.WriteLine("What the hub did");
        console.WriteLine(Invariant(
            $"  received {sum.Received:N0} = applied {sum.Applied:N0} + duplicate {sum.Duplicate:N0} + suppressed {sum.Suppressed:N0} + quarantined {sum.Quarantined:N0} + dead-lettered {sum.DeadLettered:N0} + pending {sum.Pending:N0}"));
        console.WriteLine(Invariant($"  refused {sum.Refused:N0} requests that the vendor had not signed"));
        console.WriteLine(recountAgrees ? "  a recount of every delivery agrees" : "  A RECOUNT OF THE DELIVERIES DISAGREES");
        if (!isSettled)
            console.WriteLine($"  IT DID NOT COME TO REST: {string.Join(", ", sandbox.Books.Owed().Take(5))}");
    }

    private void Held(TextWriter console)
    {
        console.WriteLine("What is held, against what was sent");
        Row(console, "", "happened", "told", "held");
        Row(console, "customers", figures => figures.Customers);
        Row(console, "orders", figures => figures.Orders);
        Row(console, "parcels", figures => figures.Parcels);
        Row(console, "conversations", figures => figures.Conversations);
        Row(console, "messages", figures => figures.Messages);
        Row(console, "consents", figures => figures.Consents);
        foreach (var currency in report.Happened.Money.Keys)
            Row(console, currency, Money(report.Happened, currency), Money(report.Told, currency), Money(report.Held, currency));
    }

    private void Missing(TextWriter console)
    {
        var lost = sandbox.Counts.Values.Sum(counts => counts.Lost);
        console.WriteLine(Invariant($"Missing because a vendor lost {lost:N0} deliveries and nothing else told it: {DemoText.Sum(report.Missing)}."));
        if (AllAgrees)
            console.WriteLine("Missing, doubled or different for any other reason: nothing, record by record and cent by cent.");
        else
            console.WriteLine(Invariant($"DIFFERENT FROM WHAT WAS TOLD: {report.Differences.Count} places."));
        DemoText.List(console, report.Differences);
    }

    /// <summary>Whom to look at, and how.</summary>
    public void Look(TextWriter console, Uri hub, string key, bool stays)
    {
        console.WriteLine();
        if (report.MostInteresting is not var (id, account))
            return;
        console.WriteLine($"The most interesting shopper: {Portrait(account)}.");
        if (!stays)
            return;
        var url = $"{hub.GetLeftPart(UriPartial.Authority)}/api/customers/{id}";
        console.WriteLine($"  curl -s {url} -H 'x-functions-key: {key}'");
        console.WriteLine($"  curl -s {url}/timeline -H 'x-functions-key: {key}'");
        console.WriteLine("The hub stays up for you. End it with Ctrl+C.");
    }

    private static string Portrait(CustomerAccount account) => Invariant(
        $"{account.Name}, {Count(account.RealOrders.Count(), "order")} in {Count(account.Parcels.Count(), "parcel")}, {Count(account.Returns, "return")}, {Count(account.Conversations, "conversation")}, {Count(account.Opened, "newsletter")} read, known by {Count(account.Parties.Count, "account")}");

    private static string Count(int number, string what) => string.Create(CultureInfo.InvariantCulture, $"{number:N0} {what}{(number == 1 ? "" : "s")}");

    private void Row(TextWriter console, string name, Func<Figures, int> figure) =>
        Row(console, name, DemoText.Number(figure(report.Happened)), DemoText.Number(figure(report.Told)), DemoText.Number(figure(report.Held)));

    private static void Row(TextWriter console, string name, long[] cells) => DemoText.Row(console, name, [.. cells.Select(DemoText.Number)]);

    private static void Row(TextWriter console, string name, params ReadOnlySpan<string> cells) => DemoText.Row(console, name, cells);

    private static string Money(Figures figures, string currency) => Invariant($"{figures.Money.GetValueOrDefault(currency):N2}");

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
