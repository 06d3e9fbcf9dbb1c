using System.Net;
using System.Net.Http.Headers;
using ValueChainHub.Connectors.Kit;
using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Connectors.Shopify;

/// <summary>The file of a bulk operation, read piece by piece. It lies at the vendor's storage, under an address that is its own key: no token goes there, and no other host is asked.</summary>
/// <param name="client">Over the guarded wire.</param>
/// <param name="hosts">Hosts beside the vendor's storage that may have it.</param>
/// <param name="allowsHttp">For a sandbox on this machine.</param>
internal sealed class ShopifyFile(HttpClient client, IReadOnlyList<string> hosts, bool allowsHttp)
{
    private const string Storage = "storage.googleapis.com";

    /// <summary>Longer than a call of the API, which a piece is not: a storage that takes no ranges is read from its beginning.</summary>
    private static readonly TimeSpan LongestRead = TimeSpan.FromMinutes(2);

    /// <summary>Whether the file may be asked for there.</summary>
    public bool Takes(Uri url) =>
        url.UserInfo.Length == 0 && (url.Scheme == Uri.UriSchemeHttps || allowsHttp && url.Scheme == Uri.UriSchemeHttp)
        && (url.Authority.Equals(Storage, StringComparison.OrdinalIgnoreCase) || hosts.Contains(url.Authority, StringComparer.OrdinalIgnoreCase));

    /// <summary>So many bytes from a place on, or those that are left.</summary>
    public async Task<Answer<ShopifyPiece>> ReadAsync(Uri url, long from, int length, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(LongestRead);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, url);
            request.Headers.Range = new RangeHeaderValue(from, from + length - 1);
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
                return new ShopifyPiece(ReadOnlyMemory<byte>.Empty, true);
            if (!response.IsSuccessStatusCode)
                return Failed($"the storage of the file answers HTTP {(int)response.StatusCode}");
            await using var body = await response.Content.ReadAsStreamAsync(limit.Token);
            if (response.StatusCode != HttpStatusCode.PartialContent)
                await SkipAsync(body, from, limit.Token);
            else if (response.Content.Headers.ContentRange?.From != from)
                return Failed("the storage of the file answers another part of it");
            return await ReadAsync(body, length, IsEndAt(response, from), limit.Token);
        }
        catch (Exception fault) when (fault is OperationCanceledException or HttpRequestException or IOException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return Failed(fault is OperationCanceledException ? "the file did not come in time" : "the file could not be read");
        }
    }

    private static CallFailure Failed(string reason) => new(FailureKind.Unavailable, reason, null);

    /// <summary>Whether a piece of this length is the last; null when the answer does not say how long the file is.</summary>
    private static Func<int, bool>? IsEndAt(HttpResponseMessage response, long from)
    {
        var total = response.StatusCode == HttpStatusCode.PartialContent ? response.Content.Headers.ContentRange?.Length : response.Content.Headers.ContentLength;
        return total is { } bytes ? read => from + read >= bytes : null;
    }

    private static async Task<ShopifyPiece> ReadAsync(Stream body, int length, Func<int, bool>? isEndAt, CancellationToken cancellationToken)
    {
        var bytes = new byte[length];
        var read = await body.ReadAtLeastAsync(bytes, length, throwOnEndOfStream: false, cancellationToken);
        if (isEndAt is null)
            return new(bytes.AsMemory(0, read), read < length);
        return read == length || isEndAt(read) ? new(bytes.AsMemory(0, read), isEndAt(read)) : throw new IOException("The file was cut off.");
    }

    private static async Task SkipAsync(Stream body, long count, CancellationToken cancellationToken)
    {
        var waste = new byte[64 * 1024];
        while (count > 0)
        {
            var read = await body.ReadAsync(waste.AsMemory(0, (int)Math.Min(waste.Length, count)), cancellationToken);
            if (read == 0)
                throw new IOException("The file is shorter than it was.");
            count -= read;
        }
    }
}

/// <summary>A piece of a file, and whether the file ends with it.</summary>
internal sealed record ShopifyPiece(ReadOnlyMemory<byte> Bytes, bool IsEnd);
