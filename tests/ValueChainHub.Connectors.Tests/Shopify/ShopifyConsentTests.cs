using System.Text.Json.Nodes;
using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Chain.Records;
using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Connectors.Tests.Shopify;

public sealed class ShopifyConsentTests
{
    private const string ByEmail = "consent/email/ada.shopper@example.com/marketing";

    [Theory]
    [InlineData("subscribed", "granted", 1)]
    [InlineData("SUBSCRIBED", "granted", 1)]
    [InlineData("unsubscribed", "denied", 3)]
    [InlineData("redacted", "denied", 3)]
    [InlineData("not_subscribed", "denied", 3)]
    [InlineData("pending", "pending", 2)]
    public void A_dated_state_is_an_act(string word, string state, int rank)
    {
        var facet = Topic(body => body["email_marketing_consent"]!["state"] = word).ShouldBeOfType<Translation.Translated>().Facet(ShopifyTests.Customer, ByEmail).ShouldNotBeNull();
        var actAt = new DateTimeOffset(2026, 2, 15, 15, 0, 0, TimeSpan.Zero);

        ChainJson.Read<Consent>(facet.Value).ShouldBe(new Consent("email", "ada.shopper@example.com", "marketing", state, actAt));
        facet.Version.ShouldBe(new FacetVersion(actAt, SourceClass.Webhook, rank));
    }

    [Fact]
    public void An_undated_act_ranks_below_any_dated_one()
    {
        var undated = ((Translation.Translated)Topic(body => body["email_marketing_consent"]!["consent_updated_at"] = null)).Facet(ShopifyTests.Customer, ByEmail)!;
        var dated = ((Translation.Translated)Topic(body => (body["email_marketing_consent"]!["state"], body["email_marketing_consent"]!["consent_updated_at"]) = ("subscribed", "2001-01-01T00:00:00Z")))
            .Facet(ShopifyTests.Customer, ByEmail)!;

        undated.Version.Revision.ShouldBeNull();
        undated.ShouldBeLessThan(dated);
    }

    [Theory]
    [InlineData("\"not_subscribed\"")]
    [InlineData("\"never_subscribed\"")]
    [InlineData("\"invalid\"")]
    [InlineData("null")]
    public void What_every_customer_starts_with_is_no_statement(string word) => Topic(body =>
    {
        body["email_marketing_consent"]!["state"] = JsonNode.Parse(word);
        body["email_marketing_consent"]!["consent_updated_at"] = null;
    }).ShouldBe(new Translation.Suppressed("states no consent"));

    [Fact]
    public void A_statement_without_an_address_is_no_statement() => Topic(body => body["email_address"] = null).ShouldBeOfType<Translation.Suppressed>();

    [Fact]
    public void At_equal_times_the_more_restrictive_holds_whichever_body_carries_it()
    {
        var denied = ((Translation.Translated)Topic(_ => { })).Facet(ShopifyTests.Customer, ByEmail)!;
        var granted = ShopifyTests.Translate("orders-create", body => body["customer"]!["email_marketing_consent"] =
            JsonNode.Parse("""{"state":"subscribed","consent_updated_at":"2026-02-15T10:00:00-05:00"}""")).Facet(ShopifyTests.Customer, ByEmail)!;
        var later = ShopifyTests.Translate("orders-create", body => body["customer"]!["email_marketing_consent"] =
            JsonNode.Parse("""{"state":"subscribed","consent_updated_at":"2026-02-15T10:00:01-05:00"}""")).Facet(ShopifyTests.Customer, ByEmail)!;

        granted.ShouldBeLessThan(denied);
        denied.ShouldBeLessThan(later);
    }

    [Fact]
    public void Consent_belongs_to_the_address_of_its_channel()
    {
        ShopifyTests.Translate("customers_marketing_consent-update").Facet(ShopifyTests.Customer, "consent/sms/+15005550100/marketing").ShouldNotBeNull();
        ShopifyTests.Translate("customers_whats_app_marketing_consent-update").Value<Consent>(ShopifyTests.Customer, "consent/whatsapp/+15005550100/marketing").State.ShouldBe("pending");
        var update = ShopifyTests.Translate("customers-update");
        update.Value<Consent>(ShopifyTests.Customer, "consent/email/ada@new.example.com/marketing").State.ShouldBe("granted");
        update.Facet(ShopifyTests.Customer, "consent/sms/+15005550100/marketing").ShouldBeNull();
    }

    [Fact]
    public void A_consent_topic_writes_nothing_else() =>
        ShopifyTests.Translate("customers_email_marketing_consent-update").Entities.ShouldHaveSingleItem().Facets.ShouldHaveSingleItem().Name.ShouldBe(ByEmail);

    [Fact]
    public void Every_statement_is_told_with_the_time_of_the_act()
    {
        var told = ShopifyTests.Translate("customers-update").Events;

        told.Select(one => one.Type).ShouldBe([EventCatalogue.AccountUpdated, EventCatalogue.ConsentChanged]);
        told[1].Time.ShouldBe(new DateTimeOffset(2026, 2, 12, 12, 59, 0, TimeSpan.Zero));
    }

    [Theory]
    [InlineData(true, "granted")]
    [InlineData(false, "denied")]
    public void The_old_flag_counts_with_its_time_where_there_is_no_consent_object(bool accepts, string state) =>
        ShopifyTests.Translate("customers-create", body => (body["accepts_marketing"], body["accepts_marketing_updated_at"]) = (accepts, "2021-05-01T00:00:00Z"))
            .Value<Consent>(ShopifyTests.Customer, ByEmail).State.ShouldBe(state);

    [Fact]
    public void The_old_flag_counts_neither_without_a_time_nor_beside_a_consent_object()
    {
        ShopifyTests.Translate("customers-create", body => body["accepts_marketing"] = true).Facet(ShopifyTests.Customer, ByEmail).ShouldBeNull();
        ShopifyTests.Translate("customers-create", body =>
            (body["accepts_marketing"], body["accepts_marketing_updated_at"], body["email_marketing_consent"]) = (true, "2021-05-01T00:00:00Z", null)).Facet(ShopifyTests.Customer, ByEmail).ShouldBeNull();
    }

    [Fact]
    public void A_fetched_customer_states_its_consent_too()
    {
        var fetched = ShopifyTests.Translate("graphql-order");

        fetched.Value<Consent>(ShopifyTests.Customer, ByEmail).State.ShouldBe("granted");
        fetched.Entity(ShopifyTests.Customer).Facets.Count(facet => facet.Name.StartsWith("consent/", StringComparison.Ordinal)).ShouldBe(1);
    }

    private static Translation Topic(Action<JsonObject> change)
    {
        var body = ShopifyTests.Body("customers_email_marketing_consent-update");
        change(body);
        return ShopifyTests.Raw("customers_email_marketing_consent/update", body.ToJsonString());
    }
}
