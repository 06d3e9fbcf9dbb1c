using System.Text.Json;
using System.Text.Json.Nodes;
using ValueChainHub.EndToEnd.Tests.Support;

namespace ValueChainHub.EndToEnd.Tests;

/// <summary>A shopper known only through the shop and the carrier: their parcels in the timeline and in Gladly, in any order of arrival.</summary>
public sealed class ParcelTimelineTests : EndToEndTest
{
    private const string Number = "1Z999AA10123456784";
    private const string Email = "parcel@shop.test";
    private const string Delivered = "2026-03-04T16:30:00Z";

    private SignedVendors _vendors = null!;

    public override async ValueTask InitializeAsync()
    {
        _vendors = await SignedVendors.StartAsync();
        await base.InitializeAsync();
        foreach (var (name, value) in _vendors.Settings)
            Hub.Settings[name] = value;
        await Hub.RestartAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await base.DisposeAsync();
        await _vendors.DisposeAsync();
    }

    [Theory]
    [InlineData("order, label, scans")]
    [InlineData("scans, order, label")]
    [InlineData("scans, label, order")]
    [InlineData("label, scans, order")]
    public async Task A_parcels_scans_stand_in_the_timeline_of_its_shopper_whatever_came_first(string arrival)
    {
        foreach (var step in arrival.Split(", "))
        {
            await StepAsync(step);
            await Client.SettleAsync();
        }

        var customer = await Client.FindAsync(new { email = Email });
        var timeline = await Client.TimelineAsync(customer.Id, limit: 2);
        var scans = timeline.Where(told => told.GetProperty("subject").GetString()!.StartsWith("parcel/tracking/", StringComparison.Ordinal) && !HubClient.IsIdentityNotice(told)).ToList();

        scans.Select(told => told.GetProperty("type").GetString()).ShouldBe(["valuechain.fulfillment.parcel.delivered", "valuechain.fulfillment.parcel.moved"]);
        scans.ShouldAllBe(told => told.GetProperty("summary").GetString()!.Contains("parcel", StringComparison.OrdinalIgnoreCase));
        customer.Fulfillment.Delivered.ShouldBe(1);
        await EverybodyIsToldWhoseTheyAreAsync(customer.Id, scans, isKnownAtOnce: arrival == "order, label, scans");
    }

    [Fact]
    public async Task What_a_number_said_half_a_year_before_is_in_nobodys_timeline()
    {
        await Client.SendAsync(_vendors.Tracking(Number, "DE", "2025-08-01T10:00:00Z"));
        await StepAsync("order");
        await StepAsync("label");
        await Client.SettleAsync();

        var timeline = await Client.TimelineAsync((await Client.FindAsync(new { email = Email })).Id);

        timeline.ShouldNotContain(told => told.GetProperty("subject").GetString()!.StartsWith("parcel/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Gladly_is_shown_the_shopper_with_the_parcel_that_the_carrier_delivered()
    {
        foreach (var step in (string[])["scans", "order", "label"])
            await StepAsync(step);
        await Client.SettleAsync();

        var basic = await LookupAsync(new JsonObject { ["lookupLevel"] = "BASIC", ["query"] = new JsonObject { ["id"] = "g-1", ["emails"] = new JsonArray(Email) }, ["uniqueMatchRequired"] = false });
        var id = basic.GetProperty("externalCustomerId").GetString();
        var detailed = await LookupAsync(new JsonObject { ["lookupLevel"] = "DETAILED", ["query"] = new JsonObject { ["externalCustomerId"] = id }, ["uniqueMatchRequired"] = true });

        basic.TryGetProperty("transactions", out _).ShouldBeFalse();
        detailed.GetProperty("externalCustomerId").GetString().ShouldBe(id);
        var order = detailed.GetProperty("transactions").EnumerateArray().ShouldHaveSingleItem();
        (order.GetProperty("type").GetString(), order.GetProperty("orderNumber").GetString(), order.GetProperty("orderTotal").GetString()).ShouldBe(("ORDER", "#501", "$100.00"));
        var parcel = order.GetProperty("fulfillments").EnumerateArray().ShouldHaveSingleItem();
        (parcel.GetProperty("status").GetString(), parcel.GetProperty("carrier").GetString(), parcel.GetProperty("trackingNumber").GetString()).ShouldBe(("delivered", "ups", Number));
        detailed.GetProperty("customAttributes").GetProperty("lastParcel").GetString().ShouldBe($"ups {Number}: delivered 2026-03-04");
    }

    /// <summary>Either the event says so itself, or a notice does.</summary>
    private async Task EverybodyIsToldWhoseTheyAreAsync(string customerId, IReadOnlyList<JsonElement> scans, bool isKnownAtOnce)
    {
        scans.Select(told => told.TryGetProperty("customerid", out _)).Distinct().ShouldBe([isKnownAtOnce]);
        var linked = (await Client.EventsAsync()).Where(told => told.GetProperty("type").GetString() == "valuechain.identity.customer.linked" && told.GetProperty("subject").GetString()!.StartsWith("parcel/", StringComparison.Ordinal)).ToList();
        if (isKnownAtOnce)
            linked.ShouldBeEmpty();
        else
            linked.ShouldHaveSingleItem().GetProperty("data").GetProperty("customerId").GetString().ShouldBe(customerId);
    }

    private async Task StepAsync(string step)
    {
        switch (step)
        {
            case "order":
                await Client.DeliverAsync(new Webhook("orders/create", Shopify.Order(501, "100.00", Shopify.Customer(51, Email))));
                break;
            case "label":
                await Client.DeliverAsync(new Webhook("fulfillments/create", Shopify.Fulfillment(41, 501, Number)));
                break;
            case "scans":
                (await Client.SendAsync(_vendors.Tracking(Number, "IT", "2026-03-03T08:00:00Z"))).Word.ShouldBe("accepted");
                (await Client.SendAsync(_vendors.Tracking(Number, "DE", Delivered))).Word.ShouldBe("accepted");
                break;
        }
    }

    private async Task<JsonElement> LookupAsync(JsonNode lookup) => (await Client.SendAsync(SignedVendors.Lookup(lookup))).Json.GetProperty("results").EnumerateArray().ShouldHaveSingleItem();
}
