using System.Runtime.InteropServices;
using ValueChainHub.Benchmarks;
using ValueChainHub.Benchmarks.Backfill;
using ValueChainHub.Benchmarks.Floors;
using ValueChainHub.Benchmarks.Kills;
using ValueChainHub.Benchmarks.Lookup;

const string Usage =
    """
    load  [--quick] [--seconds 30] [--floor-seconds 10] [--rounds 3] [--deliveries 40000] [--connections 64] [--body 4|10|both]
          [--no-pin] [--seed 1] [--server <dll>] [--directory <dir>] [--floors-only] [--stub <fault>] [--json <file>]
    kill  [--kills 50] [--connections 16] [--seed 1] [--no-pin] [--server <dll>] [--directory <dir>] [--stub <fault>] [--json <file>]
    kill  --during deliveries|replay|backfill|reconciliation|all [--kills 50] [--shoppers 20] [--seed 1] [--no-pin] [--server <dll>] [--directory <dir>] [--json <file>]
    lookup [--customers 100000] [--lookups 5000] [--connections 4] [--fill-connections 64] [--seed 1] [--no-pin] [--server <dll>] [--directory <dir>] [--json <file>]
    backfill [--customers 100000] [--orders 250000] [--kills 0] [--megabytes 400] [--write-back] [--seed 1] [--no-pin] [--server <dll>] [--directory <dir>] [--json <file>]
    floor hmac|group-commit|group-commit-body
    stub  None|Lose|Double|Cent|Hasty
    """;

using var stop = new CancellationTokenSource(TimeSpan.FromHours(6));
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

try
{
    switch (args)
    {
        case ["load", .. var options]:
            return await new LoadCommand(LoadSettings.Parse(new Arguments(options)), Console.Out).RunAsync(stop.Token);
        case ["kill", .. var options] when options.Contains("--during"):
            return await new KillDuringCommand(KillDuringSettings.Parse(new Arguments(options)), Console.Out).RunAsync(stop.Token);
        case ["kill", .. var options]:
            return await new KillCommand(KillSettings.Parse(new Arguments(options)), Console.Out).RunAsync(stop.Token);
        case ["lookup", .. var options]:
            return await new LookupCommand(LookupSettings.Parse(new Arguments(options)), Console.Out).RunAsync(stop.Token);
        case ["backfill", .. var options]:
            return await new BackfillCommand(BackfillSettings.Parse(new Arguments(options)), Console.Out).RunAsync(stop.Token);
        case ["floor", FloorServer.Hmac or FloorServer.Commit or FloorServer.CommitWithBody]:
            await FloorServer.RunAsync(args[1], stop.Token);
            return 0;
        case ["stub", var fault] when Enum.TryParse<StubFault>(fault, ignoreCase: true, out var known):
            await StubHub.RunAsync(known, stop.Token);
            return 0;
        default:
            Console.Error.WriteLine(Usage);
            return 2;
    }
}
catch (Exception failure) when (failure is ArgumentException or FormatException)
{
    Console.Error.WriteLine(failure.Message);
    Console.Error.WriteLine(Usage);
    return 2;
}
catch (Exception failure) // whatever it is: an exception that leaves Main would leave the servers running
{
    Console.Error.WriteLine(failure is OperationCanceledException ? "Stopped." : $"Failed: {failure.GetType().Name}: {failure.Message}");
    return 1;
}

// The servers are killed and the folders removed on the way out.
void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}
