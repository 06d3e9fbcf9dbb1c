using System.Net;
using System.Text.Json;

namespace ValueChainHub.EndToEnd.Tests.Gladly;

/// <summary>A support agent's Gladly shows the unified customer, answered from the hub's own store.</summary>
public sealed class LookupTests
{
    private const string Account = """
        {"id":7001,"email":"ada.shopper@example.com","phone":"+15005550100","first_name":"Ada","last_name":"Shopper","state":"enabled","updated_at":"2026-02-09T10:00:00Z",
         "email_marketing_consent":{"state":"subscribed","consent_updated_at":"2026-02-09T10:00:00Z"}}
        """;

    private const string Order = """
        {"id":5001,"name":"#1001","email":"ada.shopper@example.com","financial_status":"paid","currency":"USD","total_price":"59.50","created_at":"2026-02-10T14:30:00Z","updated_at":"2026-02-10T14:30:05Z",
         "order_status_url":"https://shop.example/authenticate?key=secret-link","customer":{"id":7001},
         "line_items":[{"title":"Rope Basket","sku":"RB-1","quantity":2,"price":"20.00"},{"title":"Soap","quantity":1,"price":"19.50"}]}
        """;

    private const string Parcel = """
        {"id":4001,"order_id":5001,"status":"success","tracking_company":"UPS","tracking_number":"1Z999AA10123456784","tracking_url":"https://www.ups.example/track","created_at":"2026-02-11T08:00:00Z","updated_at":"2026-02-11T08:00:05Z"}
        """;

    private const string GuestOrder = """
        {"id":5002,"name":"#1002","email":"ada.shopper@example.com","financial_status":"paid","currency":"USD","total_price":"10.00","created_at":"2026-01-10T14:30:00Z","updated_at":"2026-01-10T14:30:05Z","line_items":[]}
        """;

    [Fact]
    public async Task Basic_finds_a_shopper_known_only_to_the_shop_by_email_and_by_phone()
    {
        await using var hub = await WithAdaAsync();

        var byEmail = await hub.LookupAsync("BASIC", """{"id":"g-1","name":"A","emails":["Ada.Shopper@Example.com","other@example.com"]}""");
        var byPhone = await hub.LookupAsync("BASIC", """{"id":"g-1","phones":["+1 500 555 0100"]}""");

        byEmail.GetArrayLength().ShouldBe(1);
        byPhone.GetRawText().ShouldBe(byEmail.GetRawText());
        var ada = byEmail[0];
        ada.GetProperty("name").GetString().ShouldBe("Ada Shopper");
        ada.GetProperty("emails").GetRawText().ShouldBe("""[{"original":"ada.shopper@example.com"}]""");
        ada.GetProperty("phones").GetRawText().ShouldBe("""[{"original":"+15005550100","type":"MOBILE"}]""");
        ada.TryGetProperty("transactions", out _).ShouldBeFalse();
        ada.GetProperty("externalCustomerId").GetString().ShouldBe(await IdOfAsync(hub, "ada.shopper@example.com"));
    }

    [Fact]
    public async Task Detailed_answers_the_one_customer_with_orders_and_parcels_in_the_documented_shape()
    {
        await using var hub = await WithAdaAsync();
        var id = await IdOfAsync(hub, "ada.shopper@example.com");

        var results = await hub.LookupAsync("DETAILED", $$"""{"id":"g-1","externalCustomerId":"{{id}}","emails":[]}""", unique: true);

        results.GetArrayLength().ShouldBe(1);
        results[0].GetProperty("externalCustomerId").GetString().ShouldBe(id);
        results[0].GetProperty("transactions").GetRawText().ShouldBe(
            """[{"type":"ORDER","createdAt":"2026-02-10T14:30:00Z","orderNumber":"#1001","itemCount":3,"orderTotal":"$59.50","currencyCode":"USD","orderStatus":"paid","""
            + """ "fulfillments":[{"status":"in_transit","carrier":"ups","trackingNumber":"1Z999AA10123456784","trackingUrl":"https://www.ups.example/track"}],""".Trim()
            + """ "products":[{"id":"RB-1","name":"Rope Basket","sku":"RB-1","quantity":2},{"id":"2","name":"Soap","quantity":1}]}]""".Trim());
        var attributes = results[0].GetProperty("customAttributes");
        attributes.EnumerateObject().ShouldAllBe(attribute => attribute.Value.ValueKind == JsonValueKind.String);
        attributes.GetProperty("lifetimeValue").GetString().ShouldBe("59.50 USD");
        attributes.GetProperty("orders").GetString().ShouldBe("1");
        attributes.GetProperty("lastParcel").GetString().ShouldBe("ups 1Z999AA10123456784: in_transit");
        attributes.GetProperty("emailConsent").GetString().ShouldBe("granted");
        results.GetRawText().ShouldNotContain("secret-link");
    }

    [Fact]
    public async Task An_id_once_handed_out_resolves_after_a_merge_and_is_answered_as_asked()
    {
        await using var hub = await LookupHub.StartAsync();
        await hub.ShopSaysAsync("orders/create", GuestOrder);
        await hub.SettleAsync();
        var asGuest = (await hub.LookupAsync("BASIC", """{"emails":["ada.shopper@example.com"]}"""))[0].GetProperty("externalCustomerId").GetString();

        await hub.ShopSaysAsync("customers/create", Account);
        await hub.ShopSaysAsync("orders/create", Order);
        await hub.SettleAsync();

        var now = await hub.LookupAsync("DETAILED", $$"""{"externalCustomerId":"{{asGuest}}"}""", unique: true);
        (await IdOfAsync(hub, "ada.shopper@example.com")).ShouldNotBe(asGuest);
        now.GetArrayLength().ShouldBe(1);
        now[0].GetProperty("externalCustomerId").GetString().ShouldBe(asGuest);
        now[0].GetProperty("name").GetString().ShouldBe("Ada Shopper");
        now[0].GetProperty("transactions").GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public async Task Who_is_not_known_is_nobody()
    {
        await using var hub = await WithAdaAsync();

        foreach (var query in (string[])["""{"externalCustomerId":"12345"}""", """{"externalCustomerId":"12345","emails":["ada.shopper@example.com"]}""", """{"externalCustomerId":"../../x"}""", """{"emails":["nobody@example.com"]}""", "{}"])
            (await hub.LookupAsync("DETAILED", query, unique: true)).GetRawText().ShouldBe("[]", query);
        (await hub.LookupAsync("BASIC", """{"id":"g-1","emails":["nobody@example.com"]}""")).GetRawText().ShouldBe("[]");
    }

    [Fact]
    public async Task Basic_answers_several_candidates_and_none_where_only_one_will_do()
    {
        await using var hub = await WithAdaAsync();
        await hub.ShopSaysAsync("customers/create", """{"id":7002,"email":"bob@example.com","first_name":"Bob","updated_at":"2026-02-09T10:00:00Z"}""");
        await hub.SettleAsync();
        const string Both = """{"emails":["ada.shopper@example.com","bob@example.com"]}""";

        (await hub.LookupAsync("BASIC", Both)).GetArrayLength().ShouldBe(2);
        (await hub.LookupAsync("BASIC", Both, unique: true)).GetArrayLength().ShouldBe(0);
        (await hub.LookupAsync("DETAILED", Both)).GetArrayLength().ShouldBe(0);
        (await hub.LookupAsync("DETAILED", """{"emails":["bob@example.com"]}""")).GetArrayLength().ShouldBe(1);
        (await hub.LookupAsync("BASIC", """{"orderNumber":"#1001"}""")).GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task What_Gladly_did_not_sign_now_is_refused_and_counted()
    {
        await using var hub = await LookupHub.StartAsync();
        const string Body = """{"lookupLevel":"BASIC","query":{"emails":["ada.shopper@example.com"]}}""";

        await ShouldBeProblemAsync(await hub.SendLookupAsync(Body, key: "another-signing-key"), HttpStatusCode.Unauthorized);
        await ShouldBeProblemAsync(await hub.SendLookupAsync(Body, sent: Body.Replace("ada", "eve", StringComparison.Ordinal)), HttpStatusCode.Unauthorized);
        await ShouldBeProblemAsync(await hub.SendLookupAsync(Body, time: DateTimeOffset.UtcNow.AddMinutes(-6)), HttpStatusCode.Unauthorized);
        await ShouldBeProblemAsync(await hub.SendLookupAsync("""{"lookupLevel":"BASIC"}"""), HttpStatusCode.BadRequest);

        var rejected = (await hub.GetAsync("/api/operations/ledger")).GetProperty("connectors").GetProperty("gladly").GetProperty("rejected");
        rejected.GetProperty("signature").GetInt64().ShouldBe(2);
        rejected.GetProperty("window").GetInt64().ShouldBe(1);
    }

    [Fact]
    public async Task Without_a_signing_key_there_is_no_adapter()
    {
        await using var hub = await LookupHub.StartAsync(answersLookups: false);

        await ShouldBeProblemAsync(await hub.SendLookupAsync("""{"lookupLevel":"BASIC","query":{}}"""), HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_conversation_joins_its_shopper_when_the_thin_webhook_has_been_fetched()
    {
        await using var hub = await LookupHub.StartAsync(path => path switch
        {
            "/api/v1/customer-profiles/g-1" => (HttpStatusCode.MovedPermanently, """{"errors":[{"code":"moved_permanently","meta":{"old":"g-1","new":"g-2"}}]}"""),
            "/api/v1/customer-profiles/g-2" => (HttpStatusCode.OK, """
                {"id":"g-2","updatedAt":"2026-03-02T09:10:00Z","emails":[{"original":"work@example.com","primary":true},{"original":"Ada.Shopper@example.com"}],"phones":[]}
                """),
            "/api/v1/conversations/c-1" => (HttpStatusCode.OK, """{"id":"c-1","customerId":"g-1","createdAt":"2026-03-02T09:00:00Z","status":{"value":"OPEN"}}"""),
            _ => default,
        });
        await hub.ShopSaysAsync("customers/create", Account);
        await hub.DeskSaysAsync("CONTACT/ENDED", "2026-03-02T10:00:00Z", """{"customerId":"g-1","conversationId":"c-1","contactId":"k-1"}""");
        await hub.DeskSaysAsync("CONVERSATION/CREATED", "2026-03-02T09:00:00Z", """{"customerId":"g-1","conversationId":"c-1"}""");

        var found = await LookupHub.EventuallyAsync(
            () => hub.GetAsync("/api/customers?email=ada.shopper@example.com"),
            seen => seen.GetProperty("items") is var items && items.GetArrayLength() == 1 && items[0].GetProperty("service").GetProperty("conversations").GetInt32() == 1);

        found.GetProperty("items").GetArrayLength().ShouldBe(1);
        var service = found.GetProperty("items")[0].GetProperty("service");
        (service.GetProperty("conversations").GetInt32(), service.GetProperty("openConversations").GetInt32()).ShouldBe((1, 1));
        service.GetProperty("lastContactAt").GetDateTimeOffset().ShouldBe(new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero));
        (await hub.LookupAsync("BASIC", """{"emails":["work@example.com"]}"""))[0].GetProperty("name").GetString().ShouldBe("Ada Shopper");
    }

    private static async Task<LookupHub> WithAdaAsync()
    {
        var hub = await LookupHub.StartAsync();
        await hub.ShopSaysAsync("customers/create", Account);
        await hub.ShopSaysAsync("orders/create", Order);
        await hub.ShopSaysAsync("fulfillments/create", Parcel);
        await hub.SettleAsync();
        return hub;
    }

    private static async Task<string?> IdOfAsync(LookupHub hub, string email) =>
        (await hub.GetAsync("/api/customers?email=" + email)).GetProperty("items").EnumerateArray().ShouldHaveSingleItem().GetProperty("id").GetString();

    private static async Task ShouldBeProblemAsync(HttpResponseMessage response, HttpStatusCode status)
    {
        using (response)
        {
            response.StatusCode.ShouldBe(status);
            response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
            (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldNotContain("ada.shopper");
        }
    }
}
