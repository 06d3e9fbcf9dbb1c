using ValueChainHub.Connectors.Kit;
using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Chain.Records;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Customers;

namespace ValueChainHub.Connectors.ShipStation;

/// <summary>
/// An account is walked by its shipments and its labels, which come whole, and by where its labels' parcels are, as far as the list of labels says.
/// Webhooks tell that a shipment or a label was made and not what becomes of it (FACTS 4): only one that the hub does not have at all was lost.
/// </summary>
public sealed partial class ShipStationConnector : IWalkConnector
{
    private const string ShipmentsStream = "shipments";
    private const string LabelsStream = "labels";

    /// <summary>Before the vendor had any.</summary>
    private static readonly DateTimeOffset Beginning = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Labels are listed by their making only: what becomes of them and of their parcels is looked for as long as parcels usually take.</summary>
    private static readonly TimeSpan ParcelsTake = TimeSpan.FromDays(14);

    private static readonly WalkStream[] Streams = [new(ShipmentsStream) { Overlap = TimeSpan.FromMinutes(10) }, new(LabelsStream) { Overlap = ParcelsTake }];

    public bool CanWalk => _access is not null;

    public IReadOnlyList<WalkStream> WalkStreams => Streams;

    public async Task<WalkOutcome> WalkAsync(WalkRequest request, CancellationToken cancellationToken)
    {
        if (_access is not { } access)
            return Walks.NoKey;
        var since = request.Since ?? Beginning;
        switch (request.Stream)
        {
            case ShipmentsStream when request.Since is null:
                return Walks.Of(await access.ShipmentsMadeAsync(since, request.Cursor, cancellationToken), request.Cursor, item => [Shipment(item)]);
            case ShipmentsStream:
                return Walks.Of(await access.ShipmentsAsync(since, request.Cursor, cancellationToken), request.Cursor, item => [Shipment(item)]);
            case LabelsStream:
                var isBackfill = request.Since is null;
                return Walks.Of(await access.LabelsAsync(since, request.Cursor, cancellationToken), request.Cursor, item => isBackfill ? [Label(item)] : [Label(item), .. Parcel(item)]);
            default:
                return Walks.NoStream;
        }
    }

    public async Task<CountOutcome> CountAsync(string stream, CancellationToken cancellationToken)
    {
        if (_access is null)
            return new CountOutcome.Failed(FailureKind.Unauthorized, "no ApiKey is set");
        var (count, failure) = await _access.CountAsync(stream == LabelsStream, Beginning, cancellationToken);
        return count is null ? Walks.NotCounted(failure!.Value) : new CountOutcome.Counted(count.Count);
    }

    private WalkedThing.State Shipment(VendorItem item) =>
        new(item.Id, item.Body.Time("modified_at"u8) ?? item.UpdatedAt, new EntityKey(Name, "shipment", item.Id), ShipStationTopics.FetchedPrefix + "shipment", item.Bytes())
        {
            ToldOnceAt = item.Body.Time("created_at"u8),
        };

    /// <summary>A label's only times are those of its making and its voiding.</summary>
    private WalkedThing.State Label(VendorItem item) =>
        new(item.Id, item.Body.Time("voided_at"u8) ?? item.UpdatedAt, new EntityKey(Name, "label", item.Id), ShipStationTopics.FetchedPrefix + "label", item.Bytes())
        {
            ToldOnceAt = item.Body.Time("created_at"u8),
        };

    /// <summary>Where the label's parcel is, if the list says so: the register that tells it must be there. When it came to be so the list does not say.</summary>
    private IEnumerable<WalkedThing> Parcel(VendorItem item)
    {
        var status = item.Body.Word("tracking_status"u8) switch { "in_transit" => ParcelStatuses.InTransit, "delivered" => ParcelStatuses.Delivered, "error" => ParcelStatuses.Exception, _ => null };
        if (status is null || item.Body.Flag("voided"u8) || Carriers.TrackingNumber(item.Body.Text("tracking_number"u8)) is not { } number)
            return [];
        var parcel = ParcelTracking.Key(Carriers.Family(item.Body.Text("carrier_code"u8)), number);
        return [new WalkedThing.Pointer($"{item.Id}-{status}", null, parcel, Homing.Own, $"{_version}/labels/{item.Id}/track") { Register = ParcelStatuses.Register(status) }];
    }
}
