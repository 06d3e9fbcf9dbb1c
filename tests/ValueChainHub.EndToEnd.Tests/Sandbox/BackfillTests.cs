using ValueChainHub.Benchmarks.Backfill;

namespace ValueChainHub.EndToEnd.Tests.Sandbox;

/// <summary>The benchmark's command, small: the real server, a shop with a past, one kill -9 in the middle.</summary>
public sealed class BackfillTests
{
    [Fact]
    public async Task A_past_is_walked_once_in_little_memory_across_a_kill()
    {
        await using var output = new StringWriter();
        var settings = BackfillSettings.Parse(new(["--customers", "1000", "--orders", "2500", "--kills", "1", "--seed", "3", "--no-pin"]));

        var code = await new BackfillCommand(settings, output).RunAsync(TestContext.Current.CancellationToken);

        code.ShouldBe(0, output.ToString());
        output.ToString().ShouldContain("entities per second");
    }
}
