using Microsoft.Azure.Cosmos;
using ValueChainHub.Core.Storage;

namespace ValueChainHub.Infrastructure.Cosmos;

/// <summary>Notes what the SDK asks on its own account: the polls and the leases of the change feed processor.</summary>
internal sealed class WatchMeter(StoreBill bill) : RequestHandler
{
    private static readonly AsyncLocal<bool> Noted = new();

    /// <summary>From here on, in this flow, calls are noted by whoever makes them, or belong to the start.</summary>
    public static void LeaveOut() => Noted.Value = true;

    public override async Task<ResponseMessage> SendAsync(RequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        if (!Noted.Value && ContainerOf(request.RequestUri) is { } container)
            bill.Note("watch", container, response.Headers.RequestCharge);
        return response;
    }

    /// <summary>Of an address such as <c>dbs/hub/colls/inbox/docs</c>; null where none is named.</summary>
    private static string? ContainerOf(Uri address)
    {
        var parts = address.OriginalString.Trim('/').Split('/');
        var at = Array.FindIndex(parts, part => part.Equals("colls", StringComparison.OrdinalIgnoreCase));
        return at >= 0 && at + 1 < parts.Length ? parts[at + 1] : null;
    }
}
