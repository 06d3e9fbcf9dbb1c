using System.Net;
using System.Text.Json.Nodes;
using ValueChainHub.Core.Chain.Records;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Delivery;

namespace ValueChainHub.Connectors.Tests.Clients;

/// <summary>What vendors hold is read back in the hub's terms, and put back as it was.</summary>
public sealed class HeldTests : IDisposable
{
    private static readonly DateTimeOffset Then = new(2026, 1, 15, 10, 0, 0, TimeSpan.Zero);
    private static readonly Recipient Ada = new("c-1", "7", "ada.shopper@example.com", "+15005550100");

    private readonly ScriptedWire _wire = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _wire.Dispose();

    [Fact]
    public async Task Shopify_shows_contact_tags_and_the_consents_that_are_statements()
    {
        _wire.Answer("""
            {"data":{"customer":{"id":"gid://shopify/Customer/7","firstName":"Ada","lastName":"Shopper","tags":["vip","vch-support-open"],
             "defaultEmailAddress":{"emailAddress":"Ada.Shopper@example.com","marketingState":"UNSUBSCRIBED","marketingUpdatedAt":"2026-01-15T10:00:00Z"},
             "defaultPhoneNumber":{"phoneNumber":"+15005550100","marketingState":"NOT_SUBSCRIBED","marketingUpdatedAt":null}}}}
            """);

        var held = await HeldAsync(Made.Shopify(_wire));

        _wire.Last.Json["variables"]!["id"]!.GetValue<string>().ShouldBe("gid://shopify/Customer/7");
        (held.Name, held.Email, held.Phone).ShouldBe(("Ada Shopper", "Ada.Shopper@example.com", "+15005550100"));
        held.Tags.ShouldBe(["vip", "vch-support-open"]);
        held.Consents.ShouldBe([new Consent("email", "ada.shopper@example.com", "marketing", "denied", Then)]);
    }

    [Fact]
    public async Task Klaviyo_shows_contact_properties_that_are_texts_and_consents_that_are_statements()
    {
        _wire.Answer("""
            {"data":[{"type":"profile","id":"7","attributes":{"email":"ada.shopper@example.com","phone_number":"+15005550100","first_name":"Ada","last_name":"Shopper","properties":{"vchOrders":"3","seats":4},
             "subscriptions":{"email":{"marketing":{"consent":"SUBSCRIBED","consent_timestamp":"2026-01-15T10:00:00+00:00"}},"sms":{"marketing":{"consent":"NEVER_SUBSCRIBED"}}}}}],"links":{"next":null}}
            """);

        var held = await HeldAsync(Made.Klaviyo(_wire));

        _wire.Last.Query.ShouldContain("filter=equals(id,\"7\")");
        (held.Name, held.Email).ShouldBe(("Ada Shopper", "ada.shopper@example.com"));
        held.Facts.ShouldBe(new Dictionary<string, string> { ["vchOrders"] = "3" });
        held.Consents.ShouldBe([new Consent("email", "ada.shopper@example.com", "marketing", "granted", Then)]);
    }

    [Fact]
    public async Task Gladly_shows_its_contact_and_attributes_and_no_consent()
    {
        _wire.Answer("""{"id":"7","name":"Ada","emails":[{"original":"b@example.com"},{"original":"A@example.com","normalized":"a@example.com","primary":true}],"phones":[],"customAttributes":{"vchOrders":"3","seats":4}}""");

        var held = await HeldAsync(Made.Gladly(_wire));

        (held.Name, held.Email, held.Phone).ShouldBe(("Ada", "a@example.com", null));
        held.Facts.ShouldBe(new Dictionary<string, string> { ["vchOrders"] = "3" });
        held.Consents.ShouldBeEmpty();
    }

    [Fact]
    public async Task Whom_a_vendor_does_not_have_is_nobody_and_what_cannot_be_told_is_a_failure_with_its_kind()
    {
        _wire.Answer("""{"data":{"customer":null}}""").Answer("""{"data":[],"links":{"next":null}}""").Answer("""{"errors":[{"code":"not_found"}]}""", HttpStatusCode.NotFound).Answer("", HttpStatusCode.InternalServerError);

        (await Made.Shopify(_wire).ReadHeldAsync(Ada, Token)).ShouldBeOfType<HeldOutcome.Nobody>();
        (await Made.Klaviyo(_wire).ReadHeldAsync(Ada, Token)).ShouldBeOfType<HeldOutcome.Nobody>();
        (await Made.Gladly(_wire).ReadHeldAsync(Ada, Token)).ShouldBeOfType<HeldOutcome.Nobody>();
        foreach (var vendor in new IShowsCustomers[] { Made.Shopify(_wire), Made.Klaviyo(_wire), Made.Gladly(_wire) })
            (await vendor.ReadHeldAsync(Ada, Token)).ShouldBeOfType<HeldOutcome.Failed>().Kind.ShouldBe(FailureKind.Unavailable);
    }

    [Fact]
    public async Task Klaviyo_gets_back_what_was_there_and_loses_what_was_not()
    {
        _wire.Answer("""{"data":{"type":"profile","id":"7"}}""");

        (await Made.Klaviyo(_wire).RestoreAsync(Ada, "Ada Shopper", new Dictionary<string, string?> { ["vchOrders"] = "2", ["vchLastParcel"] = null }, Token)).ShouldBe(new WriteOutcome.Written("7"));

        var sent = _wire.Last.Json["data"]!;
        sent["attributes"]!["properties"]!.ToJsonString().ShouldBe("""{"vchOrders":"2"}""");
        sent["attributes"]!["first_name"]!.GetValue<string>().ShouldBe("Ada");
        sent["meta"]!.ToJsonString().ShouldBe("""{"patch_properties":{"unset":["vchLastParcel"]}}""");
    }

    [Fact]
    public async Task Gladly_gets_back_what_was_there_and_keeps_what_is_others()
    {
        _wire.Answer("""{"id":"7","name":"Ada","emails":[],"phones":[],"customAttributes":{"tier":"gold","vchOrders":"3","vchLastParcel":"ups 1Z"}}""").Answer("", HttpStatusCode.NoContent);

        (await Made.Gladly(_wire).RestoreAsync(Ada, null, new Dictionary<string, string?> { ["vchOrders"] = "2", ["vchLastParcel"] = null }, Token)).ShouldBe(new WriteOutcome.Written());

        JsonNode.DeepEquals(_wire.Last.Json, JsonNode.Parse("""{"customAttributes":{"tier":"gold","vchOrders":"2","vchLastParcel":null}}""")).ShouldBeTrue(_wire.Last.Body);
    }

    private static async Task<HeldCustomer> HeldAsync(IShowsCustomers vendor) => (await vendor.ReadHeldAsync(Ada, Token)).ShouldBeOfType<HeldOutcome.Held>().Customer;
}
