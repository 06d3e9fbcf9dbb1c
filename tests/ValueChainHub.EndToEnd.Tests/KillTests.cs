using System.Collections.Concurrent;
using ValueChainHub.EndToEnd.Tests.Support;
using static ValueChainHub.EndToEnd.Tests.Support.Shopify;

namespace ValueChainHub.EndToEnd.Tests;

/// <summary>kill -9 under load: what was answered is there, once. The benchmarks have the command that does so fifty times.</summary>
public sealed class KillTests : EndToEndTest
{
    private const int Orders = 4_000;
    private const int Customers = 40;

    /// <summary>Each kill comes after so many more answers: by count and not by the clock, so that a slow machine kills in the middle of the load too.</summary>
    private static readonly int[] AnswersBeforeKills = [30, 150, 400];

    private HubProcess _process = null!;

    public override async ValueTask InitializeAsync() => _process = await StartAsync<HubProcess>();

    [Fact]
    public async Task Everything_that_was_answered_before_a_kill_is_applied_once_after_it()
    {
        var waiting = new ConcurrentQueue<Webhook>(Enumerable.Range(0, Orders).Select(Order));
        var answered = new ConcurrentDictionary<string, Webhook>(StringComparer.Ordinal);
        foreach (var more in AnswersBeforeKills)
        {
            var enough = answered.Count + more;
            var load = LoadAsync(waiting, answered);
            while (answered.Count < enough && !load.IsCompleted)
                await Task.Delay(TimeSpan.FromMilliseconds(2), TestContext.Current.CancellationToken);
            await _process.KillAsync();
            await load;
            waiting.ShouldNotBeEmpty("the kill came after the load");
            await _process.StartAsync();
        }
        answered.Count.ShouldBeGreaterThanOrEqualTo(AnswersBeforeKills.Sum());
        await LoadAsync(waiting, answered, stopAfter: 200);
        await _process.Client.SettleAsync();

        // What was cut off unanswered may be there or not; what was answered must be.
        var kept = (await _process.Client.DeliveriesAsync("limit=1000")).ToDictionary(delivery => delivery.Id, StringComparer.Ordinal);
        foreach (var id in answered.Keys)
            kept.ShouldContainKey(id);
        kept.Values.ShouldAllBe(delivery => delivery.State == "applied" && delivery.Duplicates == 0);
        (await _process.Client.EventIdsAsync()).ShouldBe(new SortedSet<string>(kept.Values.SelectMany(delivery => delivery.Events), StringComparer.Ordinal));
        var orders = 0;
        for (var customer = 0; customer < Customers; customer++)
        {
            foreach (var record in await _process.Client.SearchAsync(new { email = Email(customer) }))
            {
                orders += record.Storefront.Orders;
                record.Storefront.LifetimeValue.ShouldHaveSingleItem().Amount.ShouldBe(record.Storefront.Orders * 1.10m);
            }
        }
        orders.ShouldBe(kept.Count);
    }

    /// <summary>Eight connections, until the hub is gone, or enough is sent.</summary>
    private async Task LoadAsync(ConcurrentQueue<Webhook> waiting, ConcurrentDictionary<string, Webhook> answered, int stopAfter = int.MaxValue)
    {
        var (client, left) = (_process.Client, stopAfter);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            try
            {
                while (Interlocked.Decrement(ref left) >= 0 && waiting.TryDequeue(out var webhook))
                {
                    var answer = await client.DeliverAsync(webhook);
                    answer.Status.ShouldBe(200);
                    answered.TryAdd(answer.DeliveryId, webhook).ShouldBeTrue();
                }
            }
            catch (Exception end) when (end is HttpRequestException or IOException)
            {
                // The hub was killed; whether this one was kept, nobody was told.
            }
        }));
    }

    private static Webhook Order(int index) => new("orders/create", Shopify.Order(1_000_000 + index, "1.10", Customer(7000 + index % Customers, Email(index % Customers))));

    private static string Email(int customer) => $"kill-{customer}@example.com";
}
