using System.Globalization;
using Microsoft.AspNetCore.Http;
using ValueChainHub.CosmosWire.Bills;
using ValueChainHub.CosmosWire.Store;

namespace ValueChainHub.CosmosWire.Wire;

/// <summary>What goes back: the headers are those that the SDK reads.</summary>
internal sealed record WireAnswer(int Status, ReadOnlyMemory<byte> Body = default)
{
    public int SubStatus { get; init; }

    /// <summary>Request units.</summary>
    public double Charge { get; init; }

    /// <summary>The size of the items that were read or written, for the bill.</summary>
    public long Bytes { get; init; }

    /// <summary>Single items, for the bill.</summary>
    public IReadOnlyList<BilledItem> Items { get; init; } = [];

    public string? ETag { get; init; }

    public string? Continuation { get; init; }

    /// <summary>The SDK parses it without asking whether it is there on every page of a change feed.</summary>
    public int? ItemCount { get; init; }

    /// <summary>Where the answer comes from: it feeds the SDK's session container.</summary>
    public WireSession? Session { get; init; }

    public TimeSpan? RetryAfter { get; init; }

    public string ContentType { get; init; } = "application/json";

    /// <summary>The answer with what its operations cost.</summary>
    public WireAnswer Billed(params IReadOnlyList<ItemResult> results) => this with
    {
        Charge = Math.Round(results.Sum(result => result.Charge), 2),
        Bytes = results.Sum(result => result.Bytes),
        Items = [.. results.Select(result => new BilledItem($"{result.Operation.Verb}", result.Operation.Id, result.Bytes, result.Charge, result.Replaced))],
    };

    /// <summary>Assumed: a page of a query or a feed costs what a point read of as many bytes would, at least what 1 KB does. The service's own charge depends on more.</summary>
    public WireAnswer BilledByRead(IEnumerable<WireItem> items)
    {
        var bytes = items.Sum(item => (long)item.Body.Length);
        return this with { Charge = RequestCharge.Read(bytes), Bytes = bytes };
    }

    public async Task WriteAsync(HttpResponse response, CancellationToken cancellationToken)
    {
        response.StatusCode = Status;
        var headers = response.Headers;
        headers["x-ms-request-charge"] = Charge.ToString("0.##", CultureInfo.InvariantCulture);
        headers["x-ms-activity-id"] = Guid.NewGuid().ToString();
        headers["x-ms-serviceversion"] = "version=wire";
        if (SubStatus != 0)
            headers["x-ms-substatus"] = SubStatus.ToString(CultureInfo.InvariantCulture);
        if (ETag is not null)
            headers.ETag = ETag;
        if (Continuation is not null)
            headers["x-ms-continuation"] = Continuation;
        if (ItemCount is { } count)
            headers["x-ms-item-count"] = count.ToString(CultureInfo.InvariantCulture);
        if (RetryAfter is { } wait)
            headers["x-ms-retry-after-ms"] = wait.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture);
        Session?.WriteTo(headers);
        if (Body.IsEmpty)
            return;
        response.ContentType = ContentType;
        response.ContentLength = Body.Length;
        await response.Body.WriteAsync(Body, cancellationToken);
    }
}

/// <summary>The container and the range that answered, and how far that range has come.</summary>
internal sealed record WireSession(string ContainerRid, string ContainerPath, string RangeId, long Lsn)
{
    public void WriteTo(IHeaderDictionary headers)
    {
        headers["x-ms-session-token"] = $"{RangeId}:-1#{Lsn.ToString(CultureInfo.InvariantCulture)}";
        headers["lsn"] = Lsn.ToString(CultureInfo.InvariantCulture);
        headers["x-ms-alt-content-path"] = ContainerPath;
        headers["x-ms-content-path"] = ContainerRid;
    }
}
