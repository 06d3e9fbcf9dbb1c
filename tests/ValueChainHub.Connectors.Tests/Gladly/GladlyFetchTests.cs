using System.Net;
using System.Text;
using ValueChainHub.Connectors.Gladly;
using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Connectors.Tests.Gladly;

public sealed class GladlyFetchTests : IDisposable
{
    private const string NotExist = """{"errors":[{"code":"not_exist","detail":"entity does not exist"}]}""";

    private readonly StoppedTime time = new();
    private readonly Desk desk = new();
    private IFetchConnector? connector;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => desk.Dispose();

    [Fact]
    public async Task Fetches_a_profile_with_the_agents_credential()
    {
        desk.Answer(HttpStatusCode.OK, GladlyTests.Body("rest-customer").ToJsonString());

        var fetched = (await FetchAsync("customer/" + GladlyTests.CustomerId)).ShouldBeOfType<FetchOutcome.Fetched>();

        fetched.Topic.ShouldBe("rest/customer");
        desk.Request!.RequestUri!.ToString().ShouldBe("https://brand.gladly.com/api/v1/customer-profiles/" + GladlyTests.CustomerId);
        desk.Request.Headers.Authorization!.ToString().ShouldBe(GladlyTests.Basic("agent@example.com", "api-token"));
        GladlyTests.Raw(fetched.Topic, Encoding.UTF8.GetString(fetched.Body.Span)).ShouldBeOfType<Translation.Translated>();
    }

    [Fact]
    public async Task Fetches_a_conversation()
    {
        desk.Answer(HttpStatusCode.OK, GladlyTests.Body("rest-conversation").ToJsonString());

        (await FetchAsync("conversation/a b/c")).ShouldBeOfType<FetchOutcome.Fetched>().Topic.ShouldBe("rest/conversation");
        desk.Request!.RequestUri!.AbsoluteUri.ShouldBe("https://brand.gladly.com/api/v1/conversations/a%20b%2Fc");
    }

    [Theory]
    [InlineData("""{"errors":[{"attr":"id","code":"moved_permanently","meta":{"old":"old-1","new":"new-1"}}]}""", null)]
    [InlineData("", "https://brand.gladly.com/api/v1/customer-profiles/new-1")]
    [InlineData("<html>", "/api/v1/customer-profiles/new-1?x=1")]
    public async Task A_merged_customer_is_an_answer(string body, string? location)
    {
        desk.Answer(HttpStatusCode.MovedPermanently, body, ("Location", location));

        var fetched = (await FetchAsync("customer/old-1")).ShouldBeOfType<FetchOutcome.Fetched>();

        fetched.Topic.ShouldBe("rest/customer/moved");
        GladlyTests.Raw(fetched.Topic, Encoding.UTF8.GetString(fetched.Body.Span)).ShouldBeOfType<Translation.Translated>().Claims().ShouldBe(["gladly.customer:new-1", "gladly.customer:old-1"]);
    }

    [Fact]
    public async Task A_redirect_to_somewhere_else_is_no_merge()
    {
        desk.Answer(HttpStatusCode.MovedPermanently, "", ("Location", "https://login.example.com/"));

        (await FetchAsync("customer/old-1")).ShouldBeOfType<FetchOutcome.Failed>().Kind.ShouldBe(FailureKind.Refused);
    }

    [Fact]
    public async Task A_deleted_customer_is_an_answer()
    {
        desk.Answer(HttpStatusCode.NotFound, NotExist);

        var fetched = (await FetchAsync("customer/gone-1")).ShouldBeOfType<FetchOutcome.Fetched>();

        var translated = GladlyTests.Raw(fetched.Topic, Encoding.UTF8.GetString(fetched.Body.Span)).ShouldBeOfType<Translation.Translated>();
        translated.Facet(new("gladly", "customer", "gone-1"), "deleted").ShouldNotBeNull();
    }

    [Theory]
    [InlineData("customer/1", "<html>not found</html>")]
    [InlineData("customer/1", "{}")]
    [InlineData("customer/1", """{"errors":[]}""")]
    [InlineData("customer/1", """{"errors":[{"code":{}}]}""")]
    [InlineData("conversation/1", NotExist)]
    public async Task A_404_that_does_not_speak_of_a_customer_deletes_nobody(string resource, string body)
    {
        desk.Answer(HttpStatusCode.NotFound, body);

        (await FetchAsync(resource)).ShouldBeOfType<FetchOutcome.Failed>().Kind.ShouldBe(FailureKind.Refused);
    }

    [Theory]
    [InlineData(HttpStatusCode.Unauthorized, FailureKind.Unauthorized)]
    [InlineData(HttpStatusCode.Forbidden, FailureKind.Unauthorized)]
    [InlineData(HttpStatusCode.BadRequest, FailureKind.Refused)]
    [InlineData(HttpStatusCode.RequestTimeout, FailureKind.Timeout)]
    [InlineData(HttpStatusCode.ServiceUnavailable, FailureKind.Unavailable)]
    public async Task Each_status_is_one_kind_of_failure(HttpStatusCode status, FailureKind kind)
    {
        desk.Answer(status, "ada.shopper@example.com api-token");

        var failed = (await FetchAsync("customer/1")).ShouldBeOfType<FetchOutcome.Failed>();

        failed.Kind.ShouldBe(kind);
        failed.ToString().ShouldNotContain("ada");
        failed.ToString().ShouldNotContain("api-token");
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("<html>")]
    [InlineData("""{"name":"Ada"}""")]
    [InlineData("""{"id":{}}""")]
    public async Task An_answer_of_200_that_is_no_profile_is_tried_again(string body)
    {
        desk.Answer(HttpStatusCode.OK, body);

        (await FetchAsync("customer/1")).ShouldBeOfType<FetchOutcome.Failed>().Kind.ShouldBe(FailureKind.Unavailable);
    }

    [Fact]
    public async Task After_a_429_nothing_is_asked_before_Gladly_allows_it()
    {
        desk.Answer(HttpStatusCode.TooManyRequests, "", ("Retry-After", "3"));

        (await FetchAsync("customer/1")).ShouldBe(new FetchOutcome.Failed(FailureKind.Throttled, "HTTP 429", StoppedTime.Start.AddSeconds(3)));
        (await FetchAsync("customer/2")).ShouldBeOfType<FetchOutcome.Failed>().NotBefore!.Value.ShouldBeGreaterThanOrEqualTo(StoppedTime.Start.AddSeconds(3));
        desk.Calls.ShouldBe(1);

        time.Now = StoppedTime.Start.AddSeconds(3);
        desk.Answer(HttpStatusCode.OK, """{"id":"1"}""");
        (await FetchAsync("customer/1")).ShouldBeOfType<FetchOutcome.Fetched>();
    }

    [Fact]
    public async Task A_429_without_a_time_waits_for_the_next_second()
    {
        desk.Answer(HttpStatusCode.TooManyRequests, "");

        (await FetchAsync("customer/1")).ShouldBeOfType<FetchOutcome.Failed>().NotBefore.ShouldBe(StoppedTime.Start.AddSeconds(1));
    }

    [Fact]
    public async Task Nothing_left_in_this_second_waits_for_the_next()
    {
        desk.Answer(HttpStatusCode.OK, """{"id":"1"}""", ("Ratelimit-Limit-Second", "10"), ("Ratelimit-Remaining-Second", "0"));

        (await FetchAsync("customer/1")).ShouldBeOfType<FetchOutcome.Fetched>();
        (await FetchAsync("customer/2")).ShouldBeOfType<FetchOutcome.Failed>().Kind.ShouldBe(FailureKind.Throttled);
        desk.Calls.ShouldBe(1);
    }

    [Fact]
    public async Task Never_asks_more_often_than_its_share()
    {
        desk.Answer(HttpStatusCode.OK, """{"id":"1"}""");

        for (var second = 0; second < 3; second++)
        {
            var later = new List<DateTimeOffset>();
            for (var i = 0; i < 25; i++)
            {
                if (await FetchAsync("customer/1") is FetchOutcome.Failed { Kind: FailureKind.Throttled } failed)
                    later.Add(failed.NotBefore!.Value);
            }
            desk.Calls.ShouldBe(5 * (second + 1));
            later.Distinct().ShouldHaveSingleItem().ShouldBe(time.Now.AddSeconds(1));
            time.Now = time.Now.AddSeconds(1);
        }
    }

    [Fact]
    public async Task Takes_half_of_what_the_organisation_is_granted_when_Gladly_says_how_much()
    {
        desk.Answer(HttpStatusCode.OK, """{"id":"1"}""", ("Ratelimit-Limit-Second", "40"), ("Ratelimit-Remaining-Second", "39"));

        for (var i = 0; i < 50; i++)
            await FetchAsync("customer/1");

        desk.Calls.ShouldBe(20);
    }

    [Fact]
    public async Task A_desk_that_cannot_be_reached_is_unavailable()
    {
        desk.Fault = new HttpRequestException("no route");

        (await FetchAsync("customer/1")).ShouldBeOfType<FetchOutcome.Failed>().Kind.ShouldBe(FailureKind.Unavailable);
    }

    [Fact]
    public async Task The_callers_own_cancellation_is_no_outcome()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => Connector().FetchAsync(new("gladly", "customer/1", "test"), cancelled.Token));
    }

    [Theory]
    [InlineData("task/1")]
    [InlineData("customer/")]
    [InlineData("customer")]
    public async Task Refuses_what_it_does_not_fetch(string resource) => (await FetchAsync(resource)).ShouldBeOfType<FetchOutcome.Failed>().Kind.ShouldBe(FailureKind.Refused);

    [Fact]
    public void Fetches_nothing_without_a_token() => GladlyTests.Connector.CanFetch.ShouldBeFalse();

    private Task<FetchOutcome> FetchAsync(string resource) => Connector().FetchAsync(new("gladly", resource, "test"), Token);

    private IFetchConnector Connector()
    {
        var settings = new Dictionary<string, string>
        {
            ["WebhookUser"] = "hub",
            ["WebhookPassword"] = "hush-hush",
            ["ApiUser"] = "agent@example.com",
            ["ApiKey"] = "api-token",
            ["BaseUrl"] = "https://brand.gladly.com",
        };
        return connector ??= (IFetchConnector)new GladlyVendor(time, () => desk).Create(new ConnectorSettings("gladly", settings, allowLoopback: false));
    }

    private sealed class StoppedTime : TimeProvider
    {
        public static readonly DateTimeOffset Start = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

        public DateTimeOffset Now { get; set; } = Start;

        public override DateTimeOffset GetUtcNow() => Now;
    }

    /// <summary>Gladly at the wire.</summary>
    private sealed class Desk : HttpMessageHandler
    {
        private (HttpStatusCode Status, string Body, (string Name, string? Value)[] Headers) answer;

        public HttpRequestMessage? Request { get; private set; }

        public int Calls { get; private set; }

        public Exception? Fault { get; set; }

        public void Answer(HttpStatusCode status, string body, params (string Name, string? Value)[] headers) => answer = (status, body, headers);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            (Request, Calls) = (request, Calls + 1);
            if (Fault is not null)
                throw Fault;
            var response = new HttpResponseMessage(answer.Status) { Content = new StringContent(answer.Body, Encoding.UTF8, "application/json") };
            foreach (var (name, value) in answer.Headers.Where(header => header.Value is not null))
                response.Headers.TryAddWithoutValidation(name, value);
            return Task.FromResult(response);
        }
    }
}
