using System.Text;
using ValueChainHub.Connectors.Gladly;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Testing;
using ValueChainHub.Testing.Connectors;

namespace ValueChainHub.Connectors.Tests.Gladly;

public sealed class GladlyConnectorTests : ConnectorContract
{
    private const string HeaderValue = "a-static-header-value";

    private static readonly byte[] Ping = Encoding.UTF8.GetBytes("""{"id":"e-1","type":"PING","timestamp":"2026-03-02T08:00:00.000Z","content":{}}""");

    protected override IVendor Vendor { get; } = new GladlyVendor(TimeProvider.System);

    protected override string SignatureHeader => "Authorization";

    protected override bool SignsBody => false;

    protected override IReadOnlyList<Recording> Recordings { get; } = Recording.All(GladlyTests.RecordingsFolder);

    protected override Dictionary<string, string> Settings(string secret, string? previousSecret)
    {
        var settings = new Dictionary<string, string> { ["WebhookUser"] = "hub", ["WebhookPassword"] = secret };
        if (previousSecret is not null)
            settings["PreviousWebhookPassword"] = previousSecret;
        return settings;
    }

    protected override WebhookRequest Signed(string topic, string deliveryId, ReadOnlyMemory<byte> body, string secret) =>
        GladlyTests.Sent(body, ("Authorization", GladlyTests.Basic("hub", secret)));

    protected override DeliveryContent Delivery(Recording recording, byte[] body) => base.Delivery(recording, body) with { Kind = GladlyTests.KindOf(recording.Topic) };

    [Fact]
    public void Takes_id_and_type_from_the_body_and_keeps_no_header()
    {
        var genuine = Verify(Make(Secret, null), Ping, ("Authorization", GladlyTests.Basic("hub", Secret))).ShouldBeOfType<WebhookVerdict.Genuine>();

        genuine.DeliveryId.ShouldBe("e-1~PING");
        genuine.Topic.ShouldBe("PING");
        genuine.SignedAt.ShouldBeNull();
        genuine.Headers.ShouldBeEmpty();
        Make(Secret, null).Translate(new("gladly", DeliveryKind.Webhook, "PING", genuine.Headers, Ping, null)).ShouldBeOfType<Translation.Suppressed>();
    }

    [Fact]
    public void An_id_used_again_for_another_type_is_another_delivery()
    {
        var closed = Id("""{"id":"e-1","type":"CONVERSATION/CLOSED","content":{}}""");

        closed.ShouldNotBe(Id("""{"id":"e-1","type":"CONVERSATION/REOPENED","content":{}}"""));
        closed.ShouldBe(Id("""{"id":"e-1","type":"conversation/closed","content":{"conversationId":"c"}}"""));
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"id":"e-1","type":7.5e3,"content":[]}""")]
    [InlineData("""{"id":["e-1"],"type":{}}""")]
    [InlineData("""{"id":"e-1","type":"\ud800"}""")]
    public void A_genuine_body_that_makes_no_sense_is_kept_and_quarantined(string body)
    {
        var genuine = Verify(Make(Secret, null), Encoding.UTF8.GetBytes(body), ("Authorization", GladlyTests.Basic("hub", Secret))).ShouldBeOfType<WebhookVerdict.Genuine>();

        genuine.DeliveryId.ShouldNotBeNullOrWhiteSpace();
        var translation = GladlyTests.Raw(genuine.Topic, body);
        (translation is Translation.Unreadable || genuine.Topic == "7.5E3").ShouldBeTrue(translation.ToString());
    }

    [Fact]
    public void Takes_a_static_header_instead_of_Basic()
    {
        var connector = Of(new() { ["WebhookHeaderName"] = "X-Hub-Token", ["WebhookHeaderValue"] = HeaderValue, ["PreviousWebhookHeaderValue"] = "the-value-before" });

        Verify(connector, Ping, ("x-hub-token", HeaderValue)).ShouldBeOfType<WebhookVerdict.Genuine>();
        Verify(connector, Ping, ("x-hub-token", "the-value-before")).ShouldBeOfType<WebhookVerdict.Genuine>();
        ShouldBeRefused(Verify(connector, Ping, ("x-hub-token", HeaderValue + "x")));
        ShouldBeRefused(Verify(connector, Ping));
    }

    [Fact]
    public void Wants_both_where_both_are_set()
    {
        var settings = Settings(Secret, null);
        (settings["WebhookHeaderName"], settings["WebhookHeaderValue"]) = ("X-Hub-Token", HeaderValue);
        var (connector, basic, header) = (Of(settings), ("Authorization", GladlyTests.Basic("hub", Secret)), ("X-Hub-Token", HeaderValue));

        Verify(connector, Ping, basic, header).ShouldBeOfType<WebhookVerdict.Genuine>();
        ShouldBeRefused(Verify(connector, Ping, basic));
        ShouldBeRefused(Verify(connector, Ping, header));
    }

    [Fact]
    public void A_connector_for_lookups_only_refuses_every_webhook()
    {
        var connector = Of(new() { ["LookupSigningKey"] = "a-signing-key-for-tests" });

        connector.AnswersLookups.ShouldBeTrue();
        ShouldBeRefused(Verify(connector, Ping));
        GladlyTests.Connector.AnswersLookups.ShouldBeFalse();
    }

    [Theory]
    [InlineData("WebhookPassword")]
    [InlineData("WebhookUser", "WebhookPassword", "long-enough-password")]
    [InlineData("WebhookHeaderName", "WebhookHeaderValue", "long-enough-value")]
    [InlineData("WebhookHeaderValue", "WebhookHeaderName", "X-Hub-Token")]
    [InlineData("LookupSigningKey", "LookupSigningKey", "short")]
    [InlineData("LookupPassword", "LookupSigningKey", "a-signing-key-for-tests", "LookupUser", "gladly")]
    [InlineData("ApiUser", "WebhookUser", "hub", "WebhookPassword", "long-enough-password", "ApiKey", "token")]
    [InlineData("BaseUrl", "WebhookUser", "hub", "WebhookPassword", "long-enough-password", "ApiKey", "token", "ApiUser", "a@example.com")]
    [InlineData("RequestsPerSecond", "WebhookUser", "hub", "WebhookPassword", "long-enough-password", "ApiKey", "token", "ApiUser", "a@example.com", "BaseUrl", "https://x.gladly.com", "RequestsPerSecond", "0")]
    public void Names_the_setting_that_does_not_let_it_start(string named, params string[] settings)
    {
        var values = settings.Chunk(2).ToDictionary(pair => pair[0], pair => pair[1]);

        Should.Throw<ConnectorSettingsException>(() => Of(values)).Message.ShouldContain($"Connectors__gladly__{named} ");
    }

    [Fact]
    public void Every_shared_webhook_body_is_taken()
    {
        foreach (var path in Directory.GetFiles(SharedFiles.OrSkip("vendors", "payloads", "gladly", "webhooks"), "*.json"))
        {
            var body = File.ReadAllBytes(path);
            var genuine = Verify(Connector, body, ("Authorization", GladlyTests.Basic("hub", Secret))).ShouldBeOfType<WebhookVerdict.Genuine>();
            var translation = Connector.Translate(new("gladly", DeliveryKind.Webhook, genuine.Topic, genuine.Headers, body, null));
            if (genuine.Topic == "PING")
                translation.ShouldBeOfType<Translation.Suppressed>();
            else
                translation.ShouldBeOfType<Translation.Translated>(Path.GetFileName(path)).Events.ShouldNotBeEmpty();
        }
    }

    private static GladlyConnector Of(Dictionary<string, string> settings) => GladlyTests.Make(settings);

    private static WebhookVerdict Verify(IConnector connector, byte[] body, params (string, string)[] headers) => connector.Verify(GladlyTests.Sent(body, headers), DateTimeOffset.UnixEpoch);

    private string Id(string body) => Verify(Connector, Encoding.UTF8.GetBytes(body), ("Authorization", GladlyTests.Basic("hub", Secret))).ShouldBeOfType<WebhookVerdict.Genuine>().DeliveryId;

    private static void ShouldBeRefused(WebhookVerdict verdict) => verdict.ShouldBeOfType<WebhookVerdict.Refused>().Reason.ShouldBe(RejectionReason.Signature);
}
