using System.Globalization;
using System.Text.Json.Nodes;
using ValueChainHub.Sandbox.Vendors;
using ValueChainHub.Sandbox.Wire;
using Webhook = ValueChainHub.Sandbox.Wire.Webhook;

namespace ValueChainHub.EndToEnd.Tests.Sandbox;

/// <summary>
/// The property over all four vendors together: whatever the order, the number and the interleaving of their deliveries, and whenever in between the hub fetched
/// what they only point at, its records are those that the vendors' books say, and the same each time.
/// </summary>
public sealed class FourVendorTests
{
    private const int Connections = 16;
    private const int SchedulesForOne = 50;

    /// <summary>A schedule here is a hub of its own and some hundred deliveries, so one of them stands for many of the others.</summary>
    private static int Schedules =>
        Math.Max(2, (int.TryParse(Environment.GetEnvironmentVariable("E2E_SCHEDULES"), CultureInfo.InvariantCulture, out var schedules) ? schedules : 300) / SchedulesForOne);

    [Fact]
    public async Task Deliveries_in_any_order_with_doubles_and_fetches_at_any_time_give_the_records_of_the_books()
    {
        SortedDictionary<string, string>? first = null;
        for (var schedule = 1; schedule <= Schedules; schedule++)
        {
            await using var hub = await SandboxHub.StartAsync(new() { Seed = 3, Shoppers = 25, Faults = Faults.None }, SandboxHub.FixedNow);
            await DeliverAsync(hub, new Random(schedule));

            var report = await hub.AuditAsync();

            report.Differences.ShouldBeEmpty($"schedule {schedule}");
            report.Held.ShouldBeEquivalentTo(report.Happened, $"schedule {schedule}");
            await hub.Client.LedgerShouldBalanceAsync();
            var records = await RecordsAsync(hub);
            first ??= records;
            records.ShouldBe(first, $"schedule {schedule}");
        }
    }

    private static async Task DeliverAsync(SandboxHub hub, Random random)
    {
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = Connections }) { BaseAddress = hub.Client.Address };
        var options = new ParallelOptions { MaxDegreeOfParallelism = Connections, CancellationToken = TestContext.Current.CancellationToken };
        await Parallel.ForEachAsync(Steps(hub, random), options, async (step, token) =>
        {
            var since = hub.Run.Books.Stamp();
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/webhooks/" + step.Vendor.Name) { Content = new ByteArrayContent(step.Webhook.Body) };
            request.Content.Headers.ContentType = new("application/json");
            step.Vendor.Sign(request, step.Webhook, SigningSecret.Present, DateTimeOffset.UtcNow);
            using var response = await http.SendAsync(request, token);
            var answer = await response.Content.ReadAsStringAsync(token);
            ((int)response.StatusCode).ShouldBe(200, $"{step.Webhook.Topic}: {answer}");
            JsonNode.Parse(answer)!["status"]!.GetValue<string>().ShouldBeOneOf("accepted", "duplicate");
            hub.Run.Books.Told(step.Vendor.Name, step.Webhook.Tells, step.IsDouble ? [] : step.Webhook.PointsAt, since);
        });
    }

    /// <summary>Acts are done one after the other; what they have to be told lies in a bag from which any of it is taken next, some of it several times.</summary>
    private static IEnumerable<Step> Steps(SandboxHub hub, Random random)
    {
        var (acts, bag) = (new Queue<ValueChainHub.Sandbox.Story.Act>(hub.Run.Story.Acts), new List<Step>());
        while (acts.Count > 0 || bag.Count > 0)
        {
            if (acts.Count > 0 && (bag.Count == 0 || random.NextDouble() < 0.55))
            {
                bag.AddRange(hub.Run.Do(acts.Dequeue()).Select(said => new Step(said.Vendor, said.Webhook, IsDouble: false)));
                continue;
            }
            var taken = random.Next(bag.Count);
            var step = bag[taken];
            (bag[taken], bag[^1]) = (bag[^1], bag[taken]);
            bag.RemoveAt(bag.Count - 1);
            yield return step;
            if (random.NextDouble() < 0.1)
                yield return step with { IsDouble = true };
            if (random.NextDouble() < 0.1)
                bag.Add(step with { IsDouble = true });
        }
    }

    private static async Task<SortedDictionary<string, string>> RecordsAsync(SandboxHub hub)
    {
        var records = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var party in hub.Run.Books.Close().Told.Customers.SelectMany(customer => customer.Parties))
        {
            var found = await hub.Reader.SearchAsync(party.Kind, party.Value, TestContext.Current.CancellationToken);
            records[party.ToString()] = string.Join('\n', found.Select(one => one.ToJsonString()));
        }
        return records;
    }

    private sealed record Step(ISandboxVendor Vendor, Webhook Webhook, bool IsDouble);
}
