using System.Net.Http.Json;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Refit;
using ValueChainHub.Connectors.Kit;
using ValueChainHub.Connectors.Klaviyo;
using ValueChainHub.Connectors.ShipStation;
using ValueChainHub.Core.Delivery;
using ValueChainHub.Testing;

namespace ValueChainHub.Connectors.Tests.Contracts;

/// <summary>Every request that the clients make, accepted by the vendor's own description of its API.</summary>
public sealed class PrismTests
{
    private const string JsonApi = "application/vnd.api+json";

    private static readonly DateTimeOffset Then = new(2026, 1, 15, 10, 0, 0, TimeSpan.Zero);
    private static readonly Uri Address = new("https://hub.example.com/api/webhooks/vendor");
    private static readonly Recipient Ada = new("c-1", "01GDDKASAP8TKDDA2GRZDSVP4H", "ada.shopper@example.com", "+15005550100");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("shipengine.json", "v1", "track")]
    [InlineData("shipstation.json", "v2", "track_event_v2")]
    public async Task ShipStation_accepts_every_request(string file, string version, string topic)
    {
        await using var prism = await PrismServer.StartAsync(await ShipStationAsync(file, version), Token);
        using var gate = new PrismGate();
        var access = new ShipStationAccess(VendorClient.Of<IShipStationApi>(gate, prism.Address, ShipStationJson.Default), version, "key-of-the-account", Line());

        (await access.ReadAsync(ShipStationResource.Parse($"{version}/shipments/se-1234567")!, Token)).Body.ShouldNotBeNull();
        _ = await access.ShipmentsAsync(Then, null, Token);
        _ = await access.ShipmentsAsync(Then, new ShipStationWalk(Then.AddDays(1), 2).ToString(), Token);
        _ = await access.ShipmentsMadeAsync(Then, null, Token);
        (await access.CountAsync(areLabels: true, Then, Token)).Value.ShouldNotBeNull();
        _ = await access.LabelsAsync(Then, null, Token);
        _ = await access.TrackAsync("se-1234567", Token);
        _ = await access.SubscriptionsAsync(Token);
        (await access.SubscribeAsync(topic, Address, Token)).ShouldBeNull();
        (await access.UnsubscribeAsync("se-1234567", Token)).ShouldBeNull();

        gate.Faults.ShouldBeEmpty();
        Missing<IShipStationApi>(gate).ShouldBeEmpty();
    }

    [Fact]
    public async Task Klaviyo_accepts_every_request()
    {
        await using var prism = await PrismServer.StartAsync(await KlaviyoAsync(), Token);
        using var gate = new PrismGate(asJson: JsonApi);
        var api = VendorClient.Of<IKlaviyoApi>(gate, prism.Address, KlaviyoJson.Default);
        var access = new KlaviyoAccess(api, "pk_private", Line(), TimeProvider.System);
        var connector = new KlaviyoConnector("klaviyo", [], access, TimeProvider.System);

        (await connector.UpsertAsync(State(), Token)).ShouldBeOfType<WriteOutcome.Written>().VendorId.ShouldNotBeNullOrEmpty();
        (await connector.UpsertAsync(State() with { To = Ada with { AccountId = null, Phone = null } }, Token)).ShouldBeOfType<WriteOutcome.Written>();
        (await connector.AppendAsync(new(Ada, "event-1", "valuechain.storefront.order.placed", "ValueChainHub order.placed", Then, """{"id":"1","total":"49.90"}"""), Token)).ShouldBeOfType<WriteOutcome.Written>();
        (await connector.StateConsentAsync(new(Ada, "email", Ada.Email!, "marketing", "granted", Then), Token)).ShouldBeOfType<WriteOutcome.Written>();
        (await connector.StateConsentAsync(new(Ada, "sms", Ada.Phone!, "marketing", "granted", Then), Token)).ShouldBeOfType<WriteOutcome.Written>();
        (await connector.StateConsentAsync(new(Ada, "email", Ada.Email!, "marketing", "denied", null), Token)).ShouldBeOfType<WriteOutcome.Written>();
        (await connector.StateConsentAsync(new(Ada, "sms", Ada.Phone!, "marketing", "denied", null), Token)).ShouldBeOfType<WriteOutcome.Written>();
        (await access.SuppressAsync([Ada.Email!], Token)).ShouldBeNull();
        _ = await access.ProfilesAsync(Then, null, Token);
        _ = await access.AllProfilesAsync(null, Token);
        _ = await access.FindProfilesAsync(Ada.Email, null, Token);
        _ = await connector.ReadHeldAsync(Ada, Token);
        (await connector.RestoreAsync(Ada, "Ada Shopper", new Dictionary<string, string?> { ["vchOrders"] = "2", ["vchLastParcel"] = null }, Token)).ShouldBeOfType<WriteOutcome.Written>();
        _ = await access.MetricAsync("opened_email", Token);
        _ = await access.EventsAsync("Mopen", new KlaviyoCursor(Then, Then.AddDays(1), null), Token);
        _ = await access.SubscriptionsAsync(Token);
        (await access.SubscribeAsync(["event:klaviyo.opened_email"], Address, "a-secret-of-ours", Token)).ShouldBeNull();
        (await access.RemoveSubscriptionAsync("w-1", Token)).ShouldBeNull();
        (await api.AccountsAsync("Klaviyo-API-Key pk_private", Token)).Dispose();
        (await api.TopicsAsync("Klaviyo-API-Key pk_private", Token)).Dispose();

        gate.Faults.ShouldBeEmpty();
        Missing<IKlaviyoApi>(gate).ShouldBeEmpty();
    }

    /// <summary>Prism looks at no parameter whose name has brackets.</summary>
    [Fact]
    public async Task Klaviyo_knows_every_parameter_and_takes_its_value()
    {
        var description = await KlaviyoAsync();

        foreach (var method in typeof(IKlaviyoApi).GetMethods())
        {
            var call = method.GetCustomAttribute<HttpMethodAttribute>()!;
            var parameters = description.Description["paths"]![call.Path]![call.Method.Method.ToLowerInvariant()]!["parameters"]!.AsArray();
            foreach (var name in method.GetParameters().Select(parameter => parameter.GetCustomAttribute<AliasAsAttribute>()?.Name).OfType<string>())
                parameters.ShouldContain(one => one!["name"]!.GetValue<string>() == name, $"{call.Path} {name}");
        }
        Allowed(description, "/api/profiles", "sort").ShouldContain("updated");
        Allowed(description, "/api/profiles", "sort").ShouldContain("created");
        Allowed(description, "/api/profiles", "additional-fields[profile]").ShouldContain("subscriptions");
        Allowed(description, "/api/events", "sort").ShouldContain("datetime");
        Parameter(description, "/api/profiles", "page[size]")["schema"]!["maximum"]!.GetValue<int>().ShouldBe(100);
        Parameter(description, "/api/profiles", "filter")["description"]!.GetValue<string>().ShouldContain("`updated`: `greater-than`");
        Parameter(description, "/api/profiles", "filter")["description"]!.GetValue<string>().ShouldContain("`created`: `greater-than`");
    }

    [Fact]
    public async Task What_a_description_forbids_is_refused()
    {
        await using var prism = await PrismServer.StartAsync(await KlaviyoAsync(), Token);
        using var client = new HttpClient { BaseAddress = prism.Address };
        client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", "Klaviyo-API-Key pk_private");

        (await PostAsync(client, """{"data":{"type":"profile","attributes":{"email":"ada.shopper@example.com"}}}""", "2026-07-15")).ShouldBeLessThan(300);
        (await PostAsync(client, """{"data":{"type":"profile","attributes":{"email":7}}}""", "2026-07-15")).ShouldBeGreaterThanOrEqualTo(400);
        (await PostAsync(client, """{"data":{"type":"profile","attributes":{"e_mail":"ada.shopper@example.com"}}}""", "2026-07-15")).ShouldBeGreaterThanOrEqualTo(400);
        (await PostAsync(client, """{"data":{"type":"person","attributes":{}}}""", "2026-07-15")).ShouldBeGreaterThanOrEqualTo(400);
        (await PostAsync(client, """{"data":{"type":"profile","attributes":{}}}""", null)).ShouldBeGreaterThanOrEqualTo(400);
    }

    private static async Task<int> PostAsync(HttpClient client, string body, string? revision)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/profile-import") { Content = JsonContent.Create(JsonNode.Parse(body)) };
        if (revision is not null)
            request.Headers.Add("revision", revision);
        using var response = await client.SendAsync(request, Token);
        return (int)response.StatusCode;
    }

    private static VendorLine Line() => new(CallLimit.PerSecond(1000), TimeProvider.System, "test");

    private static CustomerState State() => new(
        Ada, new("Ada Shopper", Ada.Email, Ada.Phone), new(3, 1, [new("USD", 409.94m)], Then, Then), new(2, 1, 1, 0, 0, null), new("ups", "1Z999", "in_transit", null, null, null), new(1, 1, null));

    /// <summary>The calls of an interface that were not made.</summary>
    private static List<string> Missing<T>(PrismGate gate) =>
        [.. typeof(T).GetMethods().Select(method => method.GetCustomAttribute<HttpMethodAttribute>()!).Where(call => !gate.Asked.Exists(asked => IsOf(call, asked))).Select(call => $"{call.Method} {call.Path}")];

    private static bool IsOf(HttpMethodAttribute call, string asked) =>
        Regex.IsMatch(asked, $"^{call.Method} {Regex.Replace(call.Path, @"\{\*\*[a-z]+\}|\{[a-z]+\}", place => place.Value.StartsWith("{**", StringComparison.Ordinal) ? ".+" : "[^/]+")}$");

    private static JsonNode Parameter(OpenApiCut description, string path, string name) =>
        description.Description["paths"]![path]!["get"]!["parameters"]!.AsArray().Single(one => one!["name"]!.GetValue<string>() == name)!;

    private static List<string> Allowed(OpenApiCut description, string path, string name)
    {
        var schema = Parameter(description, path, name)["schema"]!;
        return [.. ((schema["enum"] ?? schema["items"]!["enum"])!.AsArray()).Select(one => one!.GetValue<string>())];
    }

    private static async Task<OpenApiCut> KlaviyoAsync()
    {
        var paths = typeof(IKlaviyoApi).GetMethods().Select(method => method.GetCustomAttribute<HttpMethodAttribute>()!.Path).Distinct();
        var description = await OpenApiCut.ReadAsync(SharedFiles.OrSkip("vendors", "specs", "klaviyo.json"), paths, Token);
        description.Tighten();
        foreach (var operation in description.Description["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject()).Select(member => member.Value).OfType<JsonObject>())
        {
            // Prism checks bodies of application/json only.
            if (operation["requestBody"]?["content"] is JsonObject content && content[JsonApi] is { } body)
                (content["application/json"], _) = (body.DeepClone(), content.Remove(JsonApi));
        }
        return description;
    }

    /// <summary>ShipStation's file is older than its portal: what the portal says and the file lacks is added here, and nothing else.</summary>
    private static async Task<OpenApiCut> ShipStationAsync(string file, string version)
    {
        string[] paths =
        [
            "shipments", "shipments/{shipment_id}", "labels", "labels/{label_id}/track", "environment/webhooks", "environment/webhooks/{webhook_id}",
        ];
        var description = await OpenApiCut.ReadAsync(SharedFiles.OrSkip("vendors", "specs", file), paths.Select(path => $"/{version}/{path}"), Token);
        if (version == "v2")
        {
            description.Schema("webhook_event")["enum"]!.AsArray().Add("track_event_v2");
            description.Schema("create_webhook_request_body")["properties"]!["name"] = new JsonObject { ["type"] = "string" };
        }
        return description;
    }
}
