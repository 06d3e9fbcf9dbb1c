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
    private readonly List<Courier> _couriers = [];

    private SandboxRun(SandboxOptions options, ShopStory story, SandboxBooks books, IReadOnlyList<(ISandboxVendor, VendorServer, WireCounts)> vendors) =>
        (_options, Story, Books, _vendors) = (options, story, books, vendors);

    public ShopStory Story { get; }

    public SandboxBooks Books { get; }

    /// <summary>Acts that were done so far.</summary>
    public int Done { get; private set; }

    /// <summary>What went over the wire, by vendor.</summary>
    public IReadOnlyDictionary<string, WireCounts> Counts => _vendors.ToDictionary(one => one.Vendor.Name, one => one.Calls, StringComparer.Ordinal);

    public static async Task<SandboxRun> StartAsync(SandboxOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        var books = new SandboxBooks();
        var vendors = new List<(ISandboxVendor, VendorServer, WireCounts)>();
        foreach (var vendor in SandboxVendors.All(books))
        {
            var counts = new WireCounts();
            vendors.Add((vendor, await VendorServer.StartAsync(vendor, options.Faults, new Dice(options.Seed), counts, cancellationToken), counts));
        }
        return new(options, ShopStory.Draw(options.Seed, options.Shoppers, time.GetUtcNow()), books, vendors);
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
        _couriers.AddRange(_vendors.Select(one => new Courier(one.Vendor, hub, Books, _options.Faults, new Dice(_options.Seed), one.Calls, _options.RetrySpeed)));
        var started = System.Diagnostics.Stopwatch.StartNew();
        foreach (var act in Story.Acts)
        {
            var due = _options.Duration * ((double)Done / Story.Acts.Count);
            if (due - started.Elapsed is { TotalMilliseconds: > 1 } early)
                await Task.Delay(early, cancellationToken);
            Do(act, cancellationToken);
            if (++Done == Story.Acts.Count / 2)
                _couriers.ForEach(courier => courier.Secret = SigningSecret.Present);
        }
        foreach (var courier in _couriers)
            await courier.DrainAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _couriers.ForEach(courier => courier.Dispose());
        foreach (var (_, api, _) in _vendors)
            await api.DisposeAsync();
    }

    private void Do(Act act, CancellationToken cancellationToken)
    {
        foreach (var courier in _couriers)
        {
            var outcome = courier.Vendor.Apply(act);
            Books.Happened(outcome.Facts);
            foreach (var webhook in outcome.Webhooks)
                courier.Send(webhook, cancellationToken);
        }
    }
}
