using System.Diagnostics;
using System.Globalization;
using ValueChainHub.Core.Storage;
using ValueChainHub.Infrastructure.Sqlite;

namespace ValueChainHub.Infrastructure.Tests.Sqlite;

/// <summary>A process is killed while it writes; the next one finds everything that was acknowledged, and no commit in part.</summary>
public sealed class SqliteKillTests : IAsyncLifetime
{
    private const string DirectoryVariable = "VALUECHAINHUB_TEST_VICTIM";
    private readonly SqliteFixture _fixture = new(TimeProvider.System);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public async Task Nothing_acknowledged_is_lost_when_the_process_is_killed()
    {
        var directory = _fixture.NewDirectory();
        await KillWhileWritingAsync(directory);

        var store = _fixture.Open(directory).Store;

        var acknowledged = Acknowledged(directory);
        acknowledged.Count.ShouldBeGreaterThan(2000);
        foreach (var number in acknowledged)
        {
            (await store.ReadRangeAsync(HubContainers.Profiles, $"p{number}", new IdRange(null, null), 10, Token)).Count.ShouldBe(2, $"commit {number}");
        }

        var feed = await store.ReadFeedAsync(HubContainers.Profiles, FeedPosition.Beginning, int.MaxValue, "b", Token);
        foreach (var change in feed.Changes)
        {
            (await store.ReadAsync(HubContainers.Profiles, change.Item.Partition, "a", Token)).ShouldNotBeNull();
        }
    }

    /// <summary>The process that is killed: runs for ever, and only when the test above starts it.</summary>
    [Fact(Explicit = true)]
    public async Task Writes_until_it_is_killed()
    {
        if (Environment.GetEnvironmentVariable(DirectoryVariable) is not { } directory)
        {
            Assert.Skip("Only for the test of a killed process.");
            return;
        }

        var store = SqliteHub.Open(new SqliteHubOptions { Directory = directory, LogBytes = 1 << 20 }, TimeProvider.System).Store;
        await using var acknowledged = new FileStream(AcknowledgedPath(directory), FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        await Parallel.ForAsync(0, int.MaxValue, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (number, token) =>
        {
            await store.CommitAsync(HubContainers.Profiles, $"p{number}", [new WriteOperation.Create("a", new byte[400]), new WriteOperation.Create("b", new byte[2000])], token);
            lock (acknowledged)
            {
                acknowledged.Write(System.Text.Encoding.ASCII.GetBytes($"{number}\n"));
            }
        });
    }

    private static async Task KillWhileWritingAsync(string directory)
    {
        using var victim = Process.Start(new ProcessStartInfo("dotnet", [typeof(SqliteKillTests).Assembly.Location, "-explicit", "only", "-method", "*." + nameof(Writes_until_it_is_killed)])
        {
            Environment = { [DirectoryVariable] = directory },
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        try
        {
            while (Acknowledged(directory).Count <= 2000)
            {
                victim.HasExited.ShouldBeFalse();
                await Task.Delay(50, Token);
            }
        }
        finally
        {
            victim.Kill();
            await victim.WaitForExitAsync(CancellationToken.None);
        }
    }

    private static string AcknowledgedPath(string directory) => Path.Combine(directory, "acknowledged");

    private static List<int> Acknowledged(string directory)
    {
        if (!File.Exists(AcknowledgedPath(directory)))
        {
            return [];
        }

        using var reader = new StreamReader(new FileStream(AcknowledgedPath(directory), FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        var text = reader.ReadToEnd();
        return [.. text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => int.Parse(line, CultureInfo.InvariantCulture))];
    }
}
