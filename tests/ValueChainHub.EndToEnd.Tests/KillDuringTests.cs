using ValueChainHub.Benchmarks.Kills;

namespace ValueChainHub.EndToEnd.Tests;

/// <summary>kill -9 in the middle of each long work, with write-back on and vendors that live on: the command of the benchmarks, with few kills.</summary>
public sealed class KillDuringTests
{
    private const int Kills = 3;
    private const int Shoppers = 6;

    [Theory]
    [InlineData(KillDuringSettings.Deliveries)]
    [InlineData(KillDuringSettings.Replay)]
    [InlineData(KillDuringSettings.Backfill)]
    [InlineData(KillDuringSettings.Reconciliation)]
    public async Task All_resumes_and_nothing_is_lost_or_doubled_at_any_vendor_when_the_hub_is_killed_during(string work)
    {
        using var output = new StringWriter();
        var settings = KillDuringSettings.Parse(new(["--during", work, "--kills", $"{Kills}", "--shoppers", $"{Shoppers}", "--no-pin"]));

        var code = await new KillDuringCommand(settings, output).RunAsync(TestContext.Current.CancellationToken);

        code.ShouldBe(0, output.ToString());
        output.ToString().ShouldContain($"{Kills} kills in the middle of the work");
        output.ToString().ShouldContain("PROVED");
    }
}
