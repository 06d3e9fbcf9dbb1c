using System.Text;
using ValueChainHub.CosmosWire.Wire;

namespace ValueChainHub.CosmosWire.Store;

/// <summary>The limits of the service that an adapter can run into.</summary>
/// <remarks>
/// learn.microsoft.com/azure/cosmos-db/concepts-limits: item 2 MB ("UTF-8 length of JSON representation"), id 1,023 bytes, partition key value 2,048 bytes,
/// transactional batch 100 operations, request 2 MB, page of a response 4 MB. Characters of an id: the documentation of <c>Resource.Id</c>.
/// </remarks>
internal static class ServiceLimits
{
    public const int ItemBytes = 2 << 20;
    public const int RequestBytes = 2 << 20;
    public const int PageBytes = 4 << 20;
    public const int OperationsOfBatch = 100;
    public const int IdBytes = 1023;
    public const int PartitionKeyBytes = 2048;

    /// <summary>The first items that one page can carry; one at least.</summary>
    public static IEnumerable<WireItem> OnePage(IEnumerable<WireItem> items)
    {
        var bytes = 0;
        return items.TakeWhile((item, index) => (bytes += item.Body.Length) <= PageBytes || index == 0);
    }

    public static void CheckItem(int bytes)
    {
        if (bytes > ItemBytes)
            throw WireRefusal.TooLarge();
    }

    /// <summary>The SDK cannot address '%' either: it goes out as it is and is decoded on the way.</summary>
    public static void CheckId(string id)
    {
        if (id.Length == 0 || Encoding.UTF8.GetByteCount(id) > IdBytes || id.AsSpan().ContainsAny("/\\?#%"))
            throw WireRefusal.BadRequest("The id is empty, longer than 1023 bytes, or has one of the characters / \\ ? # %.");
    }

    public static void CheckPartitionKey(string partition)
    {
        if (Encoding.UTF8.GetByteCount(partition) > PartitionKeyBytes)
            throw WireRefusal.BadRequest("The partition key is longer than 2048 bytes.");
    }
}
