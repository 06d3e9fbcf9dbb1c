using ValueChainHub.Connectors.Kit;
using ValueChainHub.Connectors.ShipStation;
using ValueChainHub.Core;
using ValueChainHub.Sandbox.Vendors.ShipStation;

namespace ValueChainHub.Sandbox.Tests.Vendors;

/// <summary>The shipping account's lists and webhooks, asked by the hub's own client.</summary>
public sealed class ShipStationListTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lists_are_walked_by_time_and_leave_out_what_is_older()
    {
        await using var hub = await StartAsync();
        hub.Play(shoppers: 120);
        var all = await WalkAsync(Access(hub).ShipmentsAsync, AtTheHub.Now.AddYears(-1));
        var since = all.Values.Order().ElementAt(all.Count / 2);

        var changed = await WalkAsync(Access(hub).ShipmentsAsync, since);
        var (labels, recent) = (await WalkAsync(Access(hub).LabelsAsync, AtTheHub.Now.AddYears(-1)), await WalkAsync(Access(hub).LabelsAsync, since));

        all.Count.ShouldBeGreaterThan(100, "several pages");
        all.Values.Count(at => at >= since).ShouldBeInRange(1, all.Count - 1);
        changed.Keys.ShouldBe(all.Where(one => one.Value >= since).Select(one => one.Key), ignoreOrder: true);
        recent.Keys.ShouldBe(labels.Where(one => one.Value >= since).Select(one => one.Key), ignoreOrder: true);
    }

    [Fact]
    public async Task Webhooks_are_made_listed_and_removed_and_what_nobody_subscribed_to_is_not_sent()
    {
        await using var hub = await StartAsync();
        var (access, address) = (Access(hub), new Uri("https://hub.example/api/webhooks/shipstation"));
        var before = (await access.SubscriptionsAsync(Token)).Value!;
        ShipStationTopics.Subscribed.ShouldBeSubsetOf(before.SelectMany(one => one.Topics));

        hub.Vendor.Desk.Subscriptions.Drop("shipment_created_v2");
        hub.Play().Select(webhook => webhook.Topic).ShouldNotContain("SHIPMENT_CREATED_V2");
        (await access.SubscribeAsync("shipment_created_v2", address, Token)).ShouldBeNull();
        (await access.SubscribeAsync("shipment_created_v2", address, Token)).ShouldNotBeNull("it is there").Status.ShouldBe(409);
        (await access.SubscribeAsync("no_such_event", address, Token)).ShouldNotBeNull().Status.ShouldBe(400);
        hub.Vendor.Sends("SHIPMENT_CREATED_V2").ShouldBeTrue();

        var made = (await access.SubscriptionsAsync(Token)).Value!.Single(one => one.Topics.Contains("shipment_created_v2"));
        (await access.UnsubscribeAsync(made.Id, Token)).ShouldBeNull();
        (await access.UnsubscribeAsync(made.Id, Token)).ShouldNotBeNull().Status.ShouldBe(404);
    }

    private static async Task<Dictionary<string, DateTimeOffset>> WalkAsync(Func<DateTimeOffset, string?, CancellationToken, Task<Answer<Page<VendorItem>>>> ask, DateTimeOffset since)
    {
        var (items, cursor) = (new Dictionary<string, DateTimeOffset>(), (string?)null);
        do
        {
            var answer = await ask(since, cursor, Token);
            answer.Failure.ShouldBeNull();
            foreach (var item in answer.Value!.Items)
                items[item.Id] = item.UpdatedAt!.Value;
            cursor = answer.Value.Cursor;
        }
        while (cursor is not null);
        return items;
    }

    private static ShipStationAccess Access(AtTheHub hub) =>
        new(VendorClient.Of<IShipStationApi>(new SocketsHttpHandler(), hub.Api, ShipStationJson.Default), "v2", hub.Vendor.HubSettings(hub.Api)["ApiKey"], new(CallLimit.PerSecond(1_000), TimeProvider.System, "shipstation", learnsLimit: false));

    private static Task<AtTheHub> StartAsync() => AtTheHub.StartAsync(books => new ShipStationSandbox(books, callsPerMinute: 10_000), () => ShipStationVendor.ShipStation(TimeProvider.System));
}
