using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using ValueChainHub.Connectors.Shopify;
using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Connectors.Tests.Shopify;

public sealed class ShopifyFetchTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 2, 20, 12, 0, 0, TimeSpan.Zero);

    private readonly Shop shop = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => shop.Dispose();

    [Fact]
    public async Task Fetches_an_order_by_its_global_id_with_the_access_token()
    {
        shop.Answer(HttpStatusCode.OK, ShopifyTests.Body("graphql-order").ToJsonString());

        var fetched = (await FetchAsync("order/9007199254740993001")).ShouldBeOfType<FetchOutcome.Fetched>();

        fetched.Topic.ShouldBe("graphql/order");
        shop.Request!.RequestUri!.ToString().ShouldBe("https://demo-brand.myshopify.com/admin/api/2026-07/graphql.json");
        shop.Request.Headers.GetValues("X-Shopify-Access-Token").ShouldBe(["shpat-token"]);
        JsonNode.Parse(shop.Sent)!["variables"]!["id"]!.GetValue<string>().ShouldBe("gid://shopify/Order/9007199254740993001");
        ShopifyTests.Raw(fetched.Topic, Encoding.UTF8.GetString(fetched.Body.Span)).ShouldBeOfType<Translation.Translated>();
    }

    [Fact]
    public async Task Fetches_a_return()
    {
        shop.Answer(HttpStatusCode.OK, ShopifyTests.Body("graphql-return").ToJsonString());

        (await FetchAsync("return/3300000000000000022")).ShouldBeOfType<FetchOutcome.Fetched>().Topic.ShouldBe("graphql/return");
    }

    [Fact]
    public async Task Waits_for_the_points_it_needs_when_throttled_inside_a_200()
    {
        shop.Answer(HttpStatusCode.OK, """
            {"errors":[{"message":"Throttled","extensions":{"code":"THROTTLED"}}],
             "extensions":{"cost":{"requestedQueryCost":612,"actualQueryCost":null,"throttleStatus":{"maximumAvailable":2000.0,"currentlyAvailable":112,"restoreRate":100.0}}}}
            """);

        (await FetchAsync("order/1")).ShouldBe(new FetchOutcome.Failed(FailureKind.Throttled, "THROTTLED", Now.AddSeconds(5)));
    }

    [Theory]
    [InlineData(HttpStatusCode.Unauthorized, FailureKind.Unauthorized)]
    [InlineData(HttpStatusCode.Forbidden, FailureKind.Unauthorized)]
    [InlineData(HttpStatusCode.NotFound, FailureKind.Refused)]
    [InlineData(HttpStatusCode.BadRequest, FailureKind.Refused)]
    [InlineData(HttpStatusCode.Found, FailureKind.Refused)]
    [InlineData(HttpStatusCode.RequestTimeout, FailureKind.Timeout)]
    [InlineData(HttpStatusCode.TooManyRequests, FailureKind.Throttled)]
    [InlineData(HttpStatusCode.BadGateway, FailureKind.Unavailable)]
    public async Task Each_status_is_one_kind_of_failure(HttpStatusCode status, FailureKind kind)
    {
        shop.Answer(status, "no");

        (await FetchAsync("order/1")).ShouldBeOfType<FetchOutcome.Failed>().Kind.ShouldBe(kind);
    }

    [Fact]
    public async Task Carries_Retry_After_along()
    {
        shop.Answer(HttpStatusCode.TooManyRequests, "", retryAfter: "7");

        (await FetchAsync("order/1")).ShouldBe(new FetchOutcome.Failed(FailureKind.Throttled, "HTTP 429", Now.AddSeconds(7)));
    }

    [Theory]
    [InlineData("""{"data":{"order":null}}""", FailureKind.Refused)]
    [InlineData("""{"errors":[{"message":"x","extensions":{"code":"ACCESS_DENIED"}}],"data":{"order":null}}""", FailureKind.Unauthorized)]
    [InlineData("""{"errors":"[API] Invalid API key or access token"}""", FailureKind.Refused)]
    [InlineData("""{"errors":[{"extensions":{"code":"THROTTLED"}}]}""", FailureKind.Throttled)]
    [InlineData("""{"errors":[7]}""", FailureKind.Unavailable)]
    [InlineData("<html>", FailureKind.Unavailable)]
    [InlineData("[]", FailureKind.Unavailable)]
    public async Task An_answer_of_200_that_has_no_answer_is_a_failure(string body, FailureKind kind)
    {
        shop.Answer(HttpStatusCode.OK, body);

        (await FetchAsync("order/1")).ShouldBeOfType<FetchOutcome.Failed>().Kind.ShouldBe(kind);
    }

    [Fact]
    public async Task A_shop_that_cannot_be_reached_is_unavailable()
    {
        shop.Fault = new HttpRequestException("no route");

        (await FetchAsync("order/1")).ShouldBeOfType<FetchOutcome.Failed>().Kind.ShouldBe(FailureKind.Unavailable);
    }

    [Fact]
    public async Task The_callers_own_cancellation_is_no_outcome()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => Connector().FetchAsync(new("shopify", "order/1", "test"), cancelled.Token));
    }

    [Fact]
    public async Task Neither_the_token_nor_the_vendors_words_are_in_a_reason()
    {
        shop.Answer(HttpStatusCode.OK, """{"errors":[{"message":"ada.shopper@example.com shpat-token"}]}""");

        (await FetchAsync("order/1")).ToString()!.ShouldSatisfyAllConditions(text => text.ShouldNotContain("ada"), text => text.ShouldNotContain("shpat"));
    }

    [Fact]
    public async Task Refuses_what_it_does_not_fetch() => (await FetchAsync("product/1")).ShouldBeOfType<FetchOutcome.Failed>().Kind.ShouldBe(FailureKind.Refused);

    [Fact]
    public void Fetches_nothing_without_a_token() => ((IFetchConnector)ShopifyTests.Connector).CanFetch.ShouldBeFalse();

    private Task<FetchOutcome> FetchAsync(string resource) => Connector().FetchAsync(new("shopify", resource, "test"), Token);

    private IFetchConnector Connector()
    {
        var settings = new Dictionary<string, string> { ["WebhookSecret"] = "hush", ["ShopDomain"] = "demo-brand.myshopify.com", ["ApiKey"] = "shpat-token" };
        var connector = (IFetchConnector)new ShopifyVendor(new StoppedTime(Now), () => shop).Create(new ConnectorSettings("shopify", settings, allowLoopback: false));
        connector.CanFetch.ShouldBeTrue();
        return connector;
    }

    private sealed class StoppedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }

    /// <summary>The shop at the wire.</summary>
    private sealed class Shop : HttpMessageHandler
    {
        private HttpResponseMessage? answer;

        public HttpRequestMessage? Request { get; private set; }

        public string Sent { get; private set; } = "";

        public Exception? Fault { get; set; }

        public void Answer(HttpStatusCode status, string body, string? retryAfter = null)
        {
            answer = new(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
            if (retryAfter is not null)
                answer.Headers.Add("Retry-After", retryAfter);
        }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Request = request;
            Sent = await request.Content!.ReadAsStringAsync(cancellationToken);
            return Fault is null ? answer! : throw Fault;
        }
    }
}
