using ValueChainHub.EndToEnd.Tests.Support;
using static ValueChainHub.EndToEnd.Tests.Support.Shopify;

namespace ValueChainHub.EndToEnd.Tests;

/// <summary>The same delivery more than once.</summary>
public sealed class TwinTests : EndToEndTest
{
    private const int Twins = 16;

    [Fact]
    public async Task A_delivery_sent_by_sixteen_threads_at_the_same_instant_is_applied_once()
    {
        var webhook = new Webhook("orders/create", Order(1001, "25.00", Customer(7001, "twin@example.com")));
        using var barrier = new Barrier(Twins);
        var answers = new HubAnswer[Twins];
        var threads = Enumerable.Range(0, Twins).Select(index => new Thread(() =>
        {
            barrier.SignalAndWait();
            answers[index] = Client.DeliverAsync(webhook).GetAwaiter().GetResult();
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        await Client.SettleAsync();

        answers.Count(answer => answer.Word == "accepted").ShouldBe(1);
        answers.Count(answer => answer.Word == "duplicate").ShouldBe(Twins - 1);
        answers.Select(answer => answer.DeliveryId).Distinct().ShouldHaveSingleItem();
        var delivery = await Client.DeliveryAsync(answers[0].DeliveryId);
        (delivery.State, delivery.Duplicates).ShouldBe(("applied", Twins - 1));
        (await Client.EventIdsAsync()).ShouldHaveSingleItem().ShouldBe(delivery.Events.ShouldHaveSingleItem());
        (await Client.FindAsync(new { email = "twin@example.com" })).Storefront.Orders.ShouldBe(1);
        var line = (await Client.LedgerAsync()).Of(Webhook.Shop);
        (line.Received, line.Applied, line.Duplicate).ShouldBe((Twins, 1, Twins - 1));
    }

    [Fact]
    public async Task The_same_body_under_another_delivery_id_is_a_second_delivery_and_no_second_event()
    {
        var webhook = new Webhook("orders/create", Order(1001, "25.00", Customer(7001, "twin@example.com")));

        await DeliverAsync(webhook, webhook with { Id = "another-subscription" });

        (await Client.EventIdsAsync()).ShouldHaveSingleItem();
        (await Client.FindAsync(new { email = "twin@example.com" })).Storefront.Orders.ShouldBe(1);
        (await Client.LedgerAsync()).Of(Webhook.Shop).Applied.ShouldBe(2);
    }

    [Fact]
    public async Task A_twin_that_comes_after_a_restart_is_known()
    {
        var webhook = new Webhook("orders/create", Order(1001, "25.00", Customer(7001, "twin@example.com")));
        await DeliverAsync(webhook);

        await Hub.RestartAsync();
        var answer = await Client.DeliverAsync(webhook);

        answer.Word.ShouldBe("duplicate");
        (await Client.DeliveryAsync(answer.DeliveryId)).Duplicates.ShouldBe(1);
        (await Client.FindAsync(new { email = "twin@example.com" })).Storefront.Orders.ShouldBe(1);
    }
}
