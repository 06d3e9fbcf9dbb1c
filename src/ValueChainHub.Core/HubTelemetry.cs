using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace ValueChainHub.Core;

/// <summary>The hub's traces and metrics. Nothing that names a person or a secret is ever a tag.</summary>
public static class HubTelemetry
{
    public const string Name = "ValueChainHub";

    public static ActivitySource Activities { get; } = new(Name);

    public static Meter Meter { get; } = new(Name);

    /// <summary>Deliveries taken in, by connector and status.</summary>
    public static Counter<long> Received { get; } = Meter.CreateCounter<long>("hub.deliveries.received", "{delivery}");

    /// <summary>Deliveries folded, by connector and outcome.</summary>
    public static Counter<long> Folded { get; } = Meter.CreateCounter<long>("hub.deliveries.folded", "{delivery}");

    /// <summary>Events handed to the bus.</summary>
    public static Counter<long> Published { get; } = Meter.CreateCounter<long>("hub.events.published", "{event}");

    /// <summary>Writes to vendors, by destination and outcome: <c>written</c>, or the kind of failure. <c>unauthorized</c> is the one to be woken for.</summary>
    public static Counter<long> Written { get; } = Meter.CreateCounter<long>("hub.writes", "{write}");

    /// <summary>What is given up and waits for a person, as it is given up: by connector and stage, <c>intake</c> (deliveries that cannot be folded, things that cannot be fetched) or <c>delivery</c>.</summary>
    public static Counter<long> DeadLetters { get; } = Meter.CreateCounter<long>("hub.dead_letters", "{item}");

    /// <summary>Fields in which a destination differed from the hub, as the last run over all customers counted them; by destination.</summary>
    public static Gauge<long> Drift { get; } = Meter.CreateGauge<long>("hub.destinations.drift", "{field}");

    /// <summary>Calls of any kind that a vendor answered by refusing our credentials, by connector. Its line stays closed until a person has mended them.</summary>
    public static Counter<long> Unauthorized { get; } = Meter.CreateCounter<long>("hub.calls.unauthorized", "{call}");

    /// <summary>Times that a line's breaker opened, or stayed open after a try, by connector.</summary>
    public static Counter<long> LinesOpened { get; } = Meter.CreateCounter<long>("hub.lines.opened", "{opening}");

    /// <summary>From the receipt of the oldest event that is not published yet until now, as each try to publish begins; 0 when none waits.</summary>
    public static Gauge<double> OutboxAge { get; } = Meter.CreateGauge<double>("hub.outbox.age", "s");

    /// <summary>Webhooks that a reconciliation found lost, by connector.</summary>
    public static Counter<long> WebhooksLost { get; } = Meter.CreateCounter<long>("hub.webhooks.lost", "{webhook}");

    /// <summary>Of ten thousand changes those whose webhook was lost, by connector: as of its last reconciliation.</summary>
    public static Gauge<double> WebhooksLostShare { get; } = Meter.CreateGauge<double>("hub.webhooks.lost_per_10000", "{webhook}");

    /// <summary>Reconciliations that found more webhooks lost than the threshold allows, by connector.</summary>
    public static Counter<long> ReconciliationAlerts { get; } = Meter.CreateCounter<long>("hub.reconciliation.alerts", "{reconciliation}");

    /// <summary>From receipt to fold.</summary>
    public static Histogram<double> FoldDelay { get; } = Meter.CreateHistogram<double>("hub.deliveries.delay", "s");

    /// <summary>What the store charged, by operation and container.</summary>
    public static Counter<double> RequestUnits { get; } = Meter.CreateCounter<double>("hub.store.request_units", "{request_unit}");

    internal static void CountDeadLetter(string stage, string connector) => DeadLetters.Add(1, new("stage", stage), new("connector", connector));

    /// <summary>Starts a span under the trace that a delivery came with; null when nobody listens.</summary>
    public static Activity? StartUnder(string name, ActivityKind kind, string? traceParent) =>
        traceParent is not null && ActivityContext.TryParse(traceParent, null, isRemote: true, out var parent)
            ? Activities.StartActivity(name, kind, parent)
            : Activities.StartActivity(name, kind);
}
