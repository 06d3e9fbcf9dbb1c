using System.Net;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Testing;

namespace ValueChainHub.Connectors.Tests.ShipStation;

public sealed class ShipStationFetchTests : IDisposable
{
    private readonly VendorAtTheWire _vendor = new();
    private readonly ManualTime _time = new();

    public void Dispose() => _vendor.Dispose();

    [Theory]
    [InlineData("v2/labels/se-1", "fetched/label")]
    [InlineData("v2/labels/se-1/track", "fetched/tracking")]
    [InlineData("v2/labels?batch_id=se-2&page_size=100", "fetched/labels")]
    [InlineData("v2/shipments/se-3", "fetched/shipment")]
    [InlineData("v2/fulfillments/se-4", "fetched/fulfillment")]
    [InlineData("v2/fulfillments?shipment_id=se-4", "fetched/fulfillments")]
    [InlineData("v2/batches/se-5", "fetched/batch")]
    [InlineData("v1/tracking?carrier_code=ups&tracking_number=1Z1", "fetched/tracking")]
    public async Task Fetches_each_resource_at_its_own_path_with_the_key(string resource, string topic)
    {
        _vendor.Resources["/" + resource] = "{}";

        var fetched = (await FetchAsync(resource)).ShouldBeOfType<FetchOutcome.Fetched>();

        fetched.Topic.ShouldBe(topic);
        _vendor.Request!.RequestUri!.GetLeftPart(UriPartial.Authority).ShouldBe("https://api.shipstation.com");
        _vendor.Request.Headers.GetValues("api-key").ShouldBe(["key-of-the-account"]);
    }

    [Theory]
    [InlineData("v2/users/1")]
    [InlineData("v2/labels/../users")]
    [InlineData("v2/labels/se-1/download")]
    [InlineData("v2/labels/%2e%2e")]
    [InlineData("//evil.example/v2/labels/se-1")]
    [InlineData("labels/se-1")]
    public async Task Asks_for_nothing_else(string resource)
    {
        (await FetchAsync(resource)).ShouldBeOfType<FetchOutcome.Failed>().Kind.ShouldBe(FailureKind.Refused);

        _vendor.Asked.ShouldBe(0);
    }

    [Theory]
    [InlineData(HttpStatusCode.Unauthorized, FailureKind.Unauthorized)]
    [InlineData(HttpStatusCode.NotFound, FailureKind.Refused)]
    [InlineData(HttpStatusCode.Found, FailureKind.Refused)]
    [InlineData(HttpStatusCode.BadGateway, FailureKind.Unavailable)]
    public async Task Each_status_is_one_kind_of_failure(HttpStatusCode status, FailureKind kind)
    {
        _vendor.Answer = () => new(status);

        (await FetchAsync("v2/labels/se-1")).ShouldBeOfType<FetchOutcome.Failed>().Kind.ShouldBe(kind);
    }

    [Fact]
    public async Task Carries_Retry_After_along()
    {
        _vendor.Answer = () => new(HttpStatusCode.TooManyRequests) { Headers = { { "Retry-After", "40" } } };

        (await FetchAsync("v2/labels/se-1")).ShouldBe(new FetchOutcome.Failed(FailureKind.Throttled, "HTTP 429", _time.GetUtcNow().AddSeconds(40)));
    }

    [Theory]
    [InlineData("<html>")]
    [InlineData("[]")]
    public async Task An_answer_that_is_no_object_is_tried_again(string body)
    {
        _vendor.Resources["/v2/labels/se-1"] = body;

        (await FetchAsync("v2/labels/se-1")).ShouldBeOfType<FetchOutcome.Failed>().Kind.ShouldBe(FailureKind.Unavailable);
    }

    [Fact]
    public async Task A_vendor_that_cannot_be_reached_is_unavailable_and_the_key_is_in_no_reason()
    {
        _vendor.Fault = new HttpRequestException("key-of-the-account");

        var failed = (await FetchAsync("v2/labels/se-1")).ShouldBeOfType<FetchOutcome.Failed>();

        failed.Kind.ShouldBe(FailureKind.Unavailable);
        failed.Reason.ShouldNotContain("key-of");
    }

    [Fact]
    public async Task The_callers_own_cancellation_is_no_outcome() =>
        await Should.ThrowAsync<OperationCanceledException>(() => Connector().FetchAsync(new("shipstation", "v2/labels/se-1", "test"), new CancellationToken(canceled: true)));

    [Fact]
    public void Fetches_nothing_without_a_key() => ((IFetchConnector)ShipStationTests.Connector).CanFetch.ShouldBeFalse();

    private Task<FetchOutcome> FetchAsync(string resource) => Connector().FetchAsync(new("shipstation", resource, "test"), TestContext.Current.CancellationToken);

    private IFetchConnector Connector() => (IFetchConnector)ShipStationTests.Make(new() { ["ApiKey"] = "key-of-the-account" }, _vendor, _time, allowLoopback: false);
}
