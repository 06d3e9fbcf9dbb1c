using ValueChainHub.Core.Connectors;
using ValueChainHub.Sandbox.Books;
using ValueChainHub.Sandbox.Story;
using ValueChainHub.Sandbox.Vendors;
using ValueChainHub.Sandbox.Wire;

namespace ValueChainHub.Sandbox.Tests;

/// <summary>What the sandbox promises of its story and of its vendors' bodies.</summary>
public sealed class StoryTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Uri Api = new("http://127.0.0.1:9");

    [Fact]
    public void The_same_seed_tells_the_same_story_and_another_one_another()
    {
        Told(seed: 5).ShouldBe(Told(seed: 5));
        Told(seed: 6).ShouldNotBe(Told(seed: 5));
    }

    [Fact]
    public void A_story_has_everything_that_can_happen()
    {
        var story = ShopStory.Draw(1, 60, Now);

        story.Acts.Select(act => act.GetType()).Distinct().Count().ShouldBe(typeof(Act).Assembly.GetTypes().Count(type => type.IsSubclassOf(typeof(Act)) && !type.IsAbstract));
        story.Acts.OfType<MessageAct>().Select(act => act.Event).Distinct().Count().ShouldBe(Enum.GetValues<MessageEvent>().Length);
        story.Acts.OfType<PackageScanned>().Select(act => act.Status).Distinct().Count().ShouldBe(Enum.GetValues<ScanStatus>().Length);
        story.Acts.OfType<OrderPlaced>().Select(act => act.Purchase.Kind).Distinct().Count().ShouldBe(Enum.GetValues<PurchaseKind>().Length);
        story.Acts.OfType<OrderPlaced>().Select(act => act.Shopper.Shop).Distinct().Count().ShouldBe(2, "two shops, two currencies");
        story.Acts.OfType<OrderPlaced>().ShouldContain(act => act.Shopper.IsGuest);
        story.Acts.OfType<PackageSent>().ShouldContain(act => !act.IsLast, "a split shipment");
        story.Shoppers.Where(shopper => shopper.SharesPhone).GroupBy(shopper => shopper.Phone).ShouldContain(family => family.Count() == 2);
        story.Acts.GroupBy(act => act.Shopper).ShouldAllBe(acts => acts.Select(act => act.At).Distinct().Count() == acts.Count());
    }

    [Fact]
    public async Task Every_webhook_passes_the_connector_that_it_is_for_and_is_understood_by_it()
    {
        var vendors = SandboxVendors.All(new SandboxBooks());
        await using var run = await SandboxRun.StartAsync(new() { Seed = 1, Faults = Faults.None }, Now, TestContext.Current.CancellationToken);
        var settings = run.HubSettings();
        var connectors = run.Counts.Keys.ToDictionary(name => name, name => Connect(name, settings));
        foreach (var (vendor, webhook) in run.Story.Acts.SelectMany(run.Do))
        {
            var connector = connectors[vendor.Name];
            foreach (var secret in new[] { SigningSecret.Present, SigningSecret.Previous })
            {
                var genuine = (await VerifyAsync(connector, vendor, webhook, secret)).ShouldBeOfType<WebhookVerdict.Genuine>($"{vendor.Name} {webhook.Topic} {secret}");
                connector.Translate(new(vendor.Name, DeliveryKind.Webhook, genuine.Topic, genuine.Headers, webhook.Body, genuine.SignedAt))
                    .ShouldBeOfType<Translation.Translated>($"{vendor.Name} {webhook.Topic}");
            }
            (await VerifyAsync(connector, vendor, webhook, SigningSecret.Wrong)).ShouldBeOfType<WebhookVerdict.Refused>(vendor.Name);
        }
        vendors.Select(vendor => vendor.Name).ShouldBe(run.Counts.Keys, ignoreOrder: true);
    }

    private static async Task<WebhookVerdict> VerifyAsync(IConnector connector, ISandboxVendor vendor, Webhook webhook, SigningSecret secret)
    {
        var now = DateTimeOffset.UtcNow;
        using var message = new HttpRequestMessage(HttpMethod.Post, Api);
        vendor.Sign(message, webhook, secret, now);
        var headers = message.Headers.ToDictionary(header => header.Key, header => string.Join(',', header.Value), StringComparer.OrdinalIgnoreCase);
        var request = new WebhookRequest("POST", Api, headers, webhook.Body);
        if (connector is IPreparedConnector prepared)
            (await prepared.PrepareAsync(request, TestContext.Current.CancellationToken)).ShouldBeTrue();
        return connector.Verify(request, now);
    }

    private static IConnector Connect(string name, IReadOnlyDictionary<string, string> settings)
    {
        var start = $"Connectors:{name}:";
        var own = settings.Where(setting => setting.Key.StartsWith(start, StringComparison.Ordinal)).ToDictionary(setting => setting.Key[start.Length..], setting => setting.Value);
        var vendor = Connectors.Vendors.All(TimeProvider.System).Single(vendor => vendor.Name == own.GetValueOrDefault("Vendor", name));
        return vendor.Create(new ConnectorSettings(name, own, allowLoopback: true));
    }

    /// <summary>All bodies of a story in the order of its acts.</summary>
    private static string Told(int seed)
    {
        var vendors = SandboxVendors.All(new SandboxBooks());
        var acts = ShopStory.Draw(seed, 30, Now).Acts;
        var webhooks = acts.SelectMany(act => vendors.SelectMany(vendor => vendor.Apply(act).Webhooks));
        return string.Join('\n', webhooks.Select(webhook => webhook.Id + webhook.Topic + Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(webhook.Body))));
    }
}
