using Microsoft.AspNetCore.Http;

namespace ValueChainHub.Hosting.Http;

/// <summary>Reads a body whole, or finds it too large after one byte more than the limit.</summary>
internal static class BodyReader
{
    public const int LimitBytes = 1024 * 1024;

    // A caller that announces a large body and sends none shall not cost its announced size.
    private const int FirstRead = 16 * 1024;

    /// <summary>The bytes as they came, or null when there are more than <see cref="LimitBytes"/>.</summary>
    public static async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength is > LimitBytes)
            return null;
        if (request.ContentLength is 0)
            return ReadOnlyMemory<byte>.Empty;
        var expected = (int)(request.ContentLength ?? FirstRead - 1) + 1;
        var buffer = new byte[Math.Min(expected, FirstRead)];
        var length = 0;
        while (true)
        {
            if (length == buffer.Length)
                Array.Resize(ref buffer, Math.Min(buffer.Length * 2, LimitBytes + 1));
            var read = await request.Body.ReadAsync(buffer.AsMemory(length), cancellationToken);
            if (read == 0)
                return buffer.AsMemory(0, length);
            length += read;
            if (length > LimitBytes)
                return null;
        }
    }
}
