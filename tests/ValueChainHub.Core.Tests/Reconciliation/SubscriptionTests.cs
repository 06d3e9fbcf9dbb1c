using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Reconciliation;

namespace ValueChainHub.Core.Tests.Reconciliation;

public sealed class SubscriptionTests
{
    private static readonly Uri Address = new("https://hub.example/api/webhooks/shop");

    private readonly Account _account = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_the_vendor_dropped_is_made_again_and_counted()
    {
        var hub = Hub(Address);
        _account.Has("orders/create", "customers/create");
        var first = await LookAsync(hub);
        _account.Drops("orders/create");

        var second = await LookAsync(hub);
        var third = await LookAsync(hub);

        (first.Present, first.Repaired.Count).ShouldBe((2, 0));
        second.Repaired.ShouldBe(["orders/create"]);
        (third.Present, third.Repaired.Count).ShouldBe((2, 0));
        _account.Made.ShouldBe(["orders/create"]);
    }

    [Fact]
    public async Task What_nobody_ever_subscribed_is_named_and_left()
    {
        _account.Has("orders/create");

        var report = await LookAsync(Hub(Address));

        report.NeverSeen.ShouldBe(["customers/create"]);
        _account.Made.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_the_vendor_switched_off_is_switched_on_again_where_it_lets_one()
    {
        var hub = Hub(Address);
        _account.Has("orders/create", "customers/create");
        _account.Trouble = "was switched off";
        _account.Revives = true;

        (await LookAsync(hub)).Repaired.ShouldBe(["orders/create", "customers/create"], ignoreOrder: true);
        _account.Trouble = "was switched off";
        _account.Revives = false;
        var refused = await LookAsync(hub);

        refused.Refused.Keys.ShouldBe(["orders/create", "customers/create"], ignoreOrder: true);
        (await hub.Start.LastAsync("shop", Token))!.Webhooks.ShouldNotBeNull().ShouldContain("was switched off");
    }

    [Fact]
    public async Task Without_a_public_address_it_is_off_and_says_why()
    {
        (await LookAsync(Hub(null))).Off.ShouldNotBeNull().ShouldContain("Hub__PublicUrl");
    }

    private WalkHub Hub(Uri? address) => new(new FakeShop(), accounts: _ => new(_account, address));

    private static async Task<SubscriptionReport> LookAsync(WalkHub hub) => WalkHub.ReportOf(await hub.ReconcileAsync()).Subscriptions.ShouldNotBeNull();

    /// <summary>The webhooks of an account.</summary>
    private sealed class Account : IVendorSetup
    {
        private readonly List<string> _topics = [];

        public IReadOnlyList<string> Topics => ["orders/create", "customers/create"];

        public string TestDelivery => "none";

        public string? Trouble { get; set; }

        public bool Revives { get; set; }

        public List<string> Made { get; } = [];

        public void Has(params IReadOnlyList<string> topics) => _topics.AddRange(topics);

        public void Drops(string topic) => _topics.Remove(topic);

        public Task<SetupLook> LookAsync(CancellationToken cancellationToken) =>
            Task.FromResult(SetupLook.Seen([], [.. _topics.Select(topic => new VendorSubscription(topic, [topic], Address.AbsoluteUri, Trouble))]));

        public Task<IReadOnlyDictionary<string, string>> SubscribeAsync(IReadOnlyList<string> topics, Uri address, SetupLook look, CancellationToken cancellationToken)
        {
            Made.AddRange(topics);
            _topics.AddRange(topics);
            return Task.FromResult<IReadOnlyDictionary<string, string>>(new Dictionary<string, string>());
        }

        public Task<string?> ReviveAsync(VendorSubscription webhook, CancellationToken cancellationToken)
        {
            if (!Revives)
                return Task.FromResult(webhook.Trouble);
            return Task.FromResult<string?>(null);
        }
    }
}
