using System.Text;
using Shouldly;
using ValueChainHub.Core.Storage;
using Xunit;

namespace ValueChainHub.Testing.Storage;

/// <summary>The numbered cases of <see cref="IHubStore"/>. An adapter inherits them, says how it is opened, and passes.</summary>
public abstract partial class HubStoreContract : IAsyncLifetime
{
    protected const string Container = HubContainers.Profiles;

    /// <summary>The adapter's clock.</summary>
    protected ManualTime Time { get; } = new();

    protected IHubStore Store { get; private set; } = null!;

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>An empty store on <see cref="Time"/>.</summary>
    protected abstract Task<IHubStore> OpenAsync();

    /// <summary>A second instance over what the first has made durable. The first is not shut down in good order, where that can be had.</summary>
    protected abstract Task<IHubStore> ReopenAsync();

    /// <summary>A continuation for <see cref="Container"/> from another, empty store.</summary>
    protected abstract Task<FeedPosition> PositionOfAnotherStoreAsync();

    public virtual async ValueTask InitializeAsync() => Store = await OpenAsync();

    public abstract ValueTask DisposeAsync();

    protected static byte[] Body(string text) => Encoding.UTF8.GetBytes($$"""{"text":"{{text}}"}""");

    protected static WriteOperation.Create Create(string id, string text = "created", TimeSpan? timeToLive = null) => new(id, Body(text), timeToLive);

    protected static WriteOperation.Put Put(string id, string text = "put", TimeSpan? timeToLive = null) => new(id, Body(text), timeToLive);

    protected static string Text(StoredItem? item) => Encoding.UTF8.GetString(item.ShouldNotBeNull().Body.Span);

    protected async Task<CommitResult> CommitAsync(string partition, params WriteOperation[] operations) =>
        await Store.CommitAsync(Container, partition, operations, Token);

    /// <summary>Commits what must succeed; answers the first etag.</summary>
    protected async Task<string> CommittedAsync(string partition, params WriteOperation[] operations) =>
        (await CommitAsync(partition, operations)).ShouldBeOfType<CommitResult.Committed>().ETags[0] ?? "";

    protected async Task<StoredItem?> ReadAsync(string partition, string id) => await Store.ReadAsync(Container, partition, id, Token);

    protected async Task<IReadOnlyList<string>> RangeAsync(string partition, IdRange range, int limit = 100) =>
        [.. (await Store.ReadRangeAsync(Container, partition, range, limit, Token)).Select(item => item.Id)];

    protected async Task<FeedPage> FeedAsync(FeedPosition from, int limit = 100, string? idPrefix = null) =>
        await Store.ReadFeedAsync(Container, from, limit, idPrefix, Token);

    /// <summary>Reads on until nothing more waits.</summary>
    protected async Task<(IReadOnlyList<FeedChange> Changes, FeedPosition Next)> DrainAsync(FeedPosition from, int limit = 100, string? idPrefix = null)
    {
        var changes = new List<FeedChange>();
        while (true)
        {
            var page = await FeedAsync(from, limit, idPrefix);
            changes.AddRange(page.Changes);
            from = page.Next;
            if (!page.More)
            {
                return (changes, from);
            }
        }
    }

    protected static IEnumerable<string> Ids(IEnumerable<FeedChange> changes) => changes.Select(change => change.Item.Id);
}
