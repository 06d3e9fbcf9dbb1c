using System.Net;
using System.Text.Json;
using Microsoft.Azure.Cosmos;
using ValueChainHub.Core.Storage;

namespace ValueChainHub.Infrastructure.Cosmos;

/// <remarks>The feed is pulled: the position is the hub's own item, written together with the counts of what was passed (ADR 6, ADR 17).</remarks>
internal sealed partial class CosmosHubStore
{
    /// <summary>More than the operations of one commit, which share a number; see <see cref="FeedChange.Sequence"/>.</summary>
    private const long NumbersPerCommit = 128;

    /// <summary>With an id prefix a read passes at most so many changes for each that was asked for.</summary>
    private const int MostPassedForOne = 4;

    /// <summary>Of a large page this share is not asked for, so that the last commit, which comes whole, has room: what is cut off is read, and paid, again.</summary>
    private const int SpareShare = 16;

    /// <summary>The service's times are whole seconds.</summary>
    private static readonly TimeSpan Grain = TimeSpan.FromSeconds(2);

    public async ValueTask<FeedPage> ReadFeedAsync(string container, FeedPosition from, int limit, string? idPrefix, CancellationToken cancellationToken)
    {
        StoreArguments.CheckFeed(container, from, limit);
        var (changes, token, passed, spare) = (new List<FeedChange>(), TokenOf(container, from), 0, limit / SpareShare);
        while (changes.Count < limit - spare && passed < limit * MostPassedForOne)
        {
            var page = await PageAsync(container, token, limit - spare - changes.Count, cancellationToken);
            if (page.Changes is not { } found)
                return new(changes, FeedPosition.FromContinuation((token with { Sdk = page.Continuation }).Write()), More: false);
            var part = PartOf(found, token);
            var rest = part is null ? found : found.FindAll(change => IsAfter(change, part));
            var taken = Take(rest, limit - changes.Count, idPrefix, changes);
            passed += taken;
            token = taken == rest.Count ? token.After(page.Continuation, part) : token.Inside(part, PartUpTo(rest[taken - 1], found.Count - rest.Count + taken));
        }
        return new(changes, FeedPosition.FromContinuation(token.Write()), More: true);
    }

    public async ValueTask WaitForChangesAsync(string container, FeedPosition from, TimeSpan patience, CancellationToken cancellationToken)
    {
        StoreArguments.CheckFeed(container, from, 1);
        var began = time.GetTimestamp();
        while (true)
        {
            var next = _signals[container].Next;
            if (await HasChangesAsync(container, from, cancellationToken))
                return;
            var left = patience - time.GetElapsedTime(began);
            if (left <= TimeSpan.Zero)
                return;
            if (await HappensWithinAsync(next, left < pollPeriod ? left : pollPeriod, cancellationToken))
                return;
        }
    }

    private async ValueTask<bool> HasChangesAsync(string container, FeedPosition from, CancellationToken cancellationToken)
    {
        var token = TokenOf(container, from);
        var page = await PageAsync(container, token, 1, cancellationToken);
        return page.Changes is { } changes && (PartOf(changes, token) is not { } part || changes.Exists(change => IsAfter(change, part)));
    }

    private async ValueTask<bool> HappensWithinAsync(Task signal, TimeSpan wait, CancellationToken cancellationToken)
    {
        try
        {
            await signal.WaitAsync(wait, time, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private FeedToken TokenOf(string container, FeedPosition from) => from.Continuation is { } continuation
        ? FeedToken.Read(continuation, containers[container].Resource)
        : new(containers[container].Resource, null, from.At?.ToUnixTimeSeconds());

    private FeedIterator Pages(string container, FeedToken token, int limit)
    {
        var start = token switch
        {
            { Sdk: { } continuation } => ChangeFeedStartFrom.ContinuationToken(continuation),
            { At: { } seconds } => ChangeFeedStartFrom.Time((DateTimeOffset.FromUnixTimeSeconds(seconds) - Grain).UtcDateTime),
            _ => ChangeFeedStartFrom.Beginning(),
        };
        return containers[container].Container.GetChangeFeedStreamIterator(start, ChangeFeedMode.Incremental, new ChangeFeedRequestOptions { PageSizeHint = limit + (token.Passed?.Sum(part => part.Count) ?? 0) });
    }

    /// <summary>One page of one range; none when no range has anything new. Each from an iterator of its own, so that none brings more than is wanted: what is brought is paid.</summary>
    private async ValueTask<CosmosPage> PageAsync(string container, FeedToken token, int limit, CancellationToken cancellationToken)
    {
        using var pages = Pages(container, token, limit);
        return await calls.DoAsync("feed", container, isWrite: false, cancellation => ReadFeedPageAsync(container, pages, cancellation), cancellationToken);
    }

    private static async Task<(CosmosPage Page, double Charge)> ReadFeedPageAsync(string container, FeedIterator pages, CancellationToken cancellationToken)
    {
        using var response = await pages.ReadNextAsync(cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotModified)
            return (new(null, response.ContinuationToken), response.Headers.RequestCharge);
        if (response.StatusCode == HttpStatusCode.Gone)
            throw new ContinuationExpiredException($"The change feed of '{container}' cannot be read on from this continuation.");
        if (!response.IsSuccessStatusCode)
            throw Fault(response, isWrite: false);
        return (new(Changes(Documents(response.Content)), response.ContinuationToken), response.Headers.RequestCharge);
    }

    /// <summary>In the order of their commits; the changes of one commit in the order of their ids, so that a page can be cut between them.</summary>
    private static List<CosmosChange> Changes(List<JsonElement> documents) =>
        [.. documents.Select(document => new CosmosChange(CosmosItem.Read(document), document.GetProperty("_lsn"u8).GetInt64())).OrderBy(change => change.Lsn).ThenBy(change => change.Item.Id, StringComparer.Ordinal)];

    /// <summary>Takes up to so many; answers how many of the page were passed for that.</summary>
    private static int Take(List<CosmosChange> page, int limit, string? idPrefix, List<FeedChange> changes)
    {
        var (passed, taken, number, lsn) = (0, 0, 0L, -1L);
        for (; passed < page.Count && taken < limit; passed++)
        {
            var change = page[passed];
            (lsn, number) = (change.Lsn, change.Lsn == lsn ? number + 1 : 0);
            if (idPrefix is not null && !change.Item.Id.StartsWith(idPrefix, StringComparison.Ordinal))
                continue;
            changes.Add(new(change.Item, (change.Lsn * NumbersPerCommit) + number));
            taken++;
        }
        return passed;
    }

    private static bool IsAfter(CosmosChange change, PagePart passed) =>
        change.Lsn > passed.Lsn || (change.Lsn == passed.Lsn && string.CompareOrdinal(change.Item.Id, passed.Id) > 0);

    /// <summary>How much of this page was answered before, if it is a page of which some was.</summary>
    private static PagePart? PartOf(List<CosmosChange> page, FeedToken token) =>
        token.Passed?.FirstOrDefault(part => page.Exists(change => change.Lsn == part.Lsn && change.Item.Partition == part.Partition));

    private static PagePart PartUpTo(CosmosChange last, int count) => new(last.Item.Partition, last.Lsn, last.Item.Id, count);

    private sealed record CosmosPage(List<CosmosChange>? Changes, string Continuation);

    private sealed record CosmosChange(StoredItem Item, long Lsn);
}
