using ValueChainHub.Sandbox.Books;
using ValueChainHub.Sandbox.Story;
using ValueChainHub.Sandbox.Vendors;
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
}

/// <summary>The vendors of a story, ready to be played against a hub.</summary>
/// <remarks>First their APIs are there, then the hub starts with <see cref="HubSettings"/>, then the story is played to it.</remarks>
public sealed class SandboxRun : IAsyncDisposable
{
    private readonly SandboxOptions _options;
    private readonly IReadOnlyList<(ISandboxVendor Vendor, VendorServer Api, WireCounts Calls)> _vendors;
    private readonly Dictionary<ISandboxVendor, Courier> _couriers = [];

    private SandboxRun(SandboxOptions options, ShopStory story, SandboxBooks books, IReadOnlyList<(ISandboxVendor, VendorServer, WireCounts)> vendors) =>
        (_options, Story, Books, _vendors) = (options, story, books, vendors);

    public ShopStory Story { get; }

    public SandboxBooks Books { get; }

    /// <summary>Acts that were done so far.</summary>
    public int Done { get; private set; }

    /// <summary>What went over the wire, by vendor.</summary>
    public IReadOnlyDictionary<string, WireCounts> Counts => _vendors.ToDictionary(one => one.Vendor.Name, one => one.Calls, StringComparer.Ordinal);

    /// <param name="options">What is played.</param>
    /// <param name="now">When the story ends.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static async Task<SandboxRun> StartAsync(SandboxOptions options, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var books = new SandboxBooks();
        var vendors = new List<(ISandboxVendor, VendorServer, WireCounts)>();
        foreach (var vendor in SandboxVendors.All(books))
        {
            var counts = new WireCounts();
            vendors.Add((vendor, await VendorServer.StartAsync(vendor, options.Faults, new Dice(options.Seed), counts, cancellationToken), counts));
        }
        return new(options, ShopStory.Draw(options.Seed, options.Shoppers, now), books, vendors);
    }

    /// <summary>What the hub must be told to know these vendors: <c>Connectors:shopify:WebhookSecret</c> and so on.</summary>
    public IReadOnlyDictionary<string, string> HubSettings()
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["Hub:AllowLoopbackVendors"] = "true" };
        foreach (var (vendor, api, _) in _vendors)
        {
            foreach (var (key, value) in vendor.HubSettings(api.Address))
                settings[$"Connectors:{vendor.Name}:{key}"] = value;
        }
        return settings;
    }

    /// <summary>Plays the story to its end, until every webhook was taken or given up.</summary>
    public async Task PlayAsync(Uri hub, CancellationToken cancellationToken)
    {
        foreach (var (vendor, _, counts) in _vendors)
            _couriers.Add(vendor, new Courier(vendor, hub, Books, _options.Faults, new Dice(_options.Seed), counts, _options.RetrySpeed));
        var started = System.Diagnostics.Stopwatch.StartNew();
        foreach (var act in Story.Acts)
        {
            var due = _options.Duration * ((double)Done / Story.Acts.Count);
            if (due - started.Elapsed is { TotalMilliseconds: > 1 } early)
                await Task.Delay(early, cancellationToken);
            foreach (var (vendor, webhook) in Do(act))
                _couriers[vendor].Send(webhook, cancellationToken);
            if (++Done == Story.Acts.Count / 2)
                RotateSecrets();
        }
        foreach (var courier in _couriers.Values)
            await courier.DrainAsync();
    }

    /// <summary>Does an act at whichever vendor's it is, and answers what that vendor has to say.</summary>
    public IReadOnlyList<(ISandboxVendor Vendor, Webhook Webhook)> Do(Act act)
    {
        var said = new List<(ISandboxVendor, Webhook)>();
        foreach (var (vendor, _, _) in _vendors)
        {
            var outcome = vendor.Apply(act);
            Books.Happened(outcome.Facts);
            said.AddRange(outcome.Webhooks.Select(webhook => (vendor, webhook)));
        }
        return said;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var courier in _couriers.Values)
            courier.Dispose();
        foreach (var (_, api, _) in _vendors)
            await api.DisposeAsync();
    }

    /// <summary>At once for all that is sent from now on, tries of what was sent before among it.</summary>
    private void RotateSecrets()
    {
        foreach (var courier in _couriers.Values)
            courier.Secret = SigningSecret.Present;
    }
}
