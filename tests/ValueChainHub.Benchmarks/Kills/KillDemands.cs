using System.Globalization;
using System.Text.Json;
using ValueChainHub.Sandbox.Audit;
using ValueChainHub.Sandbox.Vendors.State;

namespace ValueChainHub.Benchmarks.Kills;

/// <summary>What must be true of the hub and of every vendor, however often the hub was killed.</summary>
public static class KillDemands
{
    public const string Marketing = "klaviyo";

    /// <summary>A write that was on the wire when its process was killed is accepted within this time, or never.</summary>
    private static readonly TimeSpan OnTheWire = TimeSpan.FromSeconds(5);

    /// <summary>What a wake-up that was lost in a kill leaves behind, the sweep of the next minute finds.</summary>
    private static readonly TimeSpan ASweep = TimeSpan.FromSeconds(75);

    private static readonly TimeSpan PatienceForDrift = TimeSpan.FromMinutes(5);

    /// <summary>The types of events that are appended at the marketing system: routed there for the kills, by default none is.</summary>
    public static IReadOnlyList<string> Appended { get; } = ["valuechain.storefront.order.placed", "valuechain.fulfillment.parcel.delivered"];

    /// <summary>Asks again until nothing is found, or a sweep has been since: what is late is not lost.</summary>
    public static async Task UntilMetAsync(KillStage stage, KillVerdict verdict, Func<KillStage, KillVerdict, CancellationToken, Task> demandAsync, CancellationToken cancellationToken)
    {
        for (var waited = System.Diagnostics.Stopwatch.StartNew(); ;)
        {
            var isLast = waited.Elapsed > ASweep;
            var attempt = new KillVerdict();
            await demandAsync(stage, attempt, cancellationToken);
            if (attempt.Findings.Count == 0 || isLast)
            {
                verdict.Add(attempt);
                return;
            }
            await Task.Delay(TimeSpan.FromSeconds(10), cancellationToken);
        }
    }

    /// <summary>All that vendors told is there to the cent, all that was to be told is at the vendors, once.</summary>
    public static async Task OfTheStoryAsync(KillStage stage, KillVerdict verdict, CancellationToken cancellationToken)
    {
        using var reader = new HubReader(stage.Hub.Address, ServerProcess.ReaderKey);
        var audit = await new HubAudit(reader, stage.Vendors.Books, writesBack: true).RunAsync(cancellationToken);
        foreach (var difference in audit.Differences)
            verdict.Findings.Add("the hub against the books: " + difference);
        verdict.Saw($"{audit.Held.Customers} customers, {audit.Held.Orders} orders, {audit.Held.Parcels} parcels against the books");
        foreach (var lost in stage.Vendors.Books.Lost)
            verdict.Findings.Add($"{lost.Vendor} gave up {lost.Topic}: the kills were too many for its tries");
        var marketing = stage.Vendors.Vendor(Marketing).Holds();
        foreach (var customer in stage.Vendors.Books.Close().Told.Customers.Where(customer => customer.Email is not null && customer.RealOrders.Any()))
            DemandOrders(verdict, marketing, customer.Email!, customer.RealOrders.Count());
        await DemandAppendsAsync(reader, marketing, verdict, cancellationToken);
        await OfTheHubAsync(stage, verdict, cancellationToken);
    }

    /// <summary>The ledger, the lines to the vendors, what they accepted twice, and whether they hold what they should.</summary>
    public static async Task OfTheHubAsync(KillStage stage, KillVerdict verdict, CancellationToken cancellationToken)
    {
        using var reader = new HubReader(stage.Hub.Address, ServerProcess.ReaderKey);
        await DemandLedgerAsync(stage, reader, verdict, cancellationToken);
        DemandNothingDoubled(stage, verdict);
        var dead = (await stage.Api.GetAsync("operations/dead-letters?limit=100", cancellationToken)).GetProperty("items");
        foreach (var letter in dead.EnumerateArray())
            verdict.Findings.Add("dead letter: " + letter.GetRawText());
        await DemandNoDriftAsync(stage, verdict, cancellationToken);
    }

    /// <summary>One profile with this address, and on it the hub's count of orders.</summary>
    public static void DemandOrders(KillVerdict verdict, VendorHoldings marketing, string email, int orders)
    {
        var accounts = marketing.Accounts.Where(account => account.Emails.Contains(email, StringComparer.OrdinalIgnoreCase)).ToList();
        verdict.Findings.DemandEqual($"{email}: profiles at {Marketing}", 1, accounts.Count);
        var stated = accounts.Count == 1 ? accounts[0].Attributes.GetValueOrDefault("vchOrders") ?? "0" : null;
        if (stated is not null && stated != orders.ToString(CultureInfo.InvariantCulture))
            verdict.Findings.Add($"{email}: {Marketing} was told {stated} orders, there are {orders}");
    }

    /// <summary>What a vendor holds, as lines that can be compared.</summary>
    public static IReadOnlyList<string> Lines(VendorHoldings held) =>
        [.. held.Accounts.Select(one => JsonSerializer.Serialize(one)), .. held.Tasks.Select(one => JsonSerializer.Serialize(one)), .. held.Events.Select(one => JsonSerializer.Serialize(one))];

    private static async Task DemandLedgerAsync(KillStage stage, HubReader reader, KillVerdict verdict, CancellationToken cancellationToken)
    {
        var (ledger, taken) = (await reader.LedgerAsync(cancellationToken), stage.Vendors.Counts.Values.Sum(count => count.Taken));
        if (!ledger.IsSettled || !ledger.Balances)
            verdict.Findings.Add("the ledger does not balance, or something is pending");
        if (ledger.Sum().Received < taken)
            verdict.Findings.Add($"the vendors had {taken} webhooks answered, the hub received {ledger.Sum().Received}");
        if (!await reader.VerifyAsync(cancellationToken))
            verdict.Findings.Add("a recount of every delivery disagrees with the ledger");
        verdict.Saw($"{taken} webhooks that were answered, {ledger.Sum().Received} deliveries in a ledger that a recount agrees with");
    }

    /// <summary>Each event of an appended type that was news is there once; nothing else is.</summary>
    private static async Task DemandAppendsAsync(HubReader reader, VendorHoldings marketing, KillVerdict verdict, CancellationToken cancellationToken)
    {
        var news = (await reader.EventsAsync(cancellationToken)).Where(one => Appended.Contains(one["type"]!.GetValue<string>())
            && one["origin"]!.GetValue<string>() == "live" && one["customerid"] is not null).Select(one => one["id"]!.GetValue<string>()).ToList();
        foreach (var lost in news.Except(marketing.Events.Select(one => one.UniqueId)))
            verdict.Findings.Add($"the event {lost} was not appended");
        foreach (var strange in marketing.Events.Select(one => one.UniqueId).Except(news))
            verdict.Findings.Add($"the event {strange} was appended and should not have been");
        verdict.Saw($"{marketing.Events.Count} events appended");
    }

    private static void DemandNothingDoubled(KillStage stage, KillVerdict verdict)
    {
        foreach (var vendor in stage.All)
        {
            var held = vendor.Holds();
            foreach (var twice in held.Events.GroupBy(one => one.UniqueId).Where(same => same.Count() > 1))
                verdict.Findings.Add($"{vendor.Name} has the event {twice.Key} {twice.Count()} times");
            foreach (var twice in held.Tasks.GroupBy(one => (one.Account, one.Text)).Where(same => same.Count() > 1))
                verdict.Findings.Add($"{vendor.Name} has {twice.Count()} tasks: {twice.Key.Text}");
            foreach (var twice in held.Accounts.SelectMany(account => account.Emails).GroupBy(email => email, StringComparer.OrdinalIgnoreCase).Where(same => same.Count() > 1))
                verdict.Findings.Add($"{vendor.Name} has {twice.Count()} accounts of {twice.Key}");
        }
        foreach (var again in Repeats(stage).Where(pair => !stage.Hub.KilledAt.Any(kill => kill > pair.First.At - OnTheWire && kill < pair.Again.At + OnTheWire)))
            verdict.Findings.Add($"{again.First.Operation} {again.First.Key} was sent twice, and nobody was killed in between");
        verdict.Saw($"{stage.WriteCount} accepted writes, {Repeats(stage).Count()} appends among them sent again over a kill and known to the vendor by their key");
    }

    /// <summary>Appends that a vendor was sent again. It has them once, by their key; a kill between the write and the hub's mark of it is the only reason there is.</summary>
    private static IEnumerable<(AcceptedWrite First, AcceptedWrite Again)> Repeats(KillStage stage) =>
        from vendor in stage.All
        from same in vendor.Desk.Writes.All.Where(write => write.Operation is "POST /api/events" or "POST tasks").GroupBy(write => (write.Operation, write.Key))
        from pair in same.Zip(same.Skip(1))
        select pair;

    /// <summary>Each destination is read, customer by customer, and compared with what the hub would tell it.</summary>
    private static async Task DemandNoDriftAsync(KillStage stage, KillVerdict verdict, CancellationToken cancellationToken)
    {
        var runs = new StartedRuns(stage.Api);
        foreach (var one in (await stage.Api.GetAsync("operations/drift", cancellationToken)).GetProperty("items").EnumerateArray())
            await runs.StartAsync("operations/drift/" + one.GetProperty("connector").GetString(), new { plan = true }, cancellationToken);
        long compared = 0;
        foreach (var run in await runs.DoneAsync(verdict.Findings, PatienceForDrift, cancellationToken))
        {
            var report = run.GetProperty("report");
            compared += report.GetProperty("compared").GetInt64();
            foreach (var what in (string[])["drifted", "pending", "unread"])
            {
                if (report.GetProperty(what).GetInt64() is var count and > 0)
                    verdict.Findings.Add($"{run.GetProperty("connector")}: {count} customers {what}: {report}");
            }
        }
        verdict.Saw($"{compared} accounts read at {runs.Count} vendors and compared");
    }
}
