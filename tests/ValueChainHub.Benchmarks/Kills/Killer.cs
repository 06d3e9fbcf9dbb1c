namespace ValueChainHub.Benchmarks.Kills;

/// <summary>Kills the hub at moments that the seed decides, in the middle of its work and while it comes up again, and leaves it running.</summary>
internal sealed class Killer(MortalHub hub, KilledWork work, Random dice)
{
    private const int LongestLife = 1500;
    private const double RecoveryKills = 0.25;

    public async Task<KillTally> KillAsync(int kills, int tries, CancellationToken cancellationToken)
    {
        var tally = new KillTally();
        for (var lives = 0; tally.Counted < kills && lives < tries && (lives == 0 || !await work.IsOverAsync(cancellationToken)); lives++)
        {
            await work.GoOnAsync(cancellationToken);
            await Task.Delay(dice.Next(LongestLife), cancellationToken);
            var isAtWork = await work.IsGoingOnAsync(cancellationToken);
            hub.Kill();
            tally += isAtWork ? new KillTally(AtWork: 1) : new KillTally(AtRest: 1);
            while (isAtWork && tally.Counted < kills && dice.NextDouble() < RecoveryKills)
            {
                hub.Start();
                await Task.Delay(hub.LastRecovery * (0.2 + (0.9 * dice.NextDouble())), cancellationToken);
                hub.Kill();
                tally += new KillTally(InRecovery: 1);
            }
            hub.Start();
            await hub.ReadyAsync();
        }
        return tally;
    }
}
