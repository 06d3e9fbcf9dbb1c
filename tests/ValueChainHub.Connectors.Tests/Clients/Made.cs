using ValueChainHub.Connectors.Gladly;
using ValueChainHub.Connectors.Kit;
using ValueChainHub.Connectors.Klaviyo;
using ValueChainHub.Connectors.ShipStation;
using ValueChainHub.Connectors.Shopify;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Testing;

namespace ValueChainHub.Connectors.Tests.Clients;

/// <summary>The connectors over a scripted wire, made as the hub makes them.</summary>
internal static class Made
{
    public static readonly DateTimeOffset Now = new(2026, 2, 20, 12, 0, 0, TimeSpan.Zero);

    public static ShopifyConnector Shopify(ScriptedWire wire) => (ShopifyConnector)new ShopifyVendor(new ManualTime(Now), () => wire).Create(Settings(
        "shopify", ("WebhookSecret", "hush"), ("ShopDomain", "demo-brand.myshopify.com"), ("ApiKey", "shpat-token")));

    public static KlaviyoConnector Klaviyo(ScriptedWire wire) => (KlaviyoConnector)new KlaviyoVendor(new ManualTime(Now), () => wire).Create(Settings("klaviyo", ("ApiKey", "pk-private")));

    public static GladlyConnector Gladly(ScriptedWire wire, bool hasInbox = true) => (GladlyConnector)new GladlyVendor(new ManualTime(Now), () => wire).Create(Settings(
        "gladly", [("WebhookUser", "hub"), ("WebhookPassword", "a-password-of-ours"), ("ApiUser", "agent@brand.example"), ("ApiKey", "token"), ("BaseUrl", "https://brand.gladly.com"),
            .. hasInbox ? new[] { ("TaskInboxId", "inbox-1") } : []]));

    public static ShopifyAdmin ShopifyAdmin(ScriptedWire wire) =>
        new(VendorClient.Of<IShopifyAdminApi>(wire, new("https://demo-brand.myshopify.com"), ShopifyJson.Default), "shpat-token", Line(new("X-Request-Id", _ => default)), new ManualTime(Now));

    public static KlaviyoAccess KlaviyoAccess(ScriptedWire wire) =>
        new(VendorClient.Of<IKlaviyoApi>(wire, new("https://a.klaviyo.com"), KlaviyoJson.Default), "pk-private", Line(null), new ManualTime(Now));

    public static GladlyApi GladlyApi(ScriptedWire wire) => new(VendorClient.Of<IGladlyApi>(wire, new("https://brand.gladly.com"), GladlyJson.Default), "Basic x", Line(null), null);

    public static ShipStationConnector ShipStationConnector(ScriptedWire wire) =>
        (ShipStationConnector)ShipStationVendor.ShipStation(new ManualTime(Now), _ => wire).Create(Settings("shipstation", ("ApiKey", "key-of-the-account")));

    public static ShipStationAccess ShipStation(ScriptedWire wire) =>
        new(VendorClient.Of<IShipStationApi>(wire, new("https://api.shipstation.com"), ShipStationJson.Default), "v2", "key-of-the-account", Line(null));

    private static VendorLine Line(RefusalFormat? refusals) => new(CallLimit.PerSecond(1000), new ManualTime(Now), "test", refusals: refusals);

    private static ConnectorSettings Settings(string name, params IReadOnlyList<(string Name, string Value)> settings) =>
        new(name, settings.ToDictionary(one => one.Name, one => one.Value), allowLoopback: false);
}
