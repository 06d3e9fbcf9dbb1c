using ValueChainHub.Core.Chain;
using ValueChainHub.Hosting.Http;

namespace ValueChainHub.Hosting.Operations;

/// <summary>The chain events as they were emitted, by pages and as a stream.</summary>
internal sealed class EventOperations(ReadEvents events, TimeProvider time)
{
    private const string LastEventId = "Last-Event-ID";
    private const int EventsPerFlush = 64;

    // Shorter than the minute after which proxies close a silent connection.
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    public async Task<HubReply> ListAsync(HubRequest request, CancellationToken cancellationToken)
    {
        var page = await events.ReadAsync(request.QueryValue("after"), request.Limit(), cancellationToken);
        return RawPage.Of(page.Items, page.Cursor);
    }

    public async Task<HubReply> StreamAsync(HubRequest request, CancellationToken cancellationToken)
    {
        var after = request.Headers.TryGetValue(LastEventId, out var last) && last.Length > 0 ? last : request.QueryValue("after");
        // A cursor that has expired is said with a status, before the stream begins.
        await events.ReadAsync(after, 1, cancellationToken);
        return HubReply.Events((body, token) => WriteAsync(body, after, token));
    }

    /// <summary>One event at a time, because each one's id must be where to go on after exactly that event.</summary>
    private async Task WriteAsync(Stream body, string? after, CancellationToken cancellationToken)
    {
        await body.WriteAsync("retry: 1000\n\n"u8.ToArray(), cancellationToken);
        await body.FlushAsync(cancellationToken);
        var (unflushed, lastWrite) = (0, time.GetTimestamp());
        while (true)
        {
            var page = await events.ReadAsync(after, 1, cancellationToken);
            after = page.Cursor;
            foreach (var item in page.Items)
                await WriteEventAsync(body, after, item, cancellationToken);
            unflushed += page.Items.Count;
            if (unflushed > 0 && (page.Items.Count == 0 || unflushed >= EventsPerFlush))
            {
                await body.FlushAsync(cancellationToken);
                (unflushed, lastWrite) = (0, time.GetTimestamp());
            }
            if (page.Items.Count > 0)
                continue;
            await events.WaitAsync(after, Heartbeat, cancellationToken);
            if (time.GetElapsedTime(lastWrite) < Heartbeat)
                continue;
            await body.WriteAsync(": still here\n\n"u8.ToArray(), cancellationToken);
            await body.FlushAsync(cancellationToken);
            lastWrite = time.GetTimestamp();
        }
    }

    /// <summary>Canonical JSON has no line breaks, so the event is one line of data.</summary>
    private static async Task WriteEventAsync(Stream body, string? id, ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        await body.WriteAsync(System.Text.Encoding.ASCII.GetBytes($"id: {id}\ndata: "), cancellationToken);
        await body.WriteAsync(json, cancellationToken);
        await body.WriteAsync("\n\n"u8.ToArray(), cancellationToken);
    }
}
