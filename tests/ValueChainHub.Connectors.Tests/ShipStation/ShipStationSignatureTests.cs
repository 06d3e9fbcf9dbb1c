using System.Net;
using System.Text.Json;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Testing;

namespace ValueChainHub.Connectors.Tests.ShipStation;

/// <summary>The proof: keys by their ids, kept and asked for again, and the window of the signed time.</summary>
public sealed class ShipStationSignatureTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 2, 20, 12, 0, 0, TimeSpan.Zero);
    private static readonly byte[] Body = """{"resource_url":"https://api.shipstation.com/v2/labels/se-1","resource_type":"label_created_v2"}"""u8.ToArray();
    private readonly VendorAtTheWire _vendor = new();
    private readonly ManualTime _time = new(Now);
    private readonly IPreparedConnector _connector;

    public ShipStationSignatureTests() => _connector = (IPreparedConnector)ShipStationTests.Make([], _vendor, _time);

    public void Dispose() => _vendor.Dispose();

    [Theory]
    [InlineData(-300, true)]
    [InlineData(300, true)]
    [InlineData(-301, false)]
    [InlineData(301, false)]
    public async Task Takes_a_signed_time_within_five_minutes_and_none_beyond(int seconds, bool isTaken)
    {
        var verdict = await JudgeAsync(Signed(Now.AddSeconds(seconds)));

        if (isTaken)
            verdict.ShouldBeOfType<WebhookVerdict.Genuine>().SignedAt.ShouldBe(Now.AddSeconds(seconds));
        else
            verdict.ShouldBeOfType<WebhookVerdict.Refused>().Reason.ShouldBe(RejectionReason.Window);
    }

    [Fact]
    public async Task Refuses_a_signed_time_that_is_no_time_as_malformed() =>
        (await JudgeAsync(ShipStationTests.Signed(VendorAtTheWire.Present, "key-1", "noon", Body))).ShouldBeOfType<WebhookVerdict.Refused>().Reason.ShouldBe(RejectionReason.Malformed);

    [Fact]
    public async Task Refuses_another_time_than_the_signed_one()
    {
        var request = Signed(Now);
        var headers = new Dictionary<string, string>(request.Headers, StringComparer.OrdinalIgnoreCase) { ["x-shipengine-timestamp"] = ShipStationTests.At(Now.AddSeconds(1)) };

        (await JudgeAsync(request with { Headers = headers })).ShouldBeOfType<WebhookVerdict.Refused>().Reason.ShouldBe(RejectionReason.Signature);
    }

    [Fact]
    public async Task The_same_body_signed_at_another_time_is_another_delivery()
    {
        var first = (WebhookVerdict.Genuine)await JudgeAsync(Signed(Now));

        first.Topic.ShouldBe("LABEL_CREATED_V2");
        ((WebhookVerdict.Genuine)await JudgeAsync(Signed(Now))).DeliveryId.ShouldBe(first.DeliveryId);
        ((WebhookVerdict.Genuine)await JudgeAsync(Signed(Now.AddSeconds(1)))).DeliveryId.ShouldNotBe(first.DeliveryId);
    }

    [Fact]
    public async Task Asks_for_the_keys_once_and_keeps_them()
    {
        for (var i = 0; i < 5; i++)
            (await JudgeAsync(Signed(Now))).ShouldBeOfType<WebhookVerdict.Genuine>();

        _vendor.Asked.ShouldBe(1);
        _vendor.Request!.RequestUri.ShouldBe(new Uri("https://api.shipengine.com/jwks"));
    }

    [Fact]
    public async Task Asks_for_the_keys_again_for_an_unknown_one_but_once_a_minute()
    {
        await JudgeAsync(Signed(Now));
        _vendor.Keys["key-3"] = VendorAtTheWire.Other;
        var rotated = ShipStationTests.Signed(VendorAtTheWire.Other, "key-3", ShipStationTests.At(Now), Body);

        (await JudgeAsync(rotated)).ShouldBeOfType<WebhookVerdict.Refused>();
        _time.Advance(TimeSpan.FromSeconds(59));
        (await JudgeAsync(rotated)).ShouldBeOfType<WebhookVerdict.Refused>();
        _vendor.Asked.ShouldBe(1);
        _time.Advance(TimeSpan.FromSeconds(1));
        (await JudgeAsync(rotated)).ShouldBeOfType<WebhookVerdict.Genuine>();
        _vendor.Asked.ShouldBe(2);
    }

    [Fact]
    public async Task Invented_key_ids_cannot_make_it_ask_more_often()
    {
        for (var i = 0; i < 200; i++)
            (await JudgeAsync(ShipStationTests.Signed(VendorAtTheWire.Other, "invented-" + i, ShipStationTests.At(Now), Body))).ShouldBeOfType<WebhookVerdict.Refused>();

        _vendor.Asked.ShouldBe(1);
    }

    [Fact]
    public async Task Many_at_once_ask_once()
    {
        var judged = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => JudgeAsync(Signed(Now)))));

        judged.ShouldAllBe(verdict => verdict is WebhookVerdict.Genuine);
        _vendor.Asked.ShouldBe(1);
    }

    [Fact]
    public async Task Asks_for_nothing_when_the_request_is_not_even_signed()
    {
        (await JudgeAsync(Signed(Now) with { Headers = new Dictionary<string, string>() })).ShouldBeOfType<WebhookVerdict.Refused>();

        _vendor.Asked.ShouldBe(0);
    }

    [Fact]
    public async Task A_key_that_the_vendor_took_back_is_trusted_no_longer_than_a_day()
    {
        await JudgeAsync(Signed(Now));
        _vendor.Keys.Remove("key-1");
        _time.Advance(TimeSpan.FromDays(1));

        (await JudgeAsync(Signed(_time.GetUtcNow()))).ShouldBeOfType<WebhookVerdict.Refused>();
    }

    [Fact]
    public async Task Neither_accepts_nor_refuses_while_the_keys_cannot_be_had()
    {
        _vendor.Fault = new HttpRequestException("no route");
        (await _connector.PrepareAsync(Signed(Now), CancellationToken.None)).ShouldBeFalse();

        _vendor.Fault = null;
        _time.Advance(TimeSpan.FromSeconds(4));
        (await _connector.PrepareAsync(Signed(Now), CancellationToken.None)).ShouldBeFalse("it was asked a moment ago");
        _time.Advance(TimeSpan.FromSeconds(1));
        (await JudgeAsync(Signed(Now))).ShouldBeOfType<WebhookVerdict.Genuine>();
    }

    [Theory]
    [InlineData("<html>")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"keys\":7}")]
    public async Task An_answer_that_is_no_key_set_changes_no_keys(string answer)
    {
        await JudgeAsync(Signed(Now));
        _time.Advance(TimeSpan.FromDays(1));
        _vendor.Answer = () => new(HttpStatusCode.OK) { Content = new StringContent(answer) };

        (await JudgeAsync(Signed(_time.GetUtcNow()))).ShouldBeOfType<WebhookVerdict.Genuine>();
        _vendor.Asked.ShouldBe(2);
    }

    [Theory]
    [InlineData("""{"keys":[{"kty":"oct","kid":"key-1","k":"AAAA"}]}""")]
    [InlineData("""{"keys":[{"kty":"RSA","kid":"key-1","use":"enc","n":"AQAB","e":"AQAB"}]}""")]
    [InlineData("""{"keys":[{"kty":"RSA","kid":"key-1","n":"AQAB","e":"AQAB"}]}""")]
    [InlineData("""{"keys":[{"kty":"RSA","kid":"key-1","n":"*","e":"AQAB"}]}""")]
    [InlineData("""{"keys":[{"kty":"RSA","kid":"key-1"},{}]}""")]
    public async Task A_key_that_cannot_verify_is_none(string answer)
    {
        _vendor.Answer = () => new(HttpStatusCode.OK) { Content = new StringContent(answer) };

        (await JudgeAsync(Signed(Now))).ShouldBeOfType<WebhookVerdict.Refused>().Reason.ShouldBe(RejectionReason.Signature);
    }

    [Fact]
    public async Task The_signing_vector_verifies()
    {
        var folder = SharedFiles.OrSkip("vendors", "payloads");
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "signing-vectors.json")));
        var vector = document.RootElement.GetProperty("vectors").EnumerateArray().Single(one => one.GetProperty("vendor").GetString() == "shipstation");
        _vendor.Answer = () => new(HttpStatusCode.OK) { Content = new ByteArrayContent(File.ReadAllBytes(Path.Combine(folder, vector.GetProperty("jwksFile").GetString()!))) };
        var headers = vector.GetProperty("headers").EnumerateObject().ToDictionary(header => header.Name, header => header.Value.GetString()!, StringComparer.OrdinalIgnoreCase);
        var request = new WebhookRequest("POST", new("https://hub.example/"), headers, File.ReadAllBytes(Path.Combine(folder, vector.GetProperty("bodyFile").GetString()!)));
        _time.Set(DateTimeOffset.Parse(headers["x-shipengine-timestamp"], System.Globalization.CultureInfo.InvariantCulture));

        (await JudgeAsync(request)).ShouldBeOfType<WebhookVerdict.Genuine>().Topic.ShouldBe("TRACK_EVENT_V2");
        (await JudgeAsync(request with { Body = (byte[])[.. request.Body.Span, (byte)' '] })).ShouldBeOfType<WebhookVerdict.Refused>();
    }

    private static WebhookRequest Signed(DateTimeOffset at) => ShipStationTests.Signed(VendorAtTheWire.Present, "key-1", ShipStationTests.At(at), Body);

    private async Task<WebhookVerdict> JudgeAsync(WebhookRequest request)
    {
        (await _connector.PrepareAsync(request, CancellationToken.None)).ShouldBeTrue();
        return _connector.Verify(request, _time.GetUtcNow());
    }
}
