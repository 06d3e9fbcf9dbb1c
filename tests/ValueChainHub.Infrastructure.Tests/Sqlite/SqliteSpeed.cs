using System.Diagnostics;
using System.Globalization;
using ValueChainHub.Core.Messaging;
using ValueChainHub.Core.Storage;
using ValueChainHub.Infrastructure.Sqlite;

namespace ValueChainHub.Infrastructure.Tests.Sqlite;

/// <summary>Not tests: measurements, run by hand on a Release build with <c>-explicit only</c>.</summary>
public sealed class SqliteSpeed(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Seconds = 4;
    private readonly SqliteFixture _fixture = new(TimeProvider.System);
    private long _next;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Theory(Explicit = true)]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(64)]
    [InlineData(256)]
    public async Task Creates_of_500_bytes(int callers)
    {
        var hub = _fixture.Open();
        var body = RandomBody(500);
        await MeasureAsync("creates of 500 B", hub, callers, () => CreateAsync(hub.Store, HubContainers.Profiles, body));
    }

    [Theory(Explicit = true)]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(64)]
    public async Task Mixed_creates_and_replaces(int callers)
    {
        var hub = _fixture.Open();
        await FillAsync(hub.Store, 20_000);
        await MeasureAsync("60 % creates, 40 % puts of 0.5 to 2 KB", hub, callers, () => Random.Shared.Next(10) < 6
            ? CreateAsync(hub.Store, HubContainers.Profiles, RandomBody(Random.Shared.Next(500, 2000)))
            : hub.Store.CommitAsync(HubContainers.Profiles, Partition(Random.Shared.Next(20_000)), [new WriteOperation.Put("state", RandomBody(Random.Shared.Next(500, 2000)))], CancellationToken.None));
    }

    [Theory(Explicit = true)]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(64)]
    public async Task Inbox_rows_of_4_KB(int callers)
    {
        var hub = _fixture.Open();
        var body = RandomBody(4000);
        await MeasureAsync("inbox rows of 4 KB with a time to live", hub, callers, () =>
            hub.Store.CommitAsync(HubContainers.Inbox, Partition(Interlocked.Increment(ref _next)), [new WriteOperation.Create("delivery", body, TimeSpan.FromDays(90))], CancellationToken.None));
    }

    [Theory(Explicit = true)]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(64)]
    public async Task Folds_of_three_operations(int callers)
    {
        var hub = _fixture.Open();
        var body = RandomBody(700);
        await MeasureAsync("folds: entity, state, event", hub, callers, () =>
        {
            var number = Interlocked.Increment(ref _next);
            return hub.Store.CommitAsync(
                HubContainers.Profiles,
                Partition(number % 20_000),
                [new WriteOperation.Put($"entity-{number % 3}", body), new WriteOperation.Put("state", body), new WriteOperation.Create($"event-{number}", body)],
                CancellationToken.None);
        });
    }

    [Theory(Explicit = true)]
    [InlineData(1)]
    [InlineData(16)]
    public async Task Reads(int callers)
    {
        var hub = _fixture.Open();
        await FillAsync(hub.Store, 100_000);
        await MeasureAsync("reads by key", hub, callers, async () => await hub.Store.ReadAsync(HubContainers.Profiles, Partition(Random.Shared.Next(100_000)), "state", CancellationToken.None));
        var position = FeedPosition.Beginning;
        var (watch, count) = (Stopwatch.StartNew(), 0);
        for (var more = true; more;)
        {
            var page = await hub.Store.ReadFeedAsync(HubContainers.Profiles, position, 200, null, CancellationToken.None);
            (position, more, count) = (page.Next, page.More, count + page.Changes.Count);
        }

        output.WriteLine($"feed: {count / watch.Elapsed.TotalSeconds:N0} changes/s");
    }

    [Fact(Explicit = true)]
    public async Task Messages()
    {
        var bus = _fixture.Open().Bus;
        await bus.SubscribeAsync("one", CancellationToken.None);
        var (watch, count, body) = (Stopwatch.StartNew(), 20_000, RandomBody(700));
        await Parallel.ForEachAsync(Enumerable.Range(0, count / 10), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (batch, token) =>
            await bus.PublishAsync([.. Enumerable.Range(0, 10).Select(number => new BusMessage($"{batch}-{number}", "p", "t", body, new Dictionary<string, string>()))], token));
        output.WriteLine($"published: {count / watch.Elapsed.TotalSeconds:N0}/s in tens");

        watch.Restart();
        for (var settled = 0; settled < count;)
        {
            var received = await bus.ReceiveAsync("one", 64, TimeSpan.FromSeconds(1), CancellationToken.None);
            await Task.WhenAll(received.Select(message => bus.CompleteAsync(message, CancellationToken.None).AsTask()));
            settled += received.Count;
        }

        output.WriteLine($"received and completed: {count / watch.Elapsed.TotalSeconds:N0}/s, 64 in hand");
    }

    private static string Partition(long number) => $"profile-{unchecked((ulong)number * 0x9E3779B97F4A7C15):x16}";

    private static byte[] RandomBody(int length)
    {
        var body = new byte[length];
        Random.Shared.NextBytes(body);
        return body;
    }

    private static async Task FillAsync(IHubStore store, int items) =>
        await Parallel.ForAsync(0, items, new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (number, token) =>
            await store.CommitAsync(HubContainers.Profiles, Partition(number), [new WriteOperation.Create("state", RandomBody(1000))], token));

    private ValueTask<CommitResult> CreateAsync(IHubStore store, string container, byte[] body) =>
        store.CommitAsync(container, Partition(Interlocked.Increment(ref _next)), [new WriteOperation.Create("event-1", body)], CancellationToken.None);

    private async Task MeasureAsync<T>(string what, SqliteHub hub, int callers, Func<ValueTask<T>> act)
    {
        await act();
        var before = hub.Figures();
        var (times, until, processor, watch) = (new List<long>[callers], Stopwatch.GetTimestamp() + (Seconds * Stopwatch.Frequency), Process.GetCurrentProcess().TotalProcessorTime, Stopwatch.StartNew());
        await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            times[caller] = new List<long>(1 << 16);
            while (Stopwatch.GetTimestamp() is var started && started < until)
            {
                await act();
                times[caller].Add(Stopwatch.GetTimestamp() - started);
            }
        })));
        var elapsed = watch.Elapsed.TotalSeconds;
        var all = times.SelectMany(time => time).Order().ToList();
        var after = hub.Figures();
        double Percentile(double share) => Stopwatch.GetElapsedTime(0, all[(int)(all.Count * share)]).TotalMilliseconds;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{what}, {callers} callers: {all.Count / elapsed:N0}/s, p50 {Percentile(0.5):N2} ms, p99 {Percentile(0.99):N2} ms, p99.9 {Percentile(0.999):N2} ms, longest {Percentile(0.9999999):N1} ms; " +
            $"{all.Count / Math.Max(1.0, after.Groups - before.Groups):N1} a group, log {after.LogBytes >> 20} MiB, file {after.DatabaseBytes >> 20} MiB, cores {(Process.GetCurrentProcess().TotalProcessorTime - processor).TotalSeconds / elapsed:N2}"));
    }
}
