using System.Text;
using ValueChainHub.Connectors.Klaviyo;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Testing.Connectors;

namespace ValueChainHub.Connectors.Tests.Klaviyo;

public sealed class KlaviyoConnectorTests : ConnectorContract
{
    private static readonly byte[] Body = Encoding.UTF8.GetBytes($$$"""{"data":[],"meta":{"klaviyo_webhook_id":"{{{KlaviyoTests.WebhookId}}}"}}""");

    protected override IVendor Vendor { get; } = new KlaviyoVendor(TimeProvider.System);

    protected override string SignatureHeader => "Klaviyo-Signature";

    protected override IReadOnlyList<Recording> Recordings { get; } = KlaviyoTests.Recordings();

    protected override string ShortBody => Encoding.UTF8.GetString(Body);

    protected override Dictionary<string, string> Settings(string secret, string? previousSecret)
    {
        var settings = new Dictionary<string, string> { ["WebhookSecret"] = secret };
        if (previousSecret is not null)
            settings["PreviousWebhookSecret"] = previousSecret;
        return settings;
    }

    protected override WebhookRequest Signed(string topic, string deliveryId, ReadOnlyMemory<byte> body, string secret) => KlaviyoTests.Signed(body, secret, Now);

    [Theory]
    [InlineData(null, 5)]
    [InlineData("40", 40)]
    public void Calls_at_the_pace_that_was_set_or_else_at_its_share_of_what_every_account_has(string? set, int calls)
    {
        var settings = new Dictionary<string, string> { ["ApiKey"] = "pk-private" };
        if (set is not null)
            settings["RequestsPerSecond"] = set;

        var line = ((ICallingConnector)Vendor.Create(new("klaviyo", settings, allowLoopback: false))).Line.ShouldNotBeNull().Read();

        (line.Calls, line.PerSeconds).ShouldBe((calls, 1));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("101")]
    [InlineData("fast")]
    public void A_pace_that_is_none_does_not_let_it_start(string set)
    {
        var settings = new Dictionary<string, string> { ["ApiKey"] = "pk-private", ["RequestsPerSecond"] = set };

        Should.Throw<ConnectorSettingsException>(() => Vendor.Create(new("klaviyo", settings, allowLoopback: false))).Message.ShouldContain("Connectors__klaviyo__RequestsPerSecond ");
    }

    [Theory]
    [InlineData(-300)]
    [InlineData(0)]
    [InlineData(300)]
    public void Takes_a_signed_time_up_to_the_edge_of_the_window(int seconds) =>
        Verify(KlaviyoTests.Signed(Body, Secret, Now.AddSeconds(seconds))).ShouldBeOfType<WebhookVerdict.Genuine>().SignedAt.ShouldBe(Now.AddSeconds(seconds));

    [Theory]
    [InlineData(-301)]
    [InlineData(301)]
    [InlineData(86_400)]
    public void Refuses_a_signed_time_beyond_the_window(int seconds) => Refused(KlaviyoTests.Signed(Body, Secret, Now.AddSeconds(seconds))).ShouldBe(RejectionReason.Window);

    [Fact]
    public void Refuses_a_time_that_was_not_the_signed_one()
    {
        var request = KlaviyoTests.Signed(Body, Secret, Now.AddDays(-1));

        Refused(With(request, "Klaviyo-Timestamp", Now.UtcDateTime.ToString("r"))).ShouldBe(RejectionReason.Signature);
        Refused(With(request, "Klaviyo-Timestamp", null)).ShouldBe(RejectionReason.Signature);
    }

    [Theory]
    [InlineData("2026-02-20T12:00:00Z")]
    [InlineData("Fri, 20 Feb 2026 12:00:00 +0000")]
    [InlineData("1771588800")]
    public void Refuses_a_signed_time_that_is_no_HTTP_date_as_malformed(string timestamp) =>
        Refused(KlaviyoTests.Signed(Body, Secret, Now, timestamp: timestamp)).ShouldBe(RejectionReason.Malformed);

    [Fact]
    public void Refuses_another_webhook_id_than_the_signed_one()
    {
        Refused(KlaviyoTests.Signed(Body, Secret, Now, "01JANOTHER")).ShouldBe(RejectionReason.Signature);
        Refused(KlaviyoTests.Signed(Body, Secret, Now, webhookId: null)).ShouldBe(RejectionReason.Signature);
        Refused(KlaviyoTests.Signed("{\"data\":[]}"u8.ToArray(), Secret, Now)).ShouldBe(RejectionReason.Signature);
        Refused(KlaviyoTests.Signed("[]"u8.ToArray(), Secret, Now)).ShouldBe(RejectionReason.Signature);
        Refused(KlaviyoTests.Signed("{\"meta\":{\"klaviyo_webhook_id\":7.5e0}}"u8.ToArray(), Secret, Now)).ShouldBe(RejectionReason.Signature);
    }

    [Fact]
    public void Keeps_a_genuine_request_that_is_no_JSON_for_a_person_to_see()
    {
        var body = Body.AsMemory(0, Body.Length - 1);

        var genuine = Verify(KlaviyoTests.Signed(body, Secret, Now)).ShouldBeOfType<WebhookVerdict.Genuine>();

        KlaviyoTests.Raw(genuine.Topic, body.ToArray()).ShouldBeOfType<Translation.Unreadable>();
    }

    [Fact]
    public void Body_and_signed_time_make_the_delivery()
    {
        var first = Genuine(KlaviyoTests.Signed(Body, Secret, Now));

        Genuine(KlaviyoTests.Signed(Body, PreviousSecret, Now)).DeliveryId.ShouldBe(first.DeliveryId);
        Genuine(KlaviyoTests.Signed(Body, Secret, Now.AddSeconds(1))).DeliveryId.ShouldNotBe(first.DeliveryId);
        Genuine(KlaviyoTests.Signed((byte[])[.. Body, (byte)' '], Secret, Now)).DeliveryId.ShouldNotBe(first.DeliveryId);
        first.Headers.Keys.ShouldBe(["Klaviyo-Timestamp", "Klaviyo-Webhook-Id"]);
    }

    [Fact]
    public void The_topic_is_the_one_that_all_events_have()
    {
        foreach (var recording in Recordings)
            Genuine(KlaviyoTests.Signed(recording.Body, Secret, Now)).Topic.ShouldBe(recording.Topic, recording.Name);
    }

    [Fact]
    public void Does_not_start_with_a_base_url_on_this_machine_unless_that_is_allowed()
    {
        var settings = new ConnectorSettings("klaviyo", new Dictionary<string, string> { ["WebhookSecret"] = Secret, ["BaseUrl"] = "http://127.0.0.1:9" }, allowLoopback: false);

        Should.Throw<ConnectorSettingsException>(() => Vendor.Create(settings)).Message.ShouldContain("Connectors__klaviyo__BaseUrl");
    }

    private static WebhookRequest With(WebhookRequest request, string header, string? value)
    {
        var headers = new Dictionary<string, string>(request.Headers, StringComparer.OrdinalIgnoreCase);
        if (value is null)
            headers.Remove(header);
        else
            headers[header] = value;
        return request with { Headers = headers };
    }

    private WebhookVerdict Verify(WebhookRequest request) => Connector.Verify(request, Now);

    private WebhookVerdict.Genuine Genuine(WebhookRequest request) => Verify(request).ShouldBeOfType<WebhookVerdict.Genuine>();

    private RejectionReason Refused(WebhookRequest request) => Verify(request).ShouldBeOfType<WebhookVerdict.Refused>().Reason;
}
