using ValueChainHub.CosmosWire.Store;

namespace ValueChainHub.CosmosWire.Bills;

/// <summary>Request units by the published table of item sizes. Not what an account will be charged: what can be compared.</summary>
/// <remarks>
/// Published (docs.microsoft.com/azure/cosmos-db/optimize-cost-reads-writes, "Cost of reads and writes", session consistency):
/// an item of 1 KB costs 1 RU a point read and 5 RU a write, one of 100 KB costs 10 RU and 50 RU.
/// <para>
/// Assumed: a straight line between and beyond the two sizes; never less than for 1 KB; 1 KB is 1024 bytes; the size is that of the JSON text as it
/// is answered, with the service's own properties; a delete is a write of what was deleted.
/// </para>
/// </remarks>
public static class RequestCharge
{
    /// <summary>Assumed: what is looked up and refused or not found costs what finding 1 KB does.</summary>
    public const double Refused = 1;

    private const double Kilobyte = 1024;

    public static double Read(long bytes) => Line(bytes, 1, 10);

    public static double Write(long bytes) => Line(bytes, 5, 50);

    internal static double Of(ItemVerb verb, WireItem? item) => (verb, item) switch
    {
        (_, null) => Refused,
        (ItemVerb.Read, _) => Read(item.Body.Length),
        _ => Write(item.Body.Length),
    };

    private static double Line(long bytes, double ofOneKilobyte, double ofHundred) =>
        Math.Round(ofOneKilobyte + Math.Max(0, bytes / Kilobyte - 1) * (ofHundred - ofOneKilobyte) / 99, 2);
}
