namespace ValueChainHub.Infrastructure.Sqlite;

/// <summary>The settings of the SQLite store and bus.</summary>
public sealed record SqliteHubOptions
{
    /// <summary>Where <c>hub.db</c> lies. Made if it is missing; held by one process at a time.</summary>
    public required string Directory { get; init; }

    /// <summary>How long a received message is hidden from other receivers. Five minutes, Service Bus's longest.</summary>
    public TimeSpan MessageLock { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long messages stay after every subscription has settled them; so long a repeated id is recognised. Seven days.</summary>
    public TimeSpan MessageRetention { get; init; } = TimeSpan.FromDays(7);

    /// <summary>The write-ahead log is brought back to its start when it grows past this many bytes. 64 MiB.</summary>
    public long LogBytes { get; init; } = 64L * 1024 * 1024;

    /// <summary>How many connections read at once. The number of cores, at least four.</summary>
    public int Readers { get; init; } = Math.Max(4, Environment.ProcessorCount);
}
