namespace ValueChainHub.Heads.Tests.Conventions;

/// <summary>Members by which code would learn the time, or throw dice, without having been handed either.</summary>
internal static class ClockAndChance
{
    private static readonly string[] Members =
    [
        "System.DateTime.get_Now", "System.DateTime.get_UtcNow", "System.DateTime.get_Today",
        "System.DateTimeOffset.get_Now", "System.DateTimeOffset.get_UtcNow",
        "System.TimeProvider.get_System", "System.Environment.get_TickCount", "System.Environment.get_TickCount64",
        "System.Guid.NewGuid", "System.Guid.CreateVersion7",
    ];

    private static readonly string[] Types =
        ["System.Random.", "System.Diagnostics.Stopwatch.", "System.Security.Cryptography.RandomNumberGenerator.", "System.Threading.Thread.Sleep"];

    public static IEnumerable<string> UsedBy(CompiledCode code) =>
        code.Members.Where(member => Members.Contains(member) || Types.Any(type => member.StartsWith(type, StringComparison.Ordinal)));
}
