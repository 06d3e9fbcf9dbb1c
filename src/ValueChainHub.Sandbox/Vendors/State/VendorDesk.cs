using ValueChainHub.Sandbox.Wire;

namespace ValueChainHub.Sandbox.Vendors.State;

/// <summary>What every vendor keeps beside its customers: who wants to hear of what, which writes it accepted, and whom it tells when it was changed from outside.</summary>
public sealed class VendorDesk
{
    private readonly TimeProvider _time;

    /// <param name="name">The connector's name.</param>
    /// <param name="makes">The subscriptions that are there from the beginning; each an id and its topics.</param>
    /// <param name="time">What writes and subscriptions are dated by.</param>
    public VendorDesk(string name, IEnumerable<(string Id, IReadOnlyList<string> Topics)> makes, TimeProvider? time = null)
    {
        _time = time ?? TimeProvider.System;
        Writes = new(_time);
        foreach (var (id, topics) in makes)
            Subscriptions.Put(new(id, topics, AddressAt(new("https://hub.example"), name), Now));
    }

    public Subscriptions Subscriptions { get; } = new();

    public WriteLog Writes { get; }

    /// <summary>Takes what the vendor has to say of a change that was no act of the story: a write of a program's, an edit of a person's.</summary>
    public Action<Outcome>? Says { get; set; }

    /// <summary>Sends one webhook at once, and answers whether it was taken; for vendors that try an address before they believe it. Without one every address is believed.</summary>
    public Func<Webhook, CancellationToken, Task<bool>>? Pings { get; set; }

    internal Task<bool> PingAsync(Webhook webhook, CancellationToken cancellationToken) => Pings?.Invoke(webhook, cancellationToken) ?? Task.FromResult(true);

    /// <summary>The vendor's clock, in whole seconds as its times are.</summary>
    internal DateTimeOffset Now => new(_time.GetUtcNow().UtcTicks / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond, TimeSpan.Zero);

    /// <summary>Where webhooks of a connector go at a hub.</summary>
    public static string AddressAt(Uri hub, string name) => new Uri(hub, "/api/webhooks/" + name).AbsoluteUri;

    /// <summary>The vendor's present time for a change of something that was last changed then: of two changes of one thing the later is the later by the vendor's clock too.</summary>
    internal DateTimeOffset After(DateTimeOffset last) => After(last, Now);

    internal static DateTimeOffset After(DateTimeOffset last, DateTimeOffset at) => at > last ? at : last.AddSeconds(1);

    internal void Say(Outcome outcome)
    {
        if (outcome.Facts.Count > 0 || outcome.Webhooks.Count > 0)
            Says?.Invoke(outcome);
    }
}
