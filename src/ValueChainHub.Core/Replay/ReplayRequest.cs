using System.Text.Json.Serialization;
using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Intake;

namespace ValueChainHub.Core.Replay;

/// <summary>What is to be replayed. A member with a wrong name is refused: it would widen the replay in silence.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ReplayRequest
{
    /// <summary><c>intake</c> (unless said): kept deliveries are translated and folded again. <c>delivery</c>: destinations are told again, by <see cref="Send"/>.</summary>
    public string? Stage { get; init; }

    /// <summary>For the stage delivery: <c>state</c>, <c>deadLetters</c> or <c>events</c>.</summary>
    public string? Send { get; init; }

    /// <summary>What it is about; every member narrows.</summary>
    public ReplayFilter? Filter { get; init; }

    /// <summary>For the stage delivery: who is told. Every destination when left out; events are sent to those named only.</summary>
    public IReadOnlyList<string>? Destinations { get; init; }

    /// <summary>Says what it would do, and does nothing.</summary>
    public bool Plan { get; init; }

    /// <summary>Without a filter: everything is meant.</summary>
    public bool All { get; init; }
}

/// <summary>What a replay is about.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ReplayFilter
{
    /// <summary>Ids of deliveries (intake), the hub's or the vendor's.</summary>
    public IReadOnlyList<string>? Deliveries { get; init; }

    /// <summary>The connector that something came from.</summary>
    public string? Connector { get; init; }

    /// <summary>The vendor's word for what happened (intake).</summary>
    public string? Topic { get; init; }

    /// <summary>A type of chain event.</summary>
    public string? Type { get; init; }

    /// <summary>Received at this time or later.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Received before this time; for intake, never later than the start of the run.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>About this customer.</summary>
    public string? Customer { get; init; }

    /// <summary>In this state (intake): applied, quarantined, deadLettered or suppressed. Unless said, all of them but suppressed: what a person gave up stays so.</summary>
    public string? State { get; init; }

    internal bool IsEmpty => this == new ReplayFilter();
}

/// <summary>The words of a replay.</summary>
public static class ReplayWords
{
    public const string Kind = "replay";
    public const string Intake = "intake";
    public const string Delivery = "delivery";
    public const string State = "state";
    public const string DeadLetters = "deadLetters";
    public const string Events = "events";

    /// <summary>The origin of events that a replay gives rise to.</summary>
    public const string Origin = "replayed";
}

/// <summary>What is wrong with a request for a replay.</summary>
internal static class ReplayFaults
{
    /// <summary>Named one by one, deliveries are at most so many.</summary>
    private const int MostDeliveries = 1_000;

    private static readonly string[] States = [DeliveryStates.Applied, DeliveryStates.Quarantined, DeliveryStates.DeadLettered, DeliveryStates.Suppressed];

    /// <summary>The first fault, for people; null when there is none. Quotes names of the hub's own only.</summary>
    public static string? Of(ReplayRequest asked, ConnectorCatalog connectors)
    {
        var filter = asked.Filter ?? new();
        var request = asked with { Filter = filter };
        return OfWords(request) ?? OfFilter(filter, connectors) ?? OfDestinations(request, connectors) ?? OfWidth(request, filter);
    }

    private static string? OfWords(ReplayRequest request) => request switch
    {
        { Stage: not (null or ReplayWords.Intake or ReplayWords.Delivery) } => "The member stage must be intake or delivery.",
        { Stage: ReplayWords.Delivery, Send: not (ReplayWords.State or ReplayWords.DeadLetters or ReplayWords.Events) } => "The stage delivery needs the member send: state, deadLetters or events.",
        { Stage: ReplayWords.Delivery } => null,
        { Send: not null } => "The member send belongs to the stage delivery.",
        { Destinations: not null } => "The member destinations belongs to the stage delivery.",
        _ => null,
    };

    private static string? OfFilter(ReplayFilter filter, ConnectorCatalog connectors) => filter switch
    {
        { Connector: { } name } when connectors.Find(name) is null => "The member filter.connector names no configured connector.",
        { Type: { } type } when EventCatalogue.Find(type) is null => "The member filter.type is no type of event. GET /api/events/catalogue lists them.",
        { State: { } state } when !States.Contains(state, StringComparer.Ordinal) => $"The member filter.state must be one of: {string.Join(", ", States)}.",
        { Since: { } since, Until: { } until } when since >= until => "The member filter.since must be before filter.until.",
        { Deliveries.Count: 0 or > MostDeliveries } => $"The member filter.deliveries must name 1 to {MostDeliveries} deliveries.",
        _ => null,
    };

    private static string? OfDestinations(ReplayRequest request, ConnectorCatalog connectors)
    {
        if (request.Stage != ReplayWords.Delivery)
            return null;
        if (request.Destinations?.FirstOrDefault(name => !connectors.IsDestination(name)) is not null)
            return "The member destinations names a connector that is not written to. GET /api/operations/routes lists those that are.";
        if (request.Filter is { Deliveries: not null } or { Topic: not null } or { State: not null })
            return "The members filter.deliveries, filter.topic and filter.state belong to the stage intake.";
        return request switch
        {
            { Send: ReplayWords.State, Filter.Customer: null } => "To send a state again, filter.customer must say whose.",
            { Send: ReplayWords.State, Filter: { Connector: not null } or { Type: not null } or { Since: not null } or { Until: not null } } => "A state is the customer's present one: only filter.customer narrows it.",
            { Send: ReplayWords.DeadLetters, Filter: { Connector: not null } or { Type: not null } } => "Dead letters are narrowed by destinations, filter.customer, filter.since and filter.until.",
            { Send: ReplayWords.Events, Destinations: not { Count: > 0 } } => "To send events again, destinations must say where to.",
            { Send: ReplayWords.Events, Filter.Type: null } => "To send events again, filter.type must say which.",
            _ => null,
        };
    }

    /// <summary>What touches everything is asked for in so many words. A plan touches nothing.</summary>
    private static string? OfWidth(ReplayRequest request, ReplayFilter filter) =>
        request is { Plan: false, All: false, Destinations: null } && filter.IsEmpty
            ? "Without a filter this is about everything. Ask for it with \"plan\": true first, or say \"all\": true."
            : null;
}
