using System.Globalization;
using ValueChainHub.Connectors.Kit;
using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Connectors.Gladly;

/// <summary>An organisation is walked by what happened in it: Gladly lists neither customers nor conversations, and keeps its events for 24 hours.</summary>
public sealed partial class GladlyConnector : IWalkConnector
{
    private const string EventsStream = "events";
    private const string Form = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    /// <summary>What is asked for at a time: a day of a busy organisation is no page.</summary>
    private static readonly TimeSpan Span = TimeSpan.FromHours(1);

    /// <summary>Gladly answers the last 24 hours; a minute less, for clocks and the way.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromHours(24) - TimeSpan.FromMinutes(1);

    /// <summary>The families of events that the hub reads [K].</summary>
    private static readonly string[] Entities = ["CONTACT", "CONVERSATION", "CUSTOMER", "TASK"];

    private static readonly WalkStream[] Streams = [new(EventsStream) { Overlap = TimeSpan.FromMinutes(15), HasBeginning = false }];

    public bool CanWalk => _api is not null;

    public IReadOnlyList<WalkStream> WalkStreams => Streams;

    /// <summary>What happened in an hour, as its webhooks say it. The profiles and conversations that they point at are fetched like those of webhooks.</summary>
    public async Task<WalkOutcome> WalkAsync(WalkRequest request, CancellationToken cancellationToken)
    {
        if (_api is not { } api)
            return Walks.NoKey;
        if (request.Stream != EventsStream)
            return Walks.NoStream;
        var (oldest, at) = (request.Until - Kept, Read(request.Cursor) ?? request.Since ?? DateTimeOffset.MinValue);
        var from = at > oldest ? at : oldest;
        var to = from + Span < request.Until ? from + Span : request.Until;
        if (to <= from)
            return new WalkOutcome.Page([], request.Cursor, HasMore: false);
        var (events, failure) = await api.EventsAsync(from, to, Entities, cancellationToken);
        return events is null
            ? Walks.Failed(failure!.Value)
            : new WalkOutcome.Page([.. events.Select(Happening)], to.UtcDateTime.ToString(Form, CultureInfo.InvariantCulture), HasMore: to < request.Until);
    }

    /// <summary>Gladly counts nothing.</summary>
    public Task<CountOutcome> CountAsync(string stream, CancellationToken cancellationToken) => Task.FromResult<CountOutcome>(new CountOutcome.Counted(null));

    /// <summary>Known by id and type, as a webhook is.</summary>
    private static WalkedThing.Happening Happening(VendorItem happened)
    {
        var body = happened.Bytes();
        var (id, topic) = Envelope(body);
        return new(id, happened.UpdatedAt, topic, body);
    }

    private static DateTimeOffset? Read(string? cursor) =>
        DateTimeOffset.TryParseExact(cursor, Form, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null;
}
