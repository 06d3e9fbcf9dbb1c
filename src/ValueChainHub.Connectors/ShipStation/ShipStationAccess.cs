using System.Text.Json;
using ValueChainHub.Connectors.Kit;
using ValueChainHub.Core;
using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Connectors.ShipStation;

/// <summary>What the hub asks and tells one account. The API key never leaves this class, and its text names nothing.</summary>
/// <param name="api">The client.</param>
/// <param name="version">The version in the paths of this host.</param>
/// <param name="apiKey">The key.</param>
/// <param name="line">What the calls go through.</param>
internal sealed class ShipStationAccess(IShipStationApi api, string version, string apiKey, VendorLine line)
{
    private const int PageSize = 100;

    private const string Ascending = "asc";

    public VendorLine Line => line;

    /// <summary>What a thin body points at.</summary>
    public Task<(byte[]? Body, CallFailure Failure)> ReadAsync(ShipStationResource resource, CancellationToken cancellationToken) =>
        line.ReadAsync(token => api.GetAsync(resource.Path, new(resource.Query), apiKey, token), cancellationToken);

    /// <summary>A page of the shipments changed since, oldest change first. In V2 an order is a shipment.</summary>
    public async Task<Answer<Page<VendorItem>>> ShipmentsAsync(DateTimeOffset since, string? cursor, CancellationToken cancellationToken)
    {
        var walk = ShipStationWalk.Read(cursor) ?? new(since, 1);
        var answer = await line.AskAsync("a page of shipments", ShipStationJson.Default.ShipStationPage,
            token => api.ShipmentsAsync(version, walk.From, "modified_at", Ascending, walk.Page, PageSize, apiKey, token), cancellationToken);
        return answer.Then("a page of shipments", page => walk.PageOf(page, page.Shipments, "shipment_id", "modified_at"));
    }

    /// <summary>A page of the shipments made since, oldest first.</summary>
    public async Task<Answer<Page<VendorItem>>> ShipmentsMadeAsync(DateTimeOffset since, string? cursor, CancellationToken cancellationToken)
    {
        var walk = ShipStationWalk.Read(cursor) ?? new(since, 1);
        var answer = await line.AskAsync("a page of shipments", ShipStationJson.Default.ShipStationPage,
            token => api.ShipmentsMadeAsync(version, walk.From, "created_at", Ascending, walk.Page, PageSize, apiKey, token), cancellationToken);
        return answer.Then("a page of shipments", page => walk.PageOf(page, page.Shipments, "shipment_id", "created_at"));
    }

    /// <summary>How many shipments or labels there are since.</summary>
    public async Task<Answer<VendorCount>> CountAsync(bool areLabels, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var from = new ShipStationWalk(since, 1).From;
        var answer = await line.AskAsync("a count", ShipStationJson.Default.ShipStationPage, token => areLabels
            ? api.LabelsAsync(version, from, "created_at", Ascending, 1, 1, apiKey, token)
            : api.ShipmentsMadeAsync(version, from, "created_at", Ascending, 1, 1, apiKey, token), cancellationToken);
        return answer.Then("a count", page => new VendorCount(page.Total ?? throw new UnreadableBodyException("total is missing")));
    }

    /// <summary>A page of the labels made since, oldest first. The vendor cannot list labels by their last change: one that was voided later is seen by its webhook, or by reading it.</summary>
    public async Task<Answer<Page<VendorItem>>> LabelsAsync(DateTimeOffset since, string? cursor, CancellationToken cancellationToken)
    {
        var walk = ShipStationWalk.Read(cursor) ?? new(since, 1);
        var answer = await line.AskAsync("a page of labels", ShipStationJson.Default.ShipStationPage,
            token => api.LabelsAsync(version, walk.From, "created_at", Ascending, walk.Page, PageSize, apiKey, token), cancellationToken);
        return answer.Then("a page of labels", page => walk.PageOf(page, page.Labels, "label_id", "created_at"));
    }

    /// <summary>Where the parcel of a label is, as its webhook would say. There is no list of trackings: open parcels are asked for one by one.</summary>
    public async Task<Answer<VendorItem>> TrackAsync(string labelId, CancellationToken cancellationToken)
    {
        var answer = await line.AskAsync("a tracking", token => api.TrackLabelAsync(version, labelId, apiKey, token), cancellationToken);
        return answer.Then("a tracking", read => new VendorItem(labelId, null, read.Root));
    }

    /// <summary>The account's webhooks, all of them.</summary>
    public async Task<Answer<IReadOnlyList<VendorSubscription>>> SubscriptionsAsync(CancellationToken cancellationToken)
    {
        var answer = await line.AskAsync("a list of webhooks", ShipStationJson.Default.JsonElementArray, token => api.WebhooksAsync(version, apiKey, token), cancellationToken);
        return answer.Then<IReadOnlyList<VendorSubscription>>("a list of webhooks", webhooks => [.. webhooks.Select(Subscription)]);
    }

    public Task<CallFailure?> SubscribeAsync(string topic, Uri address, CancellationToken cancellationToken) =>
        line.TellAsync(token => api.CreateWebhookAsync(version, Webhook(topic, address), apiKey, token), cancellationToken);

    public Task<CallFailure?> UnsubscribeAsync(string id, CancellationToken cancellationToken) =>
        line.TellAsync(token => api.DeleteWebhookAsync(version, id, apiKey, token), cancellationToken);

    /// <summary>The webhook of one event.</summary>
    public static ShipStationWebhook Webhook(string topic, Uri address) => new("ValueChainHub " + topic, address.AbsoluteUri, topic);

    /// <summary>A webhook as the account has it; throws <see cref="UnreadableBodyException"/> for anything else.</summary>
    public static VendorSubscription Subscription(JsonElement webhook)
    {
        if (webhook.ValueKind != JsonValueKind.Object)
            throw new UnreadableBodyException("the answer is not a list of webhooks");
        return new(webhook.Text("webhook_id"u8) ?? "", [webhook.Word("event"u8) ?? ""], webhook.Text("url"u8) ?? throw new UnreadableBodyException("url is missing"));
    }
}
