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
/// <param name="Passed">By range, what of the page after the continuation was answered already: a page may hold more than was asked for, because a commit is never cut.</param>
internal sealed record FeedToken(string Resource, string? Sdk, long? At = null, Dictionary<string, PagePart>? Passed = null)
{
    /// <summary>After a whole page of a range.</summary>
    public FeedToken After(string range, string continuation) => new(Resource, continuation, null, Without(range));

    /// <summary>Inside a page of a range: the page will be read again, and what was answered of it is left out.</summary>
    public FeedToken Inside(string range, PagePart part) => this with { Passed = new(Passed ?? [], StringComparer.Ordinal) { [range] = part } };

    private Dictionary<string, PagePart>? Without(string range)
    {
        var others = Passed?.Where(part => part.Key != range).ToDictionary(StringComparer.Ordinal);
        return others is { Count: > 0 } ? others : null;
    }

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

/// <summary>How far a page was answered: all before a sequence number of its range, and of that number the ids up to one.</summary>
internal sealed record PagePart(long Lsn, string Id);

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(FeedToken))]
internal sealed partial class FeedTokenContext : JsonSerializerContext;
