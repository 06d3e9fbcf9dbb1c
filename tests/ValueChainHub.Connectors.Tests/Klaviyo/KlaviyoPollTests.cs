using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Web;
using ValueChainHub.Connectors.Klaviyo;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Intake;
using ValueChainHub.Core.Storage;
using ValueChainHub.Testing;
using ValueChainHub.Testing.Storage;

namespace ValueChainHub.Connectors.Tests.Klaviyo;

public sealed class KlaviyoPollTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 2, 20, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Yesterday = Now.AddDays(-1);

    private readonly Account account = new();
    private readonly ManualTime time = new(Now);
    private readonly IPollConnector connector;

    public KlaviyoPollTests()
    {
        var settings = new Dictionary<string, string> { ["WebhookSecret"] = "klaviyo-secret", ["ApiKey"] = "pk-private" };
        connector = (IPollConnector)new KlaviyoVendor(time, () => account).Create(new ConnectorSettings("klaviyo", settings, allowLoopback: false));
    }

    public void Dispose() => account.Dispose();

    [Fact]
    public async Task Asks_for_one_metric_from_an_instant_to_where_events_have_settled()
    {
        account.Metrics(("Mopen", "Opened Email", "Klaviyo"));
        account.Events(null);

        var page = (await PollAsync("opened_email")).ShouldBeOfType<PollOutcome.Page>();

        var asked = account.Asked[^1];
        asked.RequestUri!.GetLeftPart(UriPartial.Path).ShouldBe("https://a.klaviyo.com/api/events");
        asked.Headers.GetValues("Authorization").ShouldBe(["Klaviyo-API-Key pk-private"]);
        asked.Headers.GetValues("revision").ShouldBe(["2026-07-15"]);
        Query(asked, "filter").ShouldBe("equals(metric_id,\"Mopen\"),greater-or-equal(datetime,2026-02-19T12:00:00Z),less-than(datetime,2026-02-20T11:58:00Z)");
        Query(asked, "sort").ShouldBe("datetime");
        page.ShouldSatisfyAllConditions(one => one.Answers.ShouldBeEmpty(), one => one.Cursor.ShouldBe("2026-02-20T11:58:00Z"), one => one.HasMore.ShouldBeFalse());
    }

    [Fact]
    public async Task Answers_each_event_as_a_delivery_that_means_what_its_webhook_means()
    {
        account.Metrics(("Mopen", "Opened Email", "Klaviyo"));
        account.Events(null, "opened_email", "opened_email~machine");

        var page = (await PollAsync("opened_email")).ShouldBeOfType<PollOutcome.Page>();

        page.Answers.Select(answer => answer.DeliveryId).ShouldBe(["poll-opened_email-evt02", "poll-opened_email-evt03"]);
        var polled = KlaviyoTests.Raw(page.Answers[0].Topic, page.Answers[0].Body.ToArray(), DeliveryKind.Reconciled).ShouldBeOfType<Translation.Translated>();
        polled.Events.ShouldBe(KlaviyoTests.Translate("opened_email").Events);
        polled.Identity.Claims.ShouldBe(KlaviyoTests.Translate("opened_email").Identity.Claims);
    }

    [Fact]
    public async Task Walks_the_pages_by_their_cursor_and_never_by_where_the_link_points()
    {
        account.Metrics(("Mopen", "Opened Email", "Klaviyo"));
        account.Events("https://elsewhere.example/api/events?filter=x&page%5Bcursor%5D=bmV4dA%3D%3D", "opened_email");
        account.Events(null, "opened_email~machine");

        var first = (await PollAsync("opened_email")).ShouldBeOfType<PollOutcome.Page>();
        first.HasMore.ShouldBeTrue();
        var second = (await PollAsync("opened_email", first.Cursor)).ShouldBeOfType<PollOutcome.Page>();

        account.Asked[^1].RequestUri!.Host.ShouldBe("a.klaviyo.com");
        Query(account.Asked[^1], "page[cursor]").ShouldBe("bmV4dA==");
        Query(account.Asked[^1], "filter").ShouldBe(Query(account.Asked[^2], "filter"));
        second.ShouldSatisfyAllConditions(one => one.HasMore.ShouldBeFalse(), one => one.Cursor.ShouldBe("2026-02-20T11:58:00Z"));
    }

    [Fact]
    public async Task The_list_of_metrics_is_read_page_by_page_and_once()
    {
        account.Metrics("/api/metrics?page%5Bcursor%5D=two", ("Mrecv", "Received Email", "Klaviyo"));
        account.Metrics(("Mopen", "Opened Email", "Klaviyo"));
        account.Events(null);

        await PollAsync("opened_email");
        await PollAsync("received_email");

        account.Asked.Count(request => request.RequestUri!.AbsolutePath == "/api/metrics").ShouldBe(2);
        Query(account.Asked[^1], "filter")!.ShouldStartWith("equals(metric_id,\"Mrecv\")");
    }

    [Fact]
    public async Task A_brands_own_metric_of_the_same_name_is_not_asked_for()
    {
        account.Metrics(("Mown", "Opened Email", "API"));

        (await PollAsync("opened_email")).ShouldBe(new PollOutcome.Page([], null, false), new PageComparer());
        account.Asked.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Asks_for_nothing_that_has_not_settled()
    {
        (await PollAsync("opened_email", "2026-02-20T11:58:00Z")).ShouldBeOfType<PollOutcome.Page>().Cursor.ShouldBe("2026-02-20T11:58:00Z");

        account.Asked.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(HttpStatusCode.TooManyRequests, FailureKind.Throttled)]
    [InlineData(HttpStatusCode.Unauthorized, FailureKind.Unauthorized)]
    [InlineData(HttpStatusCode.Forbidden, FailureKind.Unauthorized)]
    [InlineData(HttpStatusCode.BadRequest, FailureKind.Refused)]
    [InlineData(HttpStatusCode.Found, FailureKind.Refused)]
    [InlineData(HttpStatusCode.BadGateway, FailureKind.Unavailable)]
    public async Task Each_status_is_one_kind_of_failure(HttpStatusCode status, FailureKind kind)
    {
        account.Metrics(("Mopen", "Opened Email", "Klaviyo"));
        account.Answer(status, "ada.shopper@example.com pk-private", "7");

        var failed = (await PollAsync("opened_email")).ShouldBeOfType<PollOutcome.Failed>();

        failed.Kind.ShouldBe(kind);
        failed.NotBefore.ShouldBe(kind.MayRetry() ? Now.AddSeconds(7) : null);
        failed.ToString().ShouldSatisfyAllConditions(text => text.ShouldNotContain("ada"), text => text.ShouldNotContain("pk-private"));
    }

    [Theory]
    [InlineData("<html>")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"data":[{"type":"event"}]}""")]
    [InlineData("""{"data":[7]}""")]
    public async Task An_answer_of_200_that_is_no_page_is_a_failure(string body)
    {
        account.Metrics(("Mopen", "Opened Email", "Klaviyo"));
        account.Answer(HttpStatusCode.OK, body);

        (await PollAsync("opened_email")).ShouldBeOfType<PollOutcome.Failed>().Kind.ShouldBe(FailureKind.Unavailable);
    }

    [Theory]
    [InlineData("rubbish")]
    [InlineData("2026-02-20T11:58:00Z~x~y")]
    [InlineData("2026-02-20T11:58:00Z~2026-02-20T11:58:00Z")]
    public async Task Refuses_a_cursor_that_is_not_its_own(string cursor) =>
        (await PollAsync("opened_email", cursor)).ShouldBeOfType<PollOutcome.Failed>().Kind.ShouldBe(FailureKind.Refused);

    [Fact]
    public async Task Refuses_a_stream_it_does_not_have() => (await PollAsync("sent_sms")).ShouldBeOfType<PollOutcome.Failed>().Kind.ShouldBe(FailureKind.Refused);

    [Fact]
    public async Task The_callers_own_cancellation_is_no_outcome()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => connector.PollAsync(new("opened_email", Yesterday, null), cancelled.Token));
    }

    [Fact]
    public void Polls_nothing_without_a_key() => ((IPollConnector)KlaviyoTests.Connector).CanPoll.ShouldBeFalse();

    [Fact]
    public void An_account_that_only_polls_needs_no_secret_and_refuses_webhooks()
    {
        var polls = (IPollConnector)new KlaviyoVendor(time, () => account).Create(new ConnectorSettings("klaviyo", new Dictionary<string, string> { ["ApiKey"] = "pk-private" }, allowLoopback: false));

        (polls.CanPoll, polls.TakesWebhooks).ShouldBe((true, false));
        foreach (var headers in (Dictionary<string, string>[])[[], new() { ["Klaviyo-Signature"] = "00", ["Klaviyo-Timestamp"] = "Fri, 20 Feb 2026 12:00:00 GMT" }])
        {
            polls.Verify(new("POST", new("https://hub.example/api/webhooks/klaviyo"), headers, "{}"u8.ToArray()), Now)
                .ShouldBe(new WebhookVerdict.Refused(RejectionReason.Signature, "no WebhookSecret is set"));
        }
        Should.Throw<ConnectorSettingsException>(() => new KlaviyoVendor(time, () => account).Create(new ConnectorSettings("klaviyo", new Dictionary<string, string> { ["BaseUrl"] = "https://a.example" }, allowLoopback: false)))
            .Message.ShouldContain("WebhookSecret");
    }

    [Fact]
    public async Task A_run_keeps_every_answer_once_and_goes_on_where_it_stopped()
    {
        var store = new MemoryHubStore();
        account.Metrics(("Mopen", "Opened Email", "Klaviyo"));
        account.Events("/api/events?page%5Bcursor%5D=two", "opened_email");
        account.Answer(HttpStatusCode.BadGateway, "");
        account.Events(null, "opened_email~machine", "opened_email");

        (await RunAsync(store)).ShouldBeFalse();
        (await KeptAsync(store)).Count.ShouldBe(1);
        time.Advance(TimeSpan.FromMinutes(2));
        await RunAsync(store);

        (await KeptAsync(store)).ShouldBe([("klaviyo.poll-opened_email-evt02", DeliveryKind.Reconciled, "pending"), ("klaviyo.poll-opened_email-evt03", DeliveryKind.Reconciled, "pending")], ignoreOrder: true);
        await RunAsync(store);
        var asked = account.Asked.Count;
        await RunAsync(store);
        account.Asked.Count.ShouldBe(asked);
    }

    [Fact]
    public async Task A_run_asks_a_vendor_that_is_busy_again_when_it_said_and_not_before()
    {
        var store = new MemoryHubStore();
        account.Answer(HttpStatusCode.TooManyRequests, "", "90");

        await RunAsync(store);
        await RunAsync(store);
        account.Asked.Count.ShouldBe(1);

        time.Advance(TimeSpan.FromSeconds(91));
        await RunAsync(store);
        account.Asked.Count.ShouldBe(2);
    }

    [Fact]
    public async Task An_event_that_the_account_shows_late_is_found_by_a_later_walk_and_nothing_is_kept_twice()
    {
        var store = new MemoryHubStore();
        account.Metrics(("Mopen", "Opened Email", "Klaviyo"));
        account.Events(null, "opened_email");
        account.Events(null, "opened_email", "opened_email~machine");
        await RunAsync(store);

        time.Advance(TimeSpan.FromMinutes(5));
        await RunAsync(store);

        Query(account.Asked[^1], "filter")!.ShouldContain("greater-or-equal(datetime,2026-02-20T11:28:00Z),less-than(datetime,2026-02-20T12:03:00Z)");
        (await KeptAsync(store)).Count.ShouldBe(2);
    }

    private Task<bool> RunAsync(MemoryHubStore store) =>
        new PollConnectors(store, new ConnectorCatalog([connector]), new TranslationHandover(), time).RunAsync(TestContext.Current.CancellationToken);

    private static async Task<List<(string, DeliveryKind, string)>> KeptAsync(MemoryHubStore store)
    {
        var page = await store.ReadFeedAsync(HubContainers.Inbox, FeedPosition.Beginning, 100, null, TestContext.Current.CancellationToken);
        return [.. page.Changes.Select(change => Delivery.Read(change.Item.Body)).Select(delivery => (delivery.Id, delivery.Kind, delivery.State))];
    }

    private Task<PollOutcome> PollAsync(string stream, string? cursor = null) => connector.PollAsync(new(stream, Yesterday, cursor), TestContext.Current.CancellationToken);

    private static string? Query(HttpRequestMessage request, string name) => HttpUtility.ParseQueryString(request.RequestUri!.Query)[name];

    private sealed class PageComparer : IEqualityComparer<PollOutcome>
    {
        public bool Equals(PollOutcome? x, PollOutcome? y) =>
            x is PollOutcome.Page one && y is PollOutcome.Page other && one.Answers.SequenceEqual(other.Answers) && one.Cursor == other.Cursor && one.HasMore == other.HasMore;

        public int GetHashCode(PollOutcome obj) => 0;
    }

    /// <summary>The account at the wire: answers in the order in which they were laid out, the last one for ever.</summary>
    private sealed class Account : HttpMessageHandler
    {
        private readonly Queue<Func<HttpResponseMessage>> answers = [];

        public List<HttpRequestMessage> Asked { get; } = [];

        public void Metrics(params (string Id, string Name, string Integration)[] metrics) => Metrics(null, metrics);

        public void Metrics(string? next, params (string Id, string Name, string Integration)[] metrics) => Answer(HttpStatusCode.OK, new JsonObject
        {
            ["data"] = new JsonArray([.. metrics.Select(metric => new JsonObject
            {
                ["type"] = "metric",
                ["id"] = metric.Id,
                ["attributes"] = new JsonObject { ["name"] = metric.Name, ["integration"] = new JsonObject { ["name"] = metric.Integration } },
            })]),
            ["links"] = new JsonObject { ["next"] = next },
        }.ToJsonString());

        public void Events(string? next, params string[] recordings)
        {
            var documents = recordings.Select(name => KlaviyoTests.Body(name)["data"]![0]!["payload"]!).ToList();
            Answer(HttpStatusCode.OK, new JsonObject
            {
                ["data"] = new JsonArray([.. documents.Select(one => one["data"]!.DeepClone())]),
                ["included"] = new JsonArray([.. documents.Select(one => one["included"]![0]!).DistinctBy(one => one["id"]!.GetValue<string>()).Select(one => one.DeepClone())]),
                ["links"] = new JsonObject { ["next"] = next },
            }.ToJsonString());
        }

        public void Answer(HttpStatusCode status, string body, string? retryAfter = null) => answers.Enqueue(() =>
        {
            var answer = new HttpResponseMessage(status) { Content = new StringContent(body, Encoding.UTF8, "application/vnd.api+json") };
            if (retryAfter is not null)
                answer.Headers.Add("Retry-After", retryAfter);
            return answer;
        });

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Asked.Add(request);
            return Task.FromResult((answers.Count > 1 ? answers.Dequeue() : answers.Peek())());
        }
    }
}
