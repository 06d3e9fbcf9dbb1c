using ValueChainHub.Sandbox.Books;
using ValueChainHub.Sandbox.Story;
using ValueChainHub.Sandbox.Vendors;
using ValueChainHub.Sandbox.Vendors.Shopify;
using ValueChainHub.Sandbox.Vendors.State;
using ValueChainHub.Sandbox.Wire;

namespace ValueChainHub.Sandbox;

/// <summary>How the sandbox is to be played.</summary>
public sealed record SandboxOptions
{
    public int Seed { get; init; } = 1;
    public int Shoppers { get; init; } = 60;
    public Faults Faults { get; init; } = Faults.All;

    /// <summary>In how much time the two months of the story are told.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How much faster than the vendors' are the waits between tries: an hour in a second.</summary>
    public double RetrySpeed { get; init; } = 3600;

    /// <summary>Where the vendors' subscriptions say that webhooks go: the hub's public address. They are sent to the hub that is played to.</summary>
    public Uri PublicAddress { get; init; } = new("https://hub.example");

    /// <summary>What the first shop has from before the story; null for nothing.</summary>
    public ShopSeed? Past { get; init; }
}

/// <summary>The vendors of a story, ready to be played against a hub.</summary>
/// <remarks>First their APIs are there, then the hub starts with <see cref="HubSettings"/>, then the story is played to it.</remarks>
public sealed class SandboxRun : IAsyncDisposable
{
    private readonly SandboxOptions _options;
    private readonly IReadOnlyList<VendorAtWork> _vendors;
    private readonly CancellationTokenSource _ends = new();

    private SandboxRun(SandboxOptions options, ShopStory story, SandboxBooks books, IReadOnlyList<VendorAtWork> vendors)
    {
        (_options, Story, Books, _vendors) = (options, story, books, vendors);
        foreach (var one in vendors)
            one.Vendor.Desk.Says = outcome => Tell(one, outcome);
    }

    public ShopStory Story { get; }

    public SandboxBooks Books { get; }

    /// <summary>Acts that were done so far.</summary>
    public int Done { get; private set; }

    /// <summary>What went over the wire, by vendor.</summary>
    public IReadOnlyDictionary<string, WireCounts> Counts => _vendors.ToDictionary(one => one.Vendor.Name, one => one.Counts, StringComparer.Ordinal);

    /// <summary>Webhooks that are on their way to the hub.</summary>
    public int Carrying => _vendors.Sum(one => one.Courier?.Carrying ?? 0);

    /// <summary>One of the vendors by its connector's name: to ask what it holds, to edit it as a person, to drop its subscriptions.</summary>
    public ISandboxVendor Vendor(string name) => Of(name).Vendor;

    /// <summary>What goes wrong with it, to be changed at any time.</summary>
    public VendorSwitches Switches(string name) => Of(name).Switches;

    /// <param name="options">What is played.</param>
    /// <param name="now">When the story ends.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static async Task<SandboxRun> StartAsync(SandboxOptions options, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var books = new SandboxBooks();
        var vendors = new List<VendorAtWork>();
        foreach (var vendor in SandboxVendors.All(books, options.Past))
        {
            vendor.Desk.Subscriptions.MoveTo(VendorDesk.AddressAt(options.PublicAddress, vendor.Name));
            var (switches, counts) = (new VendorSwitches(options.Faults), new WireCounts());
            vendors.Add(new(vendor, await VendorServer.StartAsync(vendor, switches, new Dice(options.Seed), counts, cancellationToken), switches, counts));
        }
        return new(options, ShopStory.Draw(options.Seed, options.Shoppers, now), books, vendors);
    }

    /// <summary>What the hub must be told to know these vendors: <c>Connectors:shopify:WebhookSecret</c> and so on.</summary>
    public IReadOnlyDictionary<string, string> HubSettings()
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["Hub:AllowLoopbackVendors"] = "true" };
        foreach (var one in _vendors)
        {
            foreach (var (key, value) in one.Vendor.HubSettings(one.Api.Address))
                settings[$"Connectors:{one.Vendor.Name}:{key}"] = value;
        }
        return settings;
    }

    /// <summary>From now on what vendors have to say is sent to this hub. Needed only for what is said before or without a story.</summary>
    public void Connect(Uri hub)
    {
        foreach (var one in _vendors)
        {
            one.Courier ??= new(one.Vendor, hub, Books, one.Switches, new Dice(_options.Seed), one.Counts, _options.RetrySpeed);
            one.Vendor.Desk.Pings = one.Courier.PingAsync;
        }
    }

    /// <summary>Plays the story to its end, until every webhook was taken or given up.</summary>
    public async Task PlayAsync(Uri hub, CancellationToken cancellationToken)
    {
        Connect(hub);
        var started = System.Diagnostics.Stopwatch.StartNew();
        foreach (var act in Story.Acts)
        {
            var due = _options.Duration * ((double)Done / Story.Acts.Count);
            if (due - started.Elapsed is { TotalMilliseconds: > 1 } early)
                await Task.Delay(early, cancellationToken);
            Send(Do(act), cancellationToken);
            if (++Done == Story.Acts.Count / 2)
                RotateSecrets();
        }
        await DrainAsync();
    }

    /// <summary>Returns when every webhook that the vendors have made so far was taken or given up.</summary>
    public async Task DrainAsync()
    {
        foreach (var one in _vendors.Where(one => one.Courier is not null))
            await one.Courier!.DrainAsync();
    }

    /// <summary>Does an act at whichever vendor's it is, and answers what that vendor has to say.</summary>
    public IReadOnlyList<(ISandboxVendor Vendor, Webhook Webhook)> Do(Act act)
    {
        var said = new List<(ISandboxVendor, Webhook)>();
        foreach (var one in _vendors)
        {
            var outcome = one.Vendor.Apply(act);
            Books.Happened(outcome.Facts);
            said.AddRange(Sent(one, outcome).Select(webhook => (one.Vendor, webhook)));
        }
        return said;
    }

    /// <summary>Hands what an act had its vendors say to their couriers, and returns at once.</summary>
    public void Send(IEnumerable<(ISandboxVendor Vendor, Webhook Webhook)> said, CancellationToken cancellationToken)
    {
        foreach (var (vendor, webhook) in said)
            Of(vendor.Name).Courier!.Send(webhook, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _ends.CancelAsync();
        foreach (var one in _vendors)
            await one.DisposeAsync();
        _ends.Dispose();
    }

    /// <summary>What somebody has subscribed to; the rest is lost.</summary>
    private IEnumerable<Webhook> Sent(VendorAtWork one, Outcome outcome)
    {
        foreach (var webhook in outcome.Webhooks)
        {
            if (one.Vendor.Sends(webhook.Topic))
                yield return webhook;
            else
                Books.NeverTold(new(one.Vendor.Name, webhook, Loss.NotSubscribed));
        }
    }

    /// <summary>What came of a write or of a person's edit.</summary>
    private void Tell(VendorAtWork one, Outcome outcome)
    {
        Books.Happened(outcome.Facts);
        foreach (var webhook in Sent(one, outcome))
            one.Courier?.Send(webhook, _ends.Token);
    }

    private VendorAtWork Of(string name) => _vendors.First(one => one.Vendor.Name == name);

    /// <summary>At once for all that is sent from now on, tries of what was sent before among it.</summary>
    private void RotateSecrets()
    {
        foreach (var one in _vendors)
            one.Courier!.Secret = SigningSecret.Present;
    }

    private sealed record VendorAtWork(ISandboxVendor Vendor, VendorServer Api, VendorSwitches Switches, WireCounts Counts) : IAsyncDisposable
    {
        /// <summary>Null before there is a hub.</summary>
        public Courier? Courier { get; set; }

        public async ValueTask DisposeAsync()
        {
            Courier?.Dispose();
            await Api.DisposeAsync();
        }
    }
}
