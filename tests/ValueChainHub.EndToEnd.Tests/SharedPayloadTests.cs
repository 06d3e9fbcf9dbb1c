using System.Security.Cryptography;
using ValueChainHub.EndToEnd.Tests.Support;
using ValueChainHub.Testing;
using ValueChainHub.Testing.Connectors;

namespace ValueChainHub.EndToEnd.Tests;

/// <summary>Bodies that real shops sent. They lie beside the checkout, where they are at all.</summary>
public sealed class SharedPayloadTests : EndToEndTest
{
    private const int Orders = 8;

    [Fact]
    public async Task Every_body_goes_in_in_any_order_and_the_records_and_events_are_the_same()
    {
        var webhooks = Webhooks();
        var contacts = webhooks.SelectMany(webhook => Contacts.In(webhook.Body)).Distinct().ToList();
        var first = await OutcomeAsync(Hub, webhooks, contacts);
        first.Records.ShouldNotBeEmpty();
        first.Events.Count.ShouldBeGreaterThan(20);

        for (var seed = 1; seed < Orders; seed++)
        {
            var shuffled = webhooks.ToArray();
            new Random(seed).Shuffle(shuffled);
            var other = await OutcomeAsync(await StartAsync<RunningHub>(), shuffled, contacts);

            other.Records.ShouldBe(first.Records, $"seed {seed}");
            other.Events.ShouldBe(first.Events, $"seed {seed}");
        }
    }

    private static async Task<(SortedDictionary<string, string> Records, SortedSet<string> Events)> OutcomeAsync(RunningHub hub, IEnumerable<Webhook> webhooks, IEnumerable<object> contacts)
    {
        foreach (var webhook in webhooks)
        {
            var answer = await hub.Client.DeliverAsync(webhook);
            answer.Status.ShouldBe(200, webhook.Topic);
            answer.Word.ShouldBe("accepted", webhook.Topic);
        }
        await hub.Client.SettleAsync();
        var line = (await hub.Client.LedgerAsync()).Of(Webhook.Shop);
        (line.Quarantined, line.DeadLettered).ShouldBe((0, 0));

        var records = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var contact in contacts)
        {
            foreach (var customer in await hub.Client.SearchAsync(contact))
                records[customer.Id] = HubText.Of(customer);
        }
        return (records, await hub.Client.EventIdsAsync());
    }

    private static List<Webhook> Webhooks()
    {
        var recordings = Recording.All(SharedFiles.OrSkip("vendors", "payloads", "shopify")).Where(recording => recording.Name != "graphql-throttled").ToList();
        recordings.Count.ShouldBeGreaterThan(30);
        return [.. recordings.Select(recording => new Webhook(recording.Topic, recording.Body, Convert.ToHexStringLower(SHA256.HashData(recording.Body))[..32] + recording.Name))];
    }
}
