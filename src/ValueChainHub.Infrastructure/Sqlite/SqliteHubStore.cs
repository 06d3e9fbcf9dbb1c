using System.Globalization;
using System.Text;
using ValueChainHub.Core.Storage;

namespace ValueChainHub.Infrastructure.Sqlite;

/// <summary>The storage port over one SQLite file.</summary>
internal sealed partial class SqliteHubStore(SqliteWriter writer, SqliteReaders readers, SqliteStart start, TimeProvider time) : IHubStore
{
    private static readonly int Inbox = Index(HubContainers.Inbox);

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    private static int Index(string container)
    {
        for (var index = 0; index < HubContainers.All.Count; index++)
        {
            if (HubContainers.All[index] == container)
            {
                return index;
            }
        }

        throw new ArgumentException("The hub has no container of this name.", nameof(container));
    }

    private static byte[] Key(string partition, string id) => Encoding.UTF8.GetBytes($"{partition}/{id}");

    private static StoredItem Item(ReadOnlySpan<byte> key, long sequence, ReadOnlySpan<byte> body)
    {
        var slash = key.IndexOf((byte)'/');
        return new StoredItem(Encoding.UTF8.GetString(key[..slash]), Encoding.UTF8.GetString(key[(slash + 1)..]), body.ToArray(), ETag(sequence));
    }

    private static string ETag(long sequence) => sequence.ToString(CultureInfo.InvariantCulture);

    private static StoreUnavailableException Unavailable(SqliteFault fault) => new(fault.Message, fault.OutcomeUnknown, fault);
}
