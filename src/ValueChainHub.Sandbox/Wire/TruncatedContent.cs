using System.Net;

namespace ValueChainHub.Sandbox.Wire;

/// <summary>Promises a whole body, sends half of it and breaks the connection.</summary>
internal sealed class TruncatedContent(byte[] body) : HttpContent
{
    protected override bool TryComputeLength(out long length)
    {
        length = body.Length;
        return true;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(body.AsMemory(0, body.Length / 2), cancellationToken);
        await stream.FlushAsync(cancellationToken);
        throw new IOException("The connection ends here, on purpose.");
    }
}
