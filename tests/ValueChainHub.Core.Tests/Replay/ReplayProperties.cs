using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Delivery;
using ValueChainHub.Core.Intake;
using ValueChainHub.Core.Replay;
using ValueChainHub.Core.Runs;
using ValueChainHub.Core.Tests.Delivery;
using static ValueChainHub.Core.Tests.Replay.ReplayWorld;

namespace ValueChainHub.Core.Tests.Replay;

/// <summary>In situations drawn by chance: a plan changes nothing, and the replay after it does what the plan said, write by write.</summary>
public sealed class ReplayProperties
{
    private const int Situations = 150;

    private static readonly DateTimeOffset At = new(2026, 2, 1, 0, 0, 0, TimeSpan.Zero);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_plan_and_the_replay_after_it_are_equal_and_the_vendors_get_what_was_said()
    {
        var (written, added) = (0L, 0L);
        for (var seed = 0; seed < Situations; seed++)
        {
            var (random, world) = (new Random(seed), new ReplayWorld());
            var hub = new ReplayHub(world);
            await LiveAsync(hub, random);
            world.IsMended = random.Next(3) > 0;
            foreach (var vendor in (FakeVendor[])[world.Mail, world.Shop])
                vendor.Answer = () => null;
            var received = (await hub.Ledger.HandleAsync(Token)).Connectors["shop"].Received;
            for (var round = 0; round < 2; round++)
            {
                var report = await CompareAsync(hub, await RequestAsync(hub, random), seed);
                (written, added) = (written + report.Writes.Values.Sum(), added + report.NewEvents);
            }
            var counts = (await hub.Ledger.HandleAsync(Token)).Connectors["shop"];
            (counts.Received, counts.Balances).ShouldBe((received, true), $"seed {seed}: {counts}");
        }
        written.ShouldBeGreaterThan(100, "the situations are not empty");
        added.ShouldBeGreaterThan(100);
    }

    private static async Task<ReplayReport> CompareAsync(ReplayHub hub, ReplayRequest request, int seed)
    {
        var world = hub.World;
        var (items, calls) = (await world.AllItemsAsync(), world.Mail.Calls + world.Shop.Calls);

        var (planned, plan) = await hub.ReplayAsync(request with { Plan = true });
        await hub.SettleAsync(TimeSpan.Zero);
        (await world.AllItemsAsync()).ShouldBe(items, $"seed {seed}: a plan writes nothing");
        (world.Mail.Calls + world.Shop.Calls).ShouldBe(calls, $"seed {seed}: a plan calls nobody");

        var (mail, shop) = (world.Mail.Writes.Count, world.Shop.Writes.Count);
        var (done, report) = await hub.ReplayAsync(request with { All = true });
        await hub.SettleAsync();
        await hub.SettleAsync(TimeSpan.FromHours(2));

        (planned.State, done.State).ShouldBe((RunStates.Done, RunStates.Done), $"seed {seed}");
        ReplayHub.Text(report).ShouldBe(ReplayHub.Text(plan), $"seed {seed}: {request}");
        (world.Mail.Writes.Count - mail, world.Shop.Writes.Count - shop)
            .ShouldBe(((int)report.Writes.GetValueOrDefault("mail"), (int)report.Writes.GetValueOrDefault("shop")), $"seed {seed}: {request}");
        world.Mail.Of<EventToAppend>().Select(append => append.Key).ShouldBeUnique($"seed {seed}: no append twice");
        return report;
    }

    /// <summary>A few customers and what they did, read by a connector that does not understand all of it, told to vendors that refuse some of it.</summary>
    private static async Task LiveAsync(ReplayHub hub, Random random)
    {
        if (random.Next(2) == 0)
            await hub.Routes.SetAsync([new() { Name = "mail/events", Enabled = true, Types = [EventCatalogue.OrderPlaced] }], Token);
        await hub.SettleAsync();
        if (random.Next(3) == 0)
            hub.World.Mail.Answer = () => random.Next(2) == 0 ? new WriteOutcome.Failed(FailureKind.Refused, "refused") : null;
        for (var left = random.Next(2, 14); left > 0; left--)
        {
            var (account, at) = (random.Next(1, 4).ToString(System.Globalization.CultureInfo.InvariantCulture), At.AddHours(random.Next(1_000)));
            var email = $"{(random.Next(5) == 0 ? "shared" : "person" + account)}@example.com";
            _ = random.Next(8) switch
            {
                0 or 1 => await hub.ReceiveAsync("account", new Said(account, at, "Name" + random.Next(3), email)),
                2 => await hub.ReceiveAsync("consent", new Said(account, at, Email: email)),
                3 or 4 => await hub.ReceiveAsync("odd", new Said(account, at, Order: "o" + random.Next(6))),
                5 => await hub.ReceiveAsync("unread", new Said(account, at)),
                _ => await hub.ReceiveAsync("order", new Said(account, at, Order: "o" + random.Next(6))),
            };
            if (random.Next(3) == 0)
                await hub.SettleAsync(TimeSpan.FromMinutes(1));
        }
        for (var rounds = 0; rounds < 3; rounds++)
            await hub.SettleAsync(TimeSpan.FromMinutes(5));
    }

    private static async Task<ReplayRequest> RequestAsync(ReplayHub hub, Random random)
    {
        var customer = await hub.Reads.SearchAsync(new() { Email = $"person{random.Next(1, 4)}@example.com" }, Token) is [var first, ..] ? first.Id : null;
        return random.Next(10) switch
        {
            0 => new() { Filter = new() { State = DeliveryStates.Quarantined } },
            1 => new() { Filter = new() { Type = EventCatalogue.OrderPlaced } },
            2 => new() { Filter = new() { Deliveries = ["d0", "shop.d1", "d2", "none"] } },
            3 when customer is not null => new() { Filter = new() { Customer = customer } },
            4 when customer is not null => new() { Stage = ReplayWords.Delivery, Send = ReplayWords.State, Filter = new() { Customer = customer } },
            5 => new() { Stage = ReplayWords.Delivery, Send = ReplayWords.DeadLetters },
            6 => new() { Stage = ReplayWords.Delivery, Send = ReplayWords.Events, Destinations = ["mail"], Filter = new() { Type = EventCatalogue.OrderPlaced } },
            7 => new() { Filter = new() { Topic = "odd", Since = hub.World.Time.GetUtcNow().AddMinutes(-20) } },
            _ => new(),
        };
    }
}
