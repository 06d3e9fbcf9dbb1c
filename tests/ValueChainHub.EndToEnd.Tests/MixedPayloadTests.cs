using System.Security.Cryptography;
using ValueChainHub.EndToEnd.Tests.Support;
using ValueChainHub.Testing;
using ValueChainHub.Testing.Connectors;

namespace ValueChainHub.EndToEnd.Tests;

/// <summary>Bodies of all four vendors, mixed, doubled and in several orders, each signed as its vendor signs. They lie beside the checkout, where they are at all.</summary>
public sealed class MixedPayloadTests : EndToEndTest
{
    private const int Orders = 5;
    private static readonly string[] Connectors = ["shopify", "shipstation", "shipengine", "gladly", "klaviyo"];

    private SignedVendors _vendors = null!;

    public override async ValueTask InitializeAsync()
    {
        _vendors = await SignedVendors.StartAsync();
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await base.DisposeAsync();
        await _vendors.DisposeAsync();
    }

    [Fact]
    public async Task Bodies_of_all_vendors_go_in_mixed_in_any_order_and_the_records_and_events_are_the_same()
    {
        var bodies = Bodies();
        var contacts = bodies.SelectMany(body => Contacts.In(body.Bytes)).Distinct().ToList();
        var first = await OutcomeAsync(Hub, bodies, contacts);
        first.Records.Count.ShouldBeGreaterThan(2);
        first.Events.Count.ShouldBeGreaterThan(30);

        for (var seed = 1; seed < Orders; seed++)
        {
            // Every other body comes twice; the double may come first, last, or anywhere.
            var sent = bodies.Concat(bodies.Where((_, index) => index % 2 == seed % 2)).ToArray();
            new Random(seed).Shuffle(sent);
            var other = await OutcomeAsync(await StartAsync<RunningHub>(), sent, contacts);

            other.Records.ShouldBe(first.Records, $"seed {seed}");
            other.Events.ShouldBe(first.Events, $"seed {seed}");
        }
    }

    private async Task<(SortedDictionary<string, string> Records, SortedSet<string> Events)> OutcomeAsync(RunningHub hub, IReadOnlyList<Body> sent, IEnumerable<object> contacts)
    {
        foreach (var (name, value) in _vendors.Settings)
            hub.Settings[name] = value;
        await hub.RestartAsync();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var body in sent)
        {
            var answer = await hub.Client.SendAsync(body.Request());
            answer.Status.ShouldBe(200, $"{body.Name}: {answer.Text}");
            answer.Word.ShouldBe(seen.Add(body.Name) ? "accepted" : "duplicate", body.Name);
        }
        await hub.Client.SettleAsync();
        var ledger = await hub.Client.LedgerAsync();
        foreach (var connector in Connectors)
            (ledger.Of(connector).Applied > 0, ledger.Of(connector).Quarantined, ledger.Of(connector).DeadLettered).ShouldBe((true, 0L, 0L), connector);

        var records = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var contact in contacts)
        {
            foreach (var customer in await hub.Client.SearchAsync(contact))
                records[customer.Id] = HubText.Of(customer);
        }
        return (records, await hub.Client.EventIdsAsync());
    }

    private List<Body> Bodies()
    {
        var shop = Of("shopify").Where(one => one.Name != "graphql-throttled").Select(one => new Body("shopify/" + one.Name, one.Body, () => Shop(one).Request(HubSecrets.WebhookSecret)));
        var parcels = Of("shipstation").Where(one => !one.Name.StartsWith("v1-", StringComparison.Ordinal)).Select(one => Parcel("shipstation", one))
            .Concat(Of("shipengine").Where(one => one.Name != "jwks").Select(one => Parcel("shipengine", one)));
        var desk = Of("gladly", "webhooks").Select(one => new Body("gladly/" + one.Name, one.Body, () => SignedVendors.Gladly(one.Body)));
        var mails = Of("klaviyo").Select(one => new Body("klaviyo/" + one.Name, one.Body, () => _vendors.Klaviyo(one.Body)));
        List<Body> all = [.. shop, .. parcels, .. desk, .. mails];
        all.Count.ShouldBeGreaterThan(50);
        return all;
    }

    private Body Parcel(string connector, Recording recording) => new($"{connector}/{recording.Name}", recording.Body, () => _vendors.ShipStation(connector, recording.Body));

    private static Webhook Shop(Recording recording) => new(recording.Topic, recording.Body, Convert.ToHexStringLower(SHA256.HashData(recording.Body))[..32] + recording.Name);

    private static IReadOnlyList<Recording> Of(params string[] folder) => Recording.All(SharedFiles.OrSkip(["vendors", "payloads", .. folder]));

    private sealed record Body(string Name, byte[] Bytes, Func<HttpRequestMessage> Request);
}
