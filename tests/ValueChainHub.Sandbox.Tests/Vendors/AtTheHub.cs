using ValueChainHub.Core.Connectors;
using ValueChainHub.Sandbox.Books;
using ValueChainHub.Sandbox.Story;
using ValueChainHub.Sandbox.Vendors;
using ValueChainHub.Sandbox.Wire;

namespace ValueChainHub.Sandbox.Tests.Vendors;

/// <summary>A simulated vendor with its API up, and the real connector that was set as the vendor says.</summary>
internal sealed class AtTheHub : IAsyncDisposable
{
    private readonly VendorServer _api;

    private readonly List<Webhook> _said = [];

    private AtTheHub(ISandboxVendor vendor, SandboxBooks books, VendorSwitches switches, VendorServer api, IFetchConnector connector)
    {
        (Vendor, Books, Switches, _api, Connector) = (vendor, books, switches, api, connector);
        vendor.Desk.Says = outcome =>
        {
            Books.Happened(outcome.Facts);
            _said.AddRange(outcome.Webhooks.Where(webhook => vendor.Sends(webhook.Topic)));
        };
    }

    public VendorSwitches Switches { get; }

    /// <summary>What the vendor had to say of writes and of people's edits.</summary>
    public IReadOnlyList<Webhook> Said => _said;

    public static DateTimeOffset Now { get; } = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public Uri Api => _api.Address;

    public ISandboxVendor Vendor { get; }

    public SandboxBooks Books { get; }

    public IFetchConnector Connector { get; }

    public static async Task<AtTheHub> StartAsync(Func<SandboxBooks, ISandboxVendor> make, Func<IVendor> vendor, Action<Dictionary<string, string>>? change = null, Faults? faults = null)
    {
        var books = new SandboxBooks();
        var (sandbox, switches) = (make(books), new VendorSwitches(faults ?? Faults.None));
        var api = await VendorServer.StartAsync(sandbox, switches, new Dice(1), new WireCounts(), TestContext.Current.CancellationToken);
        var settings = new Dictionary<string, string>(sandbox.HubSettings(api.Address), StringComparer.Ordinal);
        change?.Invoke(settings);
        return new(sandbox, books, switches, api, (IFetchConnector)vendor().Create(new ConnectorSettings(sandbox.Name, settings, allowLoopback: true)));
    }

    public async ValueTask DisposeAsync() => await _api.DisposeAsync();

    /// <summary>A whole story, as far as it is this vendor's.</summary>
    public IReadOnlyList<Webhook> Play(int seed = 1, int shoppers = 30) => Play(ShopStory.Draw(seed, shoppers, Now).Acts);

    public IReadOnlyList<Webhook> Play(params IEnumerable<Act> acts)
    {
        var webhooks = new List<Webhook>();
        foreach (var act in acts)
        {
            var outcome = Vendor.Apply(act);
            Books.Happened(outcome.Facts);
            webhooks.AddRange(outcome.Webhooks.Where(webhook => Vendor.Sends(webhook.Topic)));
        }
        return webhooks;
    }

    /// <summary>As the vendor sends it.</summary>
    public WebhookRequest Request(Webhook webhook, SigningSecret secret = SigningSecret.Present, DateTimeOffset? at = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "https://hub.example/api/webhooks/" + Vendor.Name);
        Vendor.Sign(request, webhook, secret, at ?? Now);
        var headers = request.Headers.ToDictionary(header => header.Key, header => string.Join(',', header.Value), StringComparer.OrdinalIgnoreCase);
        return new("POST", request.RequestUri!, headers, webhook.Body);
    }

    public async Task<WebhookVerdict> VerifyAsync(WebhookRequest request, DateTimeOffset? at = null)
    {
        if (Connector is IPreparedConnector prepared)
            (await prepared.PrepareAsync(request, TestContext.Current.CancellationToken)).ShouldBeTrue();
        return Connector.Verify(request, at ?? Now);
    }

    /// <summary>Proved, and translated to something that the hub acts on.</summary>
    public async Task<Translation.Translated> TakeAsync(Webhook webhook)
    {
        var request = Request(webhook);
        var genuine = (await VerifyAsync(request)).ShouldBeOfType<WebhookVerdict.Genuine>(webhook.Topic);
        genuine.Topic.ShouldBe(webhook.Topic);
        var translated = Connector.Translate(new(Connector.Name, DeliveryKind.Webhook, genuine.Topic, genuine.Headers, request.Body, genuine.SignedAt));
        Books.Told(Vendor.Name, webhook.Tells, webhook.PointsAt, Books.Stamp());
        return translated.ShouldBeOfType<Translation.Translated>($"{webhook.Topic}: {(translated as Translation.Unreadable)?.Reason}");
    }

    public Task<FetchOutcome> AskAsync(string resource) => Connector.FetchAsync(new(Connector.Name, resource, "a test"), TestContext.Current.CancellationToken);

    /// <summary>Answered, and translated to something that the hub acts on.</summary>
    public async Task<Translation.Translated> FetchAsync(string resource)
    {
        var fetched = (await AskAsync(resource)).ShouldBeOfType<FetchOutcome.Fetched>(resource);
        var translated = Connector.Translate(new(Connector.Name, DeliveryKind.Fetch, fetched.Topic, new Dictionary<string, string>(), fetched.Body, null));
        return translated.ShouldBeOfType<Translation.Translated>($"{resource}: {(translated as Translation.Unreadable)?.Reason}");
    }
}
