using System.Text.Json.Nodes;
using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Chain.Records;
using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Connectors.Tests.Shopify;

public sealed class ShopifyIdentityTests
{
    private const string Account = "shopify.customer:7348219056411237001";

    [Fact]
    public void An_order_links_to_its_customers_account_alone_and_other_contacts_only_find()
    {
        var translated = ShopifyTests.Translate("orders-create");

        translated.Claims().ShouldBe([Account]);
        translated.Finds().ShouldBe(["email:ada.work@example.org", "phone:+15005550177", "phone:+15005550188"]);
    }

    [Fact]
    public void Contacts_equal_to_the_customers_own_are_not_repeated() =>
        ShopifyTests.Translate("orders-create", body => (body["email"], body["contact_email"], body["phone"]) = ("ADA.Shopper@example.com", null, "+1 (500) 555-0100"))
            .Finds().ShouldBe(["phone:+15005550177", "phone:+15005550188"]);

    [Fact]
    public void A_guests_order_links_to_the_contacts_it_names()
    {
        var translated = ShopifyTests.Translate("orders-create~guest");
        var order = translated.Value<Order>(new("shopify", "order", "9007199254740993002"), FacetNames.Core);

        translated.Claims().ShouldBe(["email:guest.buyer@example.com", "phone:+15005550123"]);
        translated.Finds().ShouldBe(["phone:+15005550177", "phone:+15005550188"]);
        (order.GuestEmail, order.GuestName).ShouldBe(("Guest.Buyer@Example.com", "Ada Shopper"));
        translated.Entities.ShouldHaveSingleItem();
    }

    [Fact]
    public void A_till_order_without_contact_names_nobody()
    {
        var translated = ShopifyTests.Translate("orders-create~till");

        translated.Identity.Anchor.ShouldBeNull();
        translated.Identity.Finds.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("9223372036854775807")]
    [InlineData("\"9223372036854775807\"")]
    [InlineData("\"gid://shopify/Order/9223372036854775807\"")]
    public void Ids_keep_all_their_64_bits(string id) =>
        ShopifyTests.Translate("orders-create", body => body["id"] = JsonNode.Parse(id)).Entities.ShouldContain(entity => entity.Key.Id == "9223372036854775807");

    [Theory]
    [InlineData("9223372036854775808")]
    [InlineData("9007199254740993001.0")]
    [InlineData("9.007199254740993e18")]
    [InlineData("-5")]
    [InlineData("0")]
    [InlineData("\"12ab\"")]
    [InlineData("true")]
    [InlineData("{}")]
    public void What_is_no_id_is_unreadable_by_name(string id)
    {
        var body = ShopifyTests.Body("orders-create");
        body["id"] = JsonNode.Parse(id);

        ShopifyTests.Raw("orders/create", body.ToJsonString()).ShouldBeOfType<Translation.Unreadable>().Reason.ShouldBe("id is not an id");
    }

    [Fact]
    public void A_missing_id_is_taken_from_the_global_id() =>
        ShopifyTests.Translate("orders-create", body => body.Remove("id")).Facet(ShopifyTests.Order, FacetNames.Core).ShouldNotBeNull();

    [Fact]
    public void A_completed_merge_links_both_accounts()
    {
        var translated = ShopifyTests.Translate("customers-merge");

        translated.Claims().ShouldBe([Account, "shopify.customer:7348219056411237002"]);
        translated.Value<AccountMerge>(ShopifyTests.Customer, "merge/7348219056411237002").Status.ShouldBe("completed");
    }

    [Theory]
    [InlineData("failed")]
    [InlineData("in_progress")]
    [InlineData("requested")]
    public void A_merge_that_is_not_completed_is_a_note(string status) =>
        ShopifyTests.Translate("customers-merge", body => body["status"] = status).Claims().ShouldBe([Account]);

    [Fact]
    public void A_guests_checkout_is_anchored_at_its_e_mail_and_nothing_else()
    {
        var translated = ShopifyTests.Translate("checkouts-create");

        translated.Claims().ShouldBe(["email:browsing@example.com"]);
        translated.Finds().ShouldBe(["phone:+15005550166"]);
        ShopifyTests.Translate("checkouts-update").Claims().ShouldBe([Account]);
        ShopifyTests.Translate("checkouts-update").Finds().ShouldContain("email:browsing@example.com");
    }

    [Fact]
    public void A_cart_names_nobody_and_keeps_no_key_that_opens_it()
    {
        var translated = ShopifyTests.Translate("carts-create");

        translated.Identity.Claims.ShouldBeEmpty();
        translated.Value<Checkout>(new("shopify", "cart", "hWN2abcTOKEN"), FacetNames.Core).Total.ShouldBe(new Money("USD", 128.70m));
    }

    [Theory]
    [InlineData("orders-create", "authenticate")]
    [InlineData("checkouts-create", "recover")]
    [InlineData("carts-create", "5e6f")]
    public void No_link_that_opens_a_persons_data_leaves_the_body(string recording, string secretPart)
    {
        ShopifyTests.Body(recording).ToJsonString().ShouldContain(secretPart);
        var translated = ShopifyTests.Translate(recording);

        translated.Entities.SelectMany(entity => entity.Facets).ShouldAllBe(facet => !facet.Value.Contains(secretPart));
        translated.Events.ShouldAllBe(told => !told.Data.Contains(secretPart));
    }

    [Fact]
    public void An_order_is_found_by_its_name_and_number_and_its_parcels_numbers() =>
        ShopifyTests.Translate("orders-updated").Entity(ShopifyTests.Order).References.ShouldBe(
            [new("order", "VC1042"), new("order", "1042"), new("tracking", "1Z999AA10123456784"), new("tracking", "1Z999AA10123456785")]);

    [Fact]
    public void Privacy_requests_are_recorded_on_the_account_they_are_about()
    {
        var access = ShopifyTests.Translate("customers-data_request");
        var erase = ShopifyTests.Translate("customers-redact");
        var shop = ShopifyTests.Translate("shop-redact");

        access.Claims().ShouldBe([Account]);
        var request = access.Value<PrivacyRequest>(ShopifyTests.Customer, "privacy/access/9999001");
        (request.Kind, request.AccountId, request.RequestId).ShouldBe(("access", "7348219056411237001", "9999001"));
        request.OrderIds.ShouldBe(["9007199254740993001"]);
        erase.Value<PrivacyRequest>(ShopifyTests.Customer, "privacy/erase").Kind.ShouldBe("erase");
        shop.Entities.ShouldHaveSingleItem().Homing.ShouldBe(Homing.Own);
        access.Events.Concat(erase.Events).Concat(shop.Events).ShouldAllBe(told => told.Type == EventCatalogue.PrivacyRequested);
        access.Events.ShouldHaveSingleItem().Data.ShouldNotContain("@");
    }

    [Fact]
    public void A_guests_privacy_request_is_an_entity_of_its_own_without_personal_data_in_its_name()
    {
        var translated = ShopifyTests.Translate("customers-redact", body => body["customer"]!.AsObject().Remove("id"));

        translated.Claims().ShouldBe(["email:ada.shopper@example.com", "phone:+15005550100"]);
        translated.Entities.ShouldHaveSingleItem().Key.ToString().ShouldNotContain("ada");
    }
}
