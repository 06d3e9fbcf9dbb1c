using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using ValueChainHub.CosmosWire.Wire;

namespace ValueChainHub.CosmosWire.Bills;

/// <summary>One item of a request that was charged for.</summary>
/// <param name="What">Create, Upsert, Replace, Delete or Read.</param>
/// <param name="Id">The item.</param>
/// <param name="Bytes">Its size as it is answered.</param>
/// <param name="Charge">Request units.</param>
/// <param name="Replaced">The write took the place of a version before.</param>
public sealed record BilledItem(string What, string Id, long Bytes, double Charge, bool Replaced);

/// <summary>One request that was answered, also with a refusal.</summary>
/// <param name="Operation">What was asked.</param>
/// <param name="Container">Null for the account and for databases.</param>
/// <param name="Range">The physical partition, where one was asked.</param>
/// <param name="Status">The status of the answer.</param>
/// <param name="Bytes">The size of the items that were read or written.</param>
/// <param name="Charge">Request units.</param>
/// <param name="Items">Single items; of queries and feeds only the sum is known.</param>
public sealed record BilledRequest(WireOperation Operation, string? Container, string? Range, int Status, long Bytes, double Charge, IReadOnlyList<BilledItem> Items)
{
    /// <summary>The charge if a replace costs twice what an insert of the same size does, as Microsoft says of a replace without indexing.</summary>
    public double ChargeWithReplacesTwice => Charge + Items.Where(item => item.Replaced).Sum(item => item.Charge);
}

/// <summary>What everything has cost, in the order in which it was answered.</summary>
public sealed class Bill
{
    private readonly ConcurrentQueue<BilledRequest> _requests = new();

    public IReadOnlyList<BilledRequest> Requests => [.. _requests];

    public double Total => Math.Round(_requests.Sum(request => request.Charge), 2);

    public double TotalWithReplacesTwice => Math.Round(_requests.Sum(request => request.ChargeWithReplacesTwice), 2);

    /// <summary>Request units by the ranges of a container: what shows a hot partition.</summary>
    public IReadOnlyDictionary<string, double> ByRange(string container) =>
        _requests.Where(request => request.Container == container && request.Range is not null).GroupBy(request => request.Range!)
            .ToDictionary(range => range.Key, range => Math.Round(range.Sum(request => request.Charge), 2));

    /// <summary>Forgets what came before: a test bills what it does from here on.</summary>
    public void Clear() => _requests.Clear();

    /// <summary>A line for each request, and for each item of a batch.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var request in _requests.Where(request => request.Charge > 0))
        {
            text.Append(CultureInfo.InvariantCulture, $"{request.Charge,8:0.00} RU  {request.Operation,-12} {request.Container,-12} range {request.Range}");
            text.AppendLine(CultureInfo.InvariantCulture, $" {request.Status} {request.Bytes,8} B");
            foreach (var item in request.Items)
                text.AppendLine(CultureInfo.InvariantCulture, $"{item.Charge,12:0.00}  {item.What,-8} {item.Id} {item.Bytes} B{(item.Replaced ? ", replaced" : "")}");
        }

        return text.AppendLine(CultureInfo.InvariantCulture, $"{Total,8:0.00} RU  ({TotalWithReplacesTwice:0.00} with a replace as two inserts)").ToString();
    }

    internal void Add(WireRequest request, WireAnswer answer) =>
        _requests.Enqueue(new(request.Operation, request.Container, answer.Session?.RangeId, answer.Status, answer.Bytes, answer.Charge, answer.Items));
}
