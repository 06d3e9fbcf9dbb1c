using System.Buffers.Text;
using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Serialization;
using ValueChainHub.Core.Storage;

namespace ValueChainHub.Infrastructure.Cosmos;

/// <summary>A continuation of the port: the container it belongs to, the SDK's continuation over all ranges, and how much of the page after it has been answered.</summary>
/// <param name="Resource">The container as a resource: one made anew under the same name is another.</param>
/// <param name="Sdk">The SDK's continuation; null at a beginning. It knows the ranges and follows them when they split.</param>
/// <param name="At">Where the feed was begun, in Unix seconds, while there is no continuation.</param>
/// <param name="Passed">How far pages after the continuation were answered already: a page may hold more than was asked for, because a commit is never cut.</param>
internal sealed record FeedToken(string Resource, string? Sdk, long? At = null, IReadOnlyList<PagePart>? Passed = null)
{
    private const int MostParts = 8;

    /// <summary>After a whole page, of which <paramref name="part"/> had been answered before.</summary>
    public FeedToken After(string continuation, PagePart? part) => new(Resource, continuation, null, Others(part) is { Count: > 0 } others ? others : null);

    /// <summary>Inside a page: it will be read again, and what was answered of it is left out.</summary>
    public FeedToken Inside(PagePart? part, PagePart next) => this with { Passed = [.. Others(part).TakeLast(MostParts - 1), next] };

    private List<PagePart> Others(PagePart? part) => [.. (Passed ?? []).Where(one => one != part)];

    public string Write()
    {
        using var buffer = new MemoryStream();
        using (var brotli = new BrotliStream(buffer, CompressionLevel.Optimal, leaveOpen: true))
            JsonSerializer.Serialize(brotli, this, FeedTokenContext.Default.FeedToken);
        return Base64Url.EncodeToString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }

    /// <exception cref="ContinuationExpiredException">It is not one of this container.</exception>
    public static FeedToken Read(string continuation, string resource)
    {
        FeedToken? token = null;
        try
        {
            using var brotli = new BrotliStream(new MemoryStream(Base64Url.DecodeFromChars(continuation)), CompressionMode.Decompress);
            token = JsonSerializer.Deserialize(brotli, FeedTokenContext.Default.FeedToken);
        }
        catch (Exception fault) when (fault is FormatException or InvalidOperationException or InvalidDataException or JsonException)
        {
            // Not one of ours, which is said below.
        }
        return token?.Resource == resource ? token : throw new ContinuationExpiredException("The continuation was made by another store.");
    }
}

/// <summary>How far a page was answered: all before a commit, and of that commit the ids up to one.</summary>
/// <remarks>
/// The numbers of commits belong to a physical range, and which range a page came from is not said. But a commit belongs to one partition, so its number and its partition
/// together name it, and the page that holds it is the page meant. A page without it is answered whole: rather twice than never.
/// </remarks>
/// <param name="Partition">The commit's partition.</param>
/// <param name="Lsn">The commit's number.</param>
/// <param name="Id">The last id that was answered.</param>
/// <param name="Count">How many changes of the page were answered: it must be read at least so far again.</param>
internal sealed record PagePart(string Partition, long Lsn, string Id, int Count);

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(FeedToken))]
internal sealed partial class FeedTokenContext : JsonSerializerContext;
