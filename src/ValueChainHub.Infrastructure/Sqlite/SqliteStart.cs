using ValueChainHub.Core.Storage;

namespace ValueChainHub.Infrastructure.Sqlite;

/// <summary>Where a database stood when it was opened.</summary>
/// <param name="StoreId">Random, made with the file. Continuations carry it.</param>
/// <param name="LastSequence">No sequence up to this one is given out again.</param>
/// <param name="LastTime">The time of the newest item.</param>
internal sealed record SqliteStart(string StoreId, long LastSequence, long LastTime, ChangeSignal[] Containers, ChangeSignal Messages)
{
    public static SqliteStart Read(SqliteSession session)
    {
        var newest = HubContainers.All.Select(container => session.Scalar($"SELECT max(seq) FROM {container}") ?? 0).ToArray();
        var times = HubContainers.All.Select(container => session.Scalar($"SELECT at FROM {container} ORDER BY seq DESC LIMIT 1") ?? 0);
        var message = session.Scalar("SELECT max(seq) FROM messages") ?? 0;
        var floor = session.Scalar("SELECT value FROM meta WHERE name = 'floor'") ?? 0;
        return new SqliteStart(
            session.ScalarText("SELECT value FROM meta WHERE name = 'store'"),
            Math.Max(floor, Math.Max(message, newest.Max())),
            times.Max(),
            [.. newest.Select(sequence => new ChangeSignal(sequence))],
            new ChangeSignal(message));
    }
}
