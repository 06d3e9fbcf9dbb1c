using System.Text;
using System.Text.Json.Nodes;
using ValueChainHub.Connectors.Shopify;
using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Chain.Records;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Testing.Connectors;

namespace ValueChainHub.Connectors.Tests.Shopify;

public sealed class ShopifyVersionTests
{
    private const string UpdatedAt = "2026-02-10T09:30:11-05:00";

    [Fact]
    public void An_order_is_ordered_by_its_own_time() =>
        Core("orders-create").Version.ShouldBe(new FacetVersion(new(2026, 2, 10, 14, 30, 11, TimeSpan.Zero), SourceClass.Webhook, 4));

    [Fact]
    public void At_equal_seconds_cancelled_beats_refunded_beats_paid_beats_pending()
    {
        Facet[] rising =
        [
            Core("orders-create", body => body["financial_status"] = "pending"), Core("orders-create", body => body["financial_status"] = "authorized"),
            Core("orders-create", body => body["financial_status"] = "partially_paid"), Core("orders-create"), Core("orders-create", body => body["financial_status"] = "partially_refunded"),
            Core("orders-create", body => body["financial_status"] = "refunded"),
            Core("orders-create", body => (body["cancelled_at"], body["financial_status"]) = (UpdatedAt, "pending")),
        ];

        rising.ShouldBe(rising.Order());
        rising.Select(facet => facet.Version).ShouldBeUnique();
    }

    [Fact]
    public void A_body_without_a_time_is_the_lowest()
    {
        var timeless = Core("orders-create", body => body.Remove("updated_at"));

        timeless.Version.Revision.ShouldBeNull();
        timeless.ShouldBeLessThan(Core("orders-create", body => body["updated_at"] = "1999-01-01T00:00:00Z"));
    }

    [Fact]
    public void The_customer_inside_an_order_takes_the_orders_time_and_loses_to_its_own_body()
    {
        var copy = ShopifyTests.Translate("orders-create").Facet(ShopifyTests.Customer, FacetNames.Core)!;
        var own = ShopifyTests.Translate("customers-create", body => body["updated_at"] = UpdatedAt).Facet(ShopifyTests.Customer, FacetNames.Core)!;

        copy.Version.Revision.ShouldBe(own.Version.Revision);
        copy.Version.Source.ShouldBe(SourceClass.Embedded);
        copy.ShouldBeLessThan(own);
    }

    [Fact]
    public void A_copy_that_carries_some_fields_writes_each_for_itself_and_clears_no_other()
    {
        var translated = ShopifyTests.Translate("orders-create", body => body["customer"] = JsonNode.Parse("""{"id":7348219056411237001,"email":"ada@later.example.com"}"""));

        translated.Entity(ShopifyTests.Customer).Facets.Select(facet => facet.Name).ShouldBe([FacetNames.Core, FacetNames.CoreField("email")]);
        translated.Facet(ShopifyTests.Customer, FacetNames.Core)!.Version.Revision.ShouldBeNull();
        translated.Facet(ShopifyTests.Customer, FacetNames.CoreField("email"))!.Version.Revision.ShouldNotBeNull();
    }

    [Fact]
    public void A_copy_that_is_only_an_id_writes_nothing() =>
        ShopifyTests.Translate("orders-create", body => body["customer"] = JsonNode.Parse("""{"id":7348219056411237001}""")).Entity(ShopifyTests.Customer).Facets.ShouldBeEmpty();

    [Fact]
    public void An_order_body_without_any_of_its_fields_writes_no_core_and_is_fetched()
    {
        var translated = ShopifyTests.Raw("orders/updated", """{"id":9007199254740993001,"updated_at":"2026-02-10T09:30:11-05:00"}""").ShouldBeOfType<Translation.Translated>();

        translated.Facet(ShopifyTests.Order, FacetNames.Core).ShouldBeNull();
        translated.Fetches.ShouldHaveSingleItem().Resource.ShouldBe("order/9007199254740993001");
    }

    [Theory]
    [InlineData("orders-delete", "order", "9007199254740993001", EventCatalogue.OrderDeleted)]
    [InlineData("customers-delete", "customer", "7348219056411237001", EventCatalogue.AccountDeleted)]
    [InlineData("checkouts-delete", "checkout", "9007199254740995001", EventCatalogue.CheckoutDeleted)]
    [InlineData("products-delete", "product", "8200000000000000001", EventCatalogue.ProductDeleted)]
    public void A_delete_is_a_tombstone_and_nothing_else(string recording, string type, string id, string told)
    {
        var translated = ShopifyTests.Translate(recording);

        translated.Entity(new("shopify", type, id)).Facets.ShouldHaveSingleItem().Name.ShouldBe(FacetNames.Deleted);
        translated.Events.ShouldHaveSingleItem().Type.ShouldBe(told);
    }

    [Fact]
    public void An_edit_is_told_and_fetched_and_changes_no_field()
    {
        var translated = ShopifyTests.Translate("orders-edited");

        translated.Fetches.ShouldHaveSingleItem().ShouldBe(new FetchRequest("shopify", "order/9007199254740993001", "the order was edited"));
        translated.Entity(ShopifyTests.Order).Facets.ShouldHaveSingleItem().Name.ShouldBe("edit/7700000000000000041");
        translated.Events.ShouldHaveSingleItem().Type.ShouldBe(EventCatalogue.OrderEdited);
    }

    [Theory]
    [InlineData("returns/request", "requested")]
    [InlineData("returns/approve", "open")]
    [InlineData("returns/reopen", "open")]
    [InlineData("returns/cancel", "cancelled")]
    [InlineData("returns/close", "closed")]
    public void A_return_that_names_no_status_has_that_of_its_topic(string topic, string status)
    {
        var translated = ShopifyTests.Translate("returns-request", body => body.Remove("status"), topic);

        translated.Value<OrderReturn>(ShopifyTests.Order, "return/3300000000000000021").Status.ShouldBe(status);
        translated.Fetches.ShouldHaveSingleItem().Resource.ShouldBe("order/9007199254740993001");
    }

    [Fact]
    public void A_declined_return_that_does_not_name_its_order_is_fetched_and_the_answer_does()
    {
        ShopifyTests.Translate("returns-decline").Fetches.ShouldHaveSingleItem().Resource.ShouldBe("return/3300000000000000022");

        ShopifyTests.Translate("graphql-return").Value<OrderReturn>(ShopifyTests.Order, "return/3300000000000000022").Status.ShouldBe("declined");
    }

    [Fact]
    public void A_fetched_return_beats_every_hint() =>
        ShopifyTests.Translate("returns-request", body => body["status"] = "closed").Facet(ShopifyTests.Order, "return/3300000000000000021")!
            .ShouldBeLessThan(ShopifyTests.Translate("graphql-order").Facet(ShopifyTests.Order, "return/3300000000000000021")!);

    [Fact]
    public void A_fetched_order_says_what_the_webhook_says_with_more_weight()
    {
        var pushed = Core("orders-updated", body => body["updated_at"] = "2026-02-14T16:00:02Z");
        var fetched = Core("graphql-order");

        fetched.Value.ShouldBe(pushed.Value);
        pushed.ShouldBeLessThan(fetched);
        fetched.Version.Source.ShouldBe(SourceClass.Read);
    }

    [Fact]
    public void An_order_told_twice_is_the_same_event()
    {
        var first = ShopifyTests.Translate("orders-create").Events;

        ShopifyTests.Translate("orders-create", body => (body["browser_ip"], body["tags"]) = ("192.0.2.99", "late")).Events.ShouldBe(first);
    }

    [Theory]
    [InlineData("orders/create", EventCatalogue.OrderPlaced)]
    [InlineData("orders/updated", EventCatalogue.OrderUpdated)]
    [InlineData("orders/paid", EventCatalogue.OrderPaid)]
    [InlineData("orders/fulfilled", EventCatalogue.OrderFulfilled)]
    [InlineData("orders/partially_fulfilled", EventCatalogue.OrderUpdated)]
    [InlineData("orders/cancelled", EventCatalogue.OrderCancelled)]
    public void Each_order_topic_tells_its_own_event(string topic, string type) => ShopifyTests.Translate("orders-create", topic: topic).Events.ShouldHaveSingleItem().Type.ShouldBe(type);

    [Fact]
    public void Tags_are_registers_of_their_own()
    {
        var added = ShopifyTests.Translate("customer.tags_added", topic: "customer.tags_added").Facet(ShopifyTests.Customer, FacetNames.Tag("wholesale"))!;
        var removed = ShopifyTests.Translate("customer.tags_removed", topic: "customer_tags/removed").Facet(ShopifyTests.Customer, FacetNames.Tag("wholesale"))!;

        added.ShouldBeLessThan(removed);
        ChainJson.Read<AccountTag>(removed.Value).Present.ShouldBeFalse();
    }

    [Fact]
    public void Fetched_answers_are_no_webhooks() =>
        ShopifyTests.Connector.Translate(new("shopify", DeliveryKind.Webhook, "graphql/order", new Dictionary<string, string>(), Encoding.UTF8.GetBytes("{}"), null)).ShouldBeOfType<Translation.Suppressed>();

    [Theory]
    [InlineData("draft_orders/create")]
    [InlineData("bulk_operations/finish")]
    [InlineData("fulfillment_orders/hold_released")]
    [InlineData("order_transactions/create")]
    [InlineData("tender_transactions/create")]
    [InlineData("customers/purchasing_summary")]
    [InlineData("customer.joined_segment")]
    [InlineData("inventory_levels/disconnect")]
    public void Topics_that_nothing_is_done_with_are_suppressed_with_a_reason(string topic) =>
        ShopifyTests.Raw(topic, """{"id":1}""").ShouldBeOfType<Translation.Suppressed>().Reason.ShouldNotBeNullOrWhiteSpace();

    [Fact]
    public void Every_topic_is_in_the_table_of_the_readme_with_the_registers_it_writes()
    {
        var readme = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Readmes", "Shopify", "README.md"));
        var rows = readme.Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal)).ToList();

        foreach (var topic in ShopifyTopics.Webhooks.Keys)
            rows.ShouldContain(row => row.Split('|')[1].Contains($"`{topic}`"), topic);
        foreach (var recording in Recording.All(ShopifyTests.RecordingsFolder))
        {
            if (ShopifyTests.Raw(recording.Topic, Encoding.UTF8.GetString(recording.Body)) is not Translation.Translated translated)
                continue;
            var row = rows.Single(candidate => candidate.Split('|')[1].Contains($"`{recording.Topic}`"));
            foreach (var facet in translated.Entities.SelectMany(entity => entity.Facets))
                row.ShouldContain("`" + facet.Name.Split('/')[0], customMessage: $"{recording.Name} writes {facet.Name}");
        }
    }

    private static Facet Core(string recording, Action<JsonObject>? change = null) => ShopifyTests.Translate(recording, change).Facet(ShopifyTests.Order, FacetNames.Core).ShouldNotBeNull();
}
