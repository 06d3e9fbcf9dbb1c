using System.Text.Json;
using System.Text.Json.Serialization;
using ValueChainHub.Core.Messaging;

namespace ValueChainHub.Infrastructure.Sqlite;

/// <summary>The messaging port over one SQLite file: one row a message, one cursor a subscription.</summary>
/// <remarks>
/// A message up to the cursor is settled unless the side table says that it is deferred or dead; one after it is settled only if the side table
/// has it. Locks and delivery counts of messages in hand are kept in memory: one process has the file, and when it dies its locks die with it,
/// so that receiving writes nothing and what was in hand comes again at once.
/// </remarks>
internal sealed partial class SqliteChainBus : IChainBus, IDisposable
{
    private readonly SqliteWriter _writer;
    private readonly SqliteSession _reader;
    private readonly ChangeSignal _changes;
    private readonly SqliteHubOptions _options;
    private readonly TimeProvider _time;
    private readonly Dictionary<string, Subscription> _subscriptions = [];

    // Guards the subscriptions, their leases and the reader. A message is looked for and leased under one hold of it.
    private readonly Lock _gate = new();
    private long _lastLock;

    public SqliteChainBus(SqliteWriter writer, SqliteSession reader, SqliteStart start, SqliteHubOptions options, TimeProvider time)
    {
        (_writer, _reader, _changes, _options, _time) = (writer, reader, start.Messages, options, time);
        var known = reader.Messages.Subscriptions;
        while (known.Step())
        {
            _subscriptions.Add(known.Text(1), new Subscription(known.Int64(0), known.Int64(2)));
        }

        known.Reset();
    }

    private long Now => _time.GetUtcNow().ToUnixTimeMilliseconds();

    public void Dispose() => _reader.Dispose();

    private Subscription Known(string subscription)
    {
        lock (_gate)
        {
            return _subscriptions.TryGetValue(subscription, out var known) ? known : throw new ArgumentException($"There is no subscription '{subscription}'.", nameof(subscription));
        }
    }

    /// <summary>Reads under the gate, and says faults in the words of the port.</summary>
    private TAnswer Reading<TAnswer>(Func<MessageStatements, TAnswer> read)
    {
        try
        {
            lock (_gate)
            {
                return read(_reader.Messages);
            }
        }
        catch (SqliteFault fault)
        {
            throw Unavailable(fault);
        }
    }

    private static BusUnavailableException Unavailable(SqliteFault fault) => new(fault.Message, fault);

    private static BusMessage Message(SqliteStatement row) => new(
        row.Text(1),
        row.Text(2),
        row.Text(3),
        row.Bytes(5).ToArray(),
        JsonSerializer.Deserialize(row.Bytes(4), BusJson.Default.DictionaryStringString) ?? []);

    /// <summary>A subscription and what its receivers have in hand.</summary>
    private sealed class Subscription(long number, long cursor)
    {
        public long Number => number;

        /// <summary>Messages up to here have been handed out at least once.</summary>
        public long Position { get; set; } = cursor;

        public Dictionary<long, Lease> Leases { get; } = [];
    }

    /// <summary>A message in a receiver's hand, until it is settled or its time is over.</summary>
    private sealed record Lease(string Lock, long Until, int Deliveries)
    {
        /// <summary>Being settled: not to be handed out again, whatever the time.</summary>
        public bool Settling { get; set; }
    }

    /// <summary>What the side table says of a message.</summary>
    private enum Exceptional
    {
        /// <summary>Settled while an earlier message was not: the cursor will pass it.</summary>
        Done = 0,
        Deferred = 1,
        Dead = 2,
    }

    private abstract class BusWork<TAnswer>(CancellationToken cancellationToken) : SqliteWork<TAnswer>(cancellationToken)
    {
        protected override Exception Explain(SqliteFault fault) => Unavailable(fault);
    }

    [JsonSerializable(typeof(Dictionary<string, string>))]
    [JsonSerializable(typeof(IReadOnlyDictionary<string, string>))]
    private sealed partial class BusJson : JsonSerializerContext;
}
