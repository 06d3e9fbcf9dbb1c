using ValueChainHub.Connectors.Kit;
using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Connectors.Shopify;

/// <summary>Walks a list from its beginning by a bulk operation: the shop writes all of it into a file by itself, and the hub reads that file piece by piece.</summary>
/// <remarks>An operation that this walk has started and lost is found again by its document and time. When the shop cannot make the file, the walk goes by pages, as it did before there were files.</remarks>
internal sealed class ShopifyExports(ShopifyAdmin admin, ShopifyFile file, TimeProvider time)
{
    private const int MostTries = 3;

    /// <summary>A page of the walk: so many things, or those of a piece of so many bytes.</summary>
    private const int MostThings = 250, Piece = 1024 * 1024, LargestPiece = 16 * Piece;

    /// <summary>The shop's clock and ours.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan ShortestWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    /// <summary>The file that was read last: an address holds for seven days, and is not asked for with every page.</summary>
    private volatile Known? _known;

    /// <summary>The next page is read from a file whose address is known.</summary>
    public bool HasFileOf(ShopifyExport at) => _known is { } known && known.Id == at.Id;

    /// <param name="kind">What is walked.</param>
    /// <param name="at">How far it is.</param>
    /// <param name="begunAt">When the walk began: an operation from before says nothing of what was there then.</param>
    /// <param name="cancellationToken">The caller's own.</param>
    public async Task<WalkOutcome> PageAsync(ShopifyExportKind kind, ShopifyExport at, DateTimeOffset begunAt, CancellationToken cancellationToken)
    {
        if (at.Id is null)
            return await StartAsync(kind, at, begunAt, cancellationToken);
        if (_known is { } known && known.Id == at.Id)
            return await ReadAsync(kind, at, known.Url, cancellationToken);
        var (states, failure) = await admin.ExportAsync(at.Id, cancellationToken);
        if (states is null)
            return Walks.Failed(failure!.Value);
        return states switch
        {
            [{ IsAtWork: true } state] => AtWork(state),
            [{ IsDone: true, Url: null }] => End(at),
            [{ IsDone: true, Url: { } url }] when !file.Takes(url) => new WalkOutcome.Failed(FailureKind.Refused, "the file of the bulk operation is at another host than the vendor's"),
            [{ IsDone: true, Url: { } url }] => await ReadAsync(kind, at, (_known = new(at.Id, url)).Url, cancellationToken),
            _ => Lost(at, states is [var gone] ? gone.ErrorCode ?? gone.Status : "unknown"),
        };
    }

    private async Task<WalkOutcome> StartAsync(ShopifyExportKind kind, ShopifyExport at, DateTimeOffset begunAt, CancellationToken cancellationToken)
    {
        var (latest, unseen) = await admin.ExportsAsync(cancellationToken);
        if (latest is null)
            return Walks.Failed(unseen!.Value);
        if (latest.FirstOrDefault(one => (one.IsAtWork || one.IsDone) && one.CreatedAt >= begunAt - Skew && IsSame(one.Document, kind.Document)) is { } own)
            return Go(at with { Id = own.Id });
        var (id, failure) = await admin.RunExportAsync(kind.Document, kind.HasParts, cancellationToken);
        if (id is not null)
            return Go(at with { Id = id });
        return failure!.Value switch
        {
            { Marks.Code: "OPERATION_IN_PROGRESS" or "LIMIT_REACHED" } => new WalkOutcome.Failed(FailureKind.Throttled, "another bulk operation of this app is under way", time.GetUtcNow() + LongestWait),
            { Kind: FailureKind.Refused } => ByPages(),
            var other => Walks.Failed(other),
        };
    }

    private async Task<WalkOutcome> ReadAsync(ShopifyExportKind kind, ShopifyExport at, Uri url, CancellationToken cancellationToken)
    {
        for (var length = Piece; length <= LargestPiece; length *= 4)
        {
            var (piece, failure) = await file.ReadAsync(url, at.From, length, cancellationToken);
            if (piece is null)
            {
                _known = null;
                return Walks.Failed(failure!.Value);
            }
            if (Records(piece) is not { } read)
                return new WalkOutcome.Failed(FailureKind.Refused, "the file of the bulk operation is not of the form that the hub reads");
            if (read.Records.Count > 0 || read.IsAll)
                return Page(kind, at, read);
        }
        return new WalkOutcome.Failed(FailureKind.Refused, "a thing of the bulk operation's file is larger than 16 MiB");
    }

    private static ShopifyRecords? Records(ShopifyPiece piece)
    {
        try
        {
            return ShopifyRecords.Read(piece.Bytes, piece.IsEnd, MostThings);
        }
        catch (UnreadableBodyException)
        {
            return null;
        }
    }

    private static WalkOutcome.Page Page(ShopifyExportKind kind, ShopifyExport at, ShopifyRecords read)
    {
        var highest = read.Records.Select(record => long.TryParse(record.Item.Id, System.Globalization.CultureInfo.InvariantCulture, out var id) ? id : 0).Append(at.Highest).Max();
        var next = at with { From = at.From + read.Length, Highest = highest };
        return new([.. read.Records.SelectMany(kind.Things)], read.IsAll ? next.Tail.ToString() : next.ToString(), !read.IsAll);
    }

    private WalkOutcome.Failed AtWork(ShopifyExportState state)
    {
        var now = time.GetUtcNow();
        var wait = TimeSpan.FromTicks(Math.Clamp((now - state.CreatedAt.GetValueOrDefault(now)).Ticks / 10, ShortestWait.Ticks, LongestWait.Ticks));
        return new(FailureKind.Throttled, $"the shop is writing the file ({state.Status}, {state.Objects ?? "no"} lines so far)", now + wait);
    }

    /// <summary>The operation has failed, was cancelled or has expired: before anything was read of it another one, or the pages, say the same.</summary>
    private static WalkOutcome Lost(ShopifyExport at, string why)
    {
        if (at.From > 0)
            return new WalkOutcome.Failed(FailureKind.Refused, $"the file of the bulk operation went before it was read to its end ({why}). Start the backfill again");
        return at.Tries + 1 < MostTries ? Go(new(at.Tries + 1, null, 0, 0)) : ByPages();
    }

    private static WalkOutcome.Page Go(ShopifyExport next) => new([], next.ToString(), true);

    private static WalkOutcome.Page ByPages() => new([], new ShopifyRoll(null, null, 0).ToString(), true);

    private static WalkOutcome.Page End(ShopifyExport at) => new([], at.Tail.ToString(), false);

    /// <summary>Whatever blanks the shop keeps.</summary>
    private static bool IsSame(string? told, string own) => told is not null && Words(told).SequenceEqual(Words(own), StringComparer.Ordinal);

    private static string[] Words(string document) => document.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    private sealed record Known(string Id, Uri Url);
}
