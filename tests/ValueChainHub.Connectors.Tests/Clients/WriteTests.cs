using System.Net;
using System.Text.Json.Nodes;
using ValueChainHub.Connectors.Gladly;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Delivery;

namespace ValueChainHub.Connectors.Tests.Clients;

public sealed class WriteTests : IDisposable
{
    private const string Done = """{"data":{"customerEmailMarketingConsentUpdate":{"customer":{"id":"gid://shopify/Customer/7"},"userErrors":[]},"tagsAdd":{"node":{"id":"x"},"userErrors":[]},"tagsRemove":{"node":{"id":"x"},"userErrors":[]}}}""";

    private static readonly DateTimeOffset Then = new(2026, 1, 15, 11, 0, 0, TimeSpan.FromHours(1));
    private static readonly Recipient Ada = new("c-1", "7", "ada.shopper@example.com", "+15005550100");

    private readonly ScriptedWire _wire = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _wire.Dispose();

    [Fact]
    public async Task Shopify_is_told_consent_with_the_time_of_the_act()
    {
        _wire.Answer(Done);

        (await Made.Shopify(_wire).StateConsentAsync(new(Ada, "email", Ada.Email!, "marketing", "denied", Then), Token)).ShouldBe(new WriteOutcome.Written());

        var input = _wire.Last.Json["variables"]!["emailConsent"]!;
        input["customerId"]!.GetValue<string>().ShouldBe("gid://shopify/Customer/7");
        input["emailMarketingConsent"]!["marketingState"]!.GetValue<string>().ShouldBe("UNSUBSCRIBED");
        input["emailMarketingConsent"]!["consentUpdatedAt"]!.GetValue<DateTimeOffset>().ShouldBe(Then);
        _wire.Last.Json["variables"]!.AsObject().Count.ShouldBe(1);
        _wire.Last.Headers.GetValues("X-Shopify-Access-Token").ShouldBe(["shpat-token"]);
    }

    [Fact]
    public async Task Shopify_loses_the_absent_tags_and_gains_the_present_ones_and_no_other()
    {
        _wire.Answer(Done);

        (await Made.Shopify(_wire).SetTagsAsync(new(Ada, ["vch-support-open"], ["vch-cohort-first"]), Token)).ShouldBe(new WriteOutcome.Written());

        _wire.Calls.Select(call => (call.Json["query"]!.GetValue<string>().Split('(')[0], call.Json["variables"]!["tags"]![0]!.GetValue<string>()))
            .ShouldBe([("mutation HubRemoveTags", "vch-cohort-first"), ("mutation HubAddTags", "vch-support-open")]);
    }

    [Fact]
    public async Task A_user_error_of_Shopify_s_is_a_refusal_by_code_and_field()
    {
        _wire.Answer("""{"data":{"customerEmailMarketingConsentUpdate":{"customer":null,"userErrors":[{"code":"INVALID","field":["input","emailMarketingConsent"],"message":"ada.shopper@example.com is not"}]}}}""");

        var failed = (await Made.Shopify(_wire).StateConsentAsync(new(Ada, "email", Ada.Email!, "marketing", "granted", Then), Token)).ShouldBeOfType<WriteOutcome.Failed>();

        failed.ShouldBe(new WriteOutcome.Failed(FailureKind.Refused, "the write was refused at input.emailMarketingConsent", null, new(200, "INVALID", null)));
    }

    [Fact]
    public async Task Klaviyo_is_told_a_grant_as_history_so_that_nobody_is_mailed_again()
    {
        _wire.Answer("", HttpStatusCode.Accepted);

        (await Made.Klaviyo(_wire).StateConsentAsync(new(Ada, "email", Ada.Email!, "marketing", "granted", Then), Token)).ShouldBe(new WriteOutcome.Written());

        _wire.Last.Path.ShouldBe("/api/profile-subscription-bulk-create-jobs");
        var job = _wire.Last.Json["data"]!["attributes"]!;
        job["historical_import"]!.GetValue<bool>().ShouldBeTrue();
        var profile = job["profiles"]!["data"]![0]!["attributes"]!;
        profile["subscriptions"]!["email"]!["marketing"]!.ToJsonString().ShouldBe("""{"consent":"SUBSCRIBED","consented_at":"2026-01-15T10:00:00\u002B00:00"}""");
        profile.AsObject().Select(member => member.Key).ShouldBe(["email", "subscriptions"]);
    }

    [Fact]
    public async Task A_grant_without_its_time_is_not_repeated_to_Klaviyo()
    {
        (await Made.Klaviyo(_wire).StateConsentAsync(new(Ada, "sms", Ada.Phone!, "marketing", "granted", null), Token)).ShouldBeOfType<WriteOutcome.Unneeded>();

        _wire.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task Klaviyo_keeps_an_event_once_by_our_key()
    {
        _wire.Answer("", HttpStatusCode.Accepted);

        (await Made.Klaviyo(_wire).AppendAsync(new(Ada, "event-1", "valuechain.storefront.order.placed", "ValueChainHub order.placed", Then, """{"id":"1"}"""), Token)).ShouldBe(new WriteOutcome.Written());

        var sent = _wire.Last.Json["data"]!["attributes"]!;
        sent["unique_id"]!.GetValue<string>().ShouldBe("event-1");
        sent["metric"]!["data"]!["attributes"]!["name"]!.GetValue<string>().ShouldBe("ValueChainHub order.placed");
        sent["profile"]!["data"]!["id"]!.GetValue<string>().ShouldBe("7");
        sent["properties"]!.ToJsonString().ShouldBe("""{"id":"1"}""");
    }

    [Fact]
    public async Task Klaviyo_answers_the_profile_that_was_made_and_what_is_unknown_is_not_sent()
    {
        _wire.Answer("""{"data":{"type":"profile","id":"01GDD"}}""", HttpStatusCode.Created);

        var outcome = await Made.Klaviyo(_wire).UpsertAsync(new(Ada with { AccountId = null, Phone = null }, new("Ada Shopper", null, null), null, null, null, new(1, 0, null)), Token);

        outcome.ShouldBe(new WriteOutcome.Written("01GDD"));
        _wire.Last.Json["data"]!.AsObject().ContainsKey("id").ShouldBeFalse();
        _wire.Last.Json["data"]!["attributes"]!.ToJsonString()
            .ShouldBe("""{"email":"ada.shopper@example.com","first_name":"Ada","last_name":"Shopper","properties":{"vchOpenConversations":"0"}}""");
    }

    [Fact]
    public async Task A_Gladly_profile_keeps_every_address_and_attribute_that_it_had()
    {
        _wire.Answer("""{"id":"7","name":"Ada","emails":[{"original":"Old@example.com","normalized":"old@example.com","primary":true}],"phones":[],"customAttributes":{"tier":"gold","seats":4}}""")
            .Answer("", HttpStatusCode.NoContent);

        var failure = await Made.GladlyApi(_wire).ChangeCustomerAsync("7", new(null, "ada.shopper@example.com", null, new Dictionary<string, string> { ["vchOrders"] = "3" }), Token);

        failure.ShouldBeNull();
        _wire.Last.Method.ShouldBe("PATCH");
        JsonNode.DeepEquals(_wire.Last.Json, JsonNode.Parse("""
            {"emails":[{"original":"Old@example.com","normalized":"old@example.com","primary":true},{"original":"ada.shopper@example.com"}],
             "customAttributes":{"tier":"gold","seats":4,"vchOrders":"3"}}
            """)).ShouldBeTrue(_wire.Last.Body);
    }

    [Fact]
    public async Task A_Gladly_profile_that_has_it_all_is_not_written()
    {
        _wire.Answer("""{"id":"7","emails":[{"original":"Ada.Shopper@Example.com"}],"customAttributes":{"vchOrders":"3"}}""");

        (await Made.GladlyApi(_wire).ChangeCustomerAsync("7", new(null, "ada.shopper@example.com", null, new Dictionary<string, string> { ["vchOrders"] = "3" }), Token)).ShouldBeNull();

        _wire.Calls.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_merged_Gladly_profile_is_written_where_it_went()
    {
        _wire.Answer("""{"errors":[{"code":"moved","meta":{"old":"7","new":"9"}}]}""", HttpStatusCode.MovedPermanently).Answer("""{"id":"9"}""").Answer("", HttpStatusCode.NoContent);

        (await Made.GladlyApi(_wire).ChangeCustomerAsync("7", new("Ada", null, null, new Dictionary<string, string>()), Token)).ShouldBeNull();

        _wire.Calls.Select(call => $"{call.Method} {call.Path}").ShouldBe(["GET /api/v1/customer-profiles/7", "GET /api/v1/customer-profiles/9", "PATCH /api/v1/customer-profiles/9"]);
    }

    [Fact]
    public async Task A_Gladly_task_that_is_there_already_counts_as_opened()
    {
        _wire.Answer("", HttpStatusCode.Created).Answer("""{"errors":[{"attr":"newConversationItems","code":"taken","detail":"task already exists"}]}""", HttpStatusCode.Conflict);
        var gladly = Made.Gladly(_wire);
        var task = new TaskToOpen(Ada, "parcel/late/1Z999", "Parcel 1Z999 is late.", Then);

        (await gladly.OpenTaskAsync(task, Token)).ShouldBe(new WriteOutcome.Written());
        (await gladly.OpenTaskAsync(task, Token)).ShouldBe(new WriteOutcome.Written());

        _wire.Calls.ShouldAllBe(call => call.Path == "/api/v1/customers/7/tasks");
        var id = _wire.Last.Json["id"]!.GetValue<string>();
        id.Length.ShouldBeLessThan(50);
        _wire.Calls[0].Json["id"]!.GetValue<string>().ShouldBe(id);
        _wire.Last.Json["assignee"]!.ToJsonString().ShouldBe("""{"inboxId":"inbox-1"}""");
    }

    [Fact]
    public async Task A_task_about_somebody_whom_Gladly_does_not_know_is_not_needed_and_makes_no_profile()
    {
        _wire.Answer("[]");

        (await Made.Gladly(_wire).OpenTaskAsync(new(Ada with { AccountId = null }, "k", "text", Then), Token)).ShouldBeOfType<WriteOutcome.Unneeded>();

        _wire.Calls.Select(call => call.Method).ShouldBe(["GET"]);
        _wire.Last.Query.ShouldBe("?email=ada.shopper@example.com");
    }

    [Fact]
    public async Task Without_an_inbox_a_task_waits_for_a_person()
    {
        (await Made.Gladly(_wire, hasInbox: false).OpenTaskAsync(new(Ada, "k", "text", Then), Token)).ShouldBe(new WriteOutcome.Failed(FailureKind.Refused, "no TaskInboxId is set"));
    }

    [Fact]
    public async Task A_Gladly_profile_that_is_gone_needs_no_telling_but_the_404_of_a_proxy_says_nothing()
    {
        _wire.Answer("""{"errors":[{"code":"not_exist"}]}""", HttpStatusCode.NotFound).Answer("<html>", HttpStatusCode.NotFound);
        var gladly = Made.Gladly(_wire);
        var state = new CustomerState(Ada, null, new(3, 0, [], null, null), null, null, null);

        (await gladly.UpsertAsync(state, Token)).ShouldBeOfType<WriteOutcome.Unneeded>();
        (await gladly.UpsertAsync(state, Token)).ShouldBeOfType<WriteOutcome.Failed>().Kind.ShouldBe(FailureKind.Refused);
    }

    [Fact]
    public async Task An_item_on_a_timeline_has_an_id_of_ours_or_is_not_sent()
    {
        _wire.Answer("{}");
        var api = Made.GladlyApi(_wire);
        var activity = new GladlyActivity("CUSTOMER_ACTIVITY", "EMAIL", "Order #1001 shipped", null, "ValueChainHub", Then);

        (await api.AddItemAsync(new("vch-1", new(Ada.Email, null), activity), Token)).ShouldBeNull();
        (await api.AddItemAsync(new("not safe/in a URL", new(Ada.Email, null), activity), Token))!.Value.Kind.ShouldBe(FailureKind.Refused);

        _wire.Calls.Count.ShouldBe(1);
        _wire.Last.Json["customer"]!.ToJsonString().ShouldBe("""{"emailAddress":"ada.shopper@example.com"}""");
    }
}
