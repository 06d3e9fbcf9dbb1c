using System.Text;
using ValueChainHub.Core.Storage;
using ValueChainHub.Testing.Storage;

namespace ValueChainHub.Core.Tests.Storage;

/// <summary>An overlay answers as the store below would, and leaves that as it is.</summary>
public sealed class OverlayHubStoreTests
{
    private const string Container = HubContainers.Profiles;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Answers_what_a_store_would_that_took_the_writes()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var (random, below, twin) = (new Random(seed), new MemoryHubStore(), new MemoryHubStore());
            for (var i = 0; i < 15; i++)
                await BothAsync(below, twin, random);
            var before = await AllAsync(below);
            using var overlay = new OverlayHubStore(below, 1 << 20);
            for (var i = 0; i < 40; i++)
            {
                var (mine, theirs) = await BothAsync(overlay, twin, random);
                mine.ShouldBe(theirs, $"seed {seed}");
                (await RangeAsync(overlay, seed + i)).ShouldBe(await RangeAsync(twin, seed + i), $"seed {seed}");
            }
            (await AllAsync(below)).ShouldBe(before);
        }
    }

    [Fact]
    public async Task Sees_what_changes_below_and_keeps_what_it_wrote()
    {
        var below = new MemoryHubStore();
        using var overlay = new OverlayHubStore(below, 1 << 20);
        await PutAsync(overlay, "a", "mine");
        await PutAsync(below, "a", "theirs");
        await PutAsync(below, "b", "new");

        (await TextAsync(overlay, "a")).ShouldBe("mine");
        (await TextAsync(overlay, "b")).ShouldBe("new");
        (await TextAsync(below, "a")).ShouldBe("theirs");
    }

    [Fact]
    public async Task Holds_no_more_than_it_may()
    {
        using var overlay = new OverlayHubStore(new MemoryHubStore(), 10_000);

        for (var i = 0; i < 1_000; i++)
            await PutAsync(overlay, "same", new string('x', 5_000));
        await Should.ThrowAsync<OverlayFullException>(async () =>
        {
            for (var i = 0; i < 100; i++)
                await PutAsync(overlay, "n" + i, "");
        });
    }

    private static async Task<(string Mine, string Theirs)> BothAsync(IHubStore one, IHubStore other, Random random)
    {
        var (partition, ids) = ("p" + random.Next(2), Enumerable.Range(0, random.Next(1, 4)).Select(_ => "i" + random.Next(8)).Distinct().ToList());
        var (kinds, text) = (ids.ConvertAll(_ => random.Next(5)), random.Next(1_000).ToString(System.Globalization.CultureInfo.InvariantCulture));
        return (Say(await CommitAsync(one)), Say(await CommitAsync(other)));

        async Task<CommitResult> CommitAsync(IHubStore store)
        {
            var operations = new List<WriteOperation>();
            for (var i = 0; i < ids.Count; i++)
            {
                var (etag, body) = ((await store.ReadAsync(Container, partition, ids[i], Token))?.ETag, Encoding.UTF8.GetBytes(text));
                operations.Add(kinds[i] switch
                {
                    0 => new WriteOperation.Create(ids[i], body),
                    1 => new WriteOperation.Replace(ids[i], body, etag ?? "none"),
                    2 => new WriteOperation.Delete(ids[i], etag),
                    3 => new WriteOperation.Replace(ids[i], body, "stale"),
                    _ => new WriteOperation.Put(ids[i], body),
                });
            }
            return await store.CommitAsync(Container, partition, operations, Token);
        }

        static string Say(CommitResult result) => result is CommitResult.Refused refused ? refused.ToString() : "committed";
    }

    private static async Task<string> RangeAsync(IHubStore store, int seed)
    {
        var random = new Random(seed);
        var range = new IdRange(random.Next(2) == 0 ? null : "i" + random.Next(8), random.Next(2) == 0 ? null : "i" + random.Next(8), random.Next(2) == 0);
        var items = await store.ReadRangeAsync(Container, "p" + random.Next(2), range, random.Next(1, 9), Token);
        return string.Join(' ', items.Select(item => $"{item.Id}={Encoding.UTF8.GetString(item.Body.Span)}"));
    }

    private static async Task<IReadOnlyList<string>> AllAsync(MemoryHubStore store) =>
        [.. (await store.ReadFeedAsync(Container, FeedPosition.Beginning, 1_000, null, Token)).Changes.Select(change => $"{change.Item.Partition} {change.Item.Id} {change.Item.ETag}")];

    private static async Task PutAsync(IHubStore store, string id, string text) =>
        await store.CommitAsync(Container, "p", [new WriteOperation.Put(id, Encoding.UTF8.GetBytes(text))], Token);

    private static async Task<string> TextAsync(IHubStore store, string id) => Encoding.UTF8.GetString((await store.ReadAsync(Container, "p", id, Token))!.Body.Span);
}
