using ValueChainHub.Connectors.Shopify;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Testing.Connectors;

namespace ValueChainHub.Connectors.Tests.Shopify;

public sealed class ShopifyConnectorTests : ConnectorContract
{
    private static readonly byte[] Body = "{}"u8.ToArray();

    protected override IVendor Vendor { get; } = new ShopifyVendor(TimeProvider.System);

    protected override string SignatureHeader => "X-Shopify-Hmac-Sha256";

    protected override IReadOnlyList<Recording> Recordings { get; } = Recording.All(ShopifyTests.RecordingsFolder);

    protected override Dictionary<string, string> Settings(string secret, string? previousSecret)
    {
        var settings = new Dictionary<string, string> { ["WebhookSecret"] = secret };
        if (previousSecret is not null)
            settings["PreviousWebhookSecret"] = previousSecret;
        return settings;
    }

    protected override WebhookRequest Signed(string topic, string deliveryId, ReadOnlyMemory<byte> body, string secret) =>
        ShopifyTests.Signed(topic, deliveryId, body, secret);

    protected override DeliveryContent Delivery(Recording recording, byte[] body) =>
        base.Delivery(recording, body) with { Kind = recording.Topic.StartsWith("graphql/", StringComparison.Ordinal) ? DeliveryKind.Fetch : DeliveryKind.Webhook };

    [Fact]
    public void Takes_the_delivery_id_and_the_headers_that_matter_and_no_others()
    {
        var verdict = Verify(Make(Secret, null), ShopifyTests.Signed(
            "Orders/Create", "d-1", Body, Secret, ("X-Shopify-Event-Id", "e-1"), ("X-Shopify-Triggered-At", "2026-02-10T14:30:12Z"), ("X-Shopify-Shop-Domain", "demo-brand.myshopify.com"), ("Cookie", "x")));

        var genuine = verdict.ShouldBeOfType<WebhookVerdict.Genuine>();
        genuine.DeliveryId.ShouldBe("d-1");
        genuine.Topic.ShouldBe("orders/create");
        genuine.SignedAt.ShouldBeNull();
        genuine.Headers.Keys.ShouldBe(["X-Shopify-Topic", "X-Shopify-Shop-Domain", "X-Shopify-Event-Id", "X-Shopify-Triggered-At"]);
    }

    [Fact]
    public void Derives_a_delivery_id_from_topic_and_body_when_there_is_none()
    {
        var first = Genuine(ShopifyTests.Signed("orders/create", null, Body, Secret));

        Genuine(ShopifyTests.Signed("orders/create", " ", Body, Secret)).DeliveryId.ShouldBe(first.DeliveryId);
        Genuine(ShopifyTests.Signed("orders/updated", null, Body, Secret)).DeliveryId.ShouldNotBe(first.DeliveryId);
        Genuine(ShopifyTests.Signed("orders/create", null, "{ }"u8.ToArray(), Secret)).DeliveryId.ShouldNotBe(first.DeliveryId);
        Genuine(ShopifyTests.Signed("orders/create", new string('x', 500), Body, Secret)).DeliveryId.ShouldBe(first.DeliveryId);
    }

    [Fact]
    public void Refuses_a_genuine_request_without_a_topic_as_malformed() => Refused(ShopifyTests.Signed(null, "d-1", Body, Secret)).ShouldBe(RejectionReason.Malformed);

    [Fact]
    public void Says_nothing_of_topics_to_whoever_cannot_sign() => Refused(ShopifyTests.Signed(null, "d-1", Body, "another-secret")).ShouldBe(RejectionReason.Signature);

    [Fact]
    public void Refuses_the_webhooks_of_another_shop()
    {
        var connector = ShopifyTests.Make(new() { ["WebhookSecret"] = Secret, ["ShopDomain"] = "brand-eu.myshopify.com" });

        Verify(connector, OfShop("brand-us.myshopify.com")).ShouldBeOfType<WebhookVerdict.Refused>().Reason.ShouldBe(RejectionReason.Malformed);
        Verify(connector, OfShop("Brand-EU.myshopify.com")).ShouldBeOfType<WebhookVerdict.Genuine>();
        Verify(connector, ShopifyTests.Signed("orders/create", "d-1", Body, Secret)).ShouldBeOfType<WebhookVerdict.Genuine>();
    }

    [Fact]
    public void Compares_no_shop_when_the_setting_is_a_domain_of_the_brand()
    {
        var connector = ShopifyTests.Make(new() { ["WebhookSecret"] = Secret, ["ShopDomain"] = "shop.brand.example" });

        Verify(connector, OfShop("brand-us.myshopify.com")).ShouldBeOfType<WebhookVerdict.Genuine>();
    }

    [Theory]
    [InlineData("https://brand.myshopify.com")]
    [InlineData("brand.myshopify.com/admin")]
    [InlineData("user@brand.myshopify.com")]
    public void Does_not_start_with_a_shop_domain_that_is_no_host_name(string domain) =>
        Should.Throw<ConnectorSettingsException>(() => ShopifyTests.Make(new() { ["WebhookSecret"] = Secret, ["ShopDomain"] = domain })).Message.ShouldContain("Connectors__shopify__ShopDomain");

    [Fact]
    public void Does_not_start_with_an_api_key_and_no_shop_to_use_it_at() =>
        Should.Throw<ConnectorSettingsException>(() => ShopifyTests.Make(new() { ["WebhookSecret"] = Secret, ["ApiKey"] = "token" })).Message.ShouldContain("Connectors__shopify__ShopDomain");

    [Fact]
    public void Does_not_start_with_a_base_url_on_this_machine_unless_that_is_allowed()
    {
        var settings = new ConnectorSettings("shopify", new Dictionary<string, string> { ["WebhookSecret"] = Secret, ["BaseUrl"] = "http://127.0.0.1:9" }, allowLoopback: false);

        Should.Throw<ConnectorSettingsException>(() => Vendor.Create(settings)).Message.ShouldContain("Connectors__shopify__BaseUrl");
    }

    [Fact]
    public void Prefixes_everything_with_its_own_name()
    {
        var connector = ShopifyTests.Make(new() { ["WebhookSecret"] = Secret }, "shopify-eu");
        var recording = Recordings.Single(candidate => candidate.Name == "orders-create");

        var translated = connector.Translate(Delivery(recording, recording.Body)).ShouldBeOfType<Translation.Translated>();

        translated.Entities.ShouldAllBe(entity => entity.Key.Connector == "shopify-eu");
        translated.Claims().ShouldBe(["shopify-eu.customer:7348219056411237001"]);
    }

    private static WebhookRequest OfShop(string domain) => ShopifyTests.Signed("orders/create", "d-1", Body, Secret, ("X-Shopify-Shop-Domain", domain));

    private static WebhookVerdict Verify(IConnector connector, WebhookRequest request) => connector.Verify(request, DateTimeOffset.UnixEpoch);

    private WebhookVerdict.Genuine Genuine(WebhookRequest request) => Verify(Connector, request).ShouldBeOfType<WebhookVerdict.Genuine>();

    private RejectionReason Refused(WebhookRequest request) => Verify(Connector, request).ShouldBeOfType<WebhookVerdict.Refused>().Reason;
}
