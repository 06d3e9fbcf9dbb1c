using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using ValueChainHub.Connectors.Gladly;
using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Sandbox.Books;
using ValueChainHub.Sandbox.Story;
using ValueChainHub.Sandbox.Vendors.Gladly;
using ValueChainHub.Sandbox.Wire;

namespace ValueChainHub.Sandbox.Tests.Vendors;

public sealed class GladlySandboxTests
{
    private static readonly DateTimeOffset Day = new(2026, 2, 1, 9, 0, 0, TimeSpan.Zero);
    private static readonly Shopper Ada = new(1, "Ada", "Marsh", "ada.marsh1@example.com", "+15552000001", Shops.Home, IsGuest: false, SharesPhone: false);

    private static SupportAsked Asked => new(Day, Ada, 1);

    [Fact]
    public async Task Every_webhook_of_a_story_is_proved_and_understood_and_asks_for_what_it_points_at()
    {
        await using var hub = await StartAsync();

        var webhooks = hub.Play(shoppers: 200);

        webhooks.Select(webhook => webhook.Topic).Distinct().Count().ShouldBe(14);
        foreach (var webhook in webhooks)
            (await hub.TakeAsync(webhook)).Fetches.Select(fetch => fetch.Resource).ShouldBe(webhook.PointsAt, ignoreOrder: true, webhook.Topic);
    }

    [Fact]
    public async Task What_they_point_at_is_answered_and_the_books_know_it()
    {
        await using var hub = await StartAsync();
        foreach (var webhook in hub.Play(shoppers: 200))
            await hub.TakeAsync(webhook);
        var owed = hub.Books.Owed();
        owed.ShouldNotBeEmpty();

        foreach (var resource in owed)
            await FetchInTimeAsync(hub, resource.Split(": ")[1]);

        hub.Books.Owed().ShouldBeEmpty();
        var (happened, told) = hub.Books.Close();
        told.Customers.Select(one => (one.Name, one.Email, one.Phone, one.Conversations, one.OpenConversations, one.LastContactAt))
            .ShouldBe(happened.Customers.Select(one => (one.Name, one.Email, one.Phone, one.Conversations, one.OpenConversations, one.LastContactAt)));
    }

    [Fact]
    public async Task Other_credentials_are_refused_and_those_before_are_good_during_a_rotation()
    {
        await using var hub = await StartAsync();
        var webhook = hub.Play(Asked)[0];

        (await hub.VerifyAsync(hub.Request(webhook, SigningSecret.Wrong))).ShouldBeOfType<WebhookVerdict.Refused>();
        (await hub.VerifyAsync(hub.Request(webhook) with { Headers = new Dictionary<string, string>() })).ShouldBeOfType<WebhookVerdict.Refused>();
        (await hub.VerifyAsync(hub.Request(webhook, SigningSecret.Previous))).ShouldBeOfType<WebhookVerdict.Genuine>();
    }

    [Fact]
    public async Task Webhooks_hold_ids_alone()
    {
        await using var hub = await StartAsync();

        foreach (var webhook in hub.Play(Asked, new SupportAnswered(Day.AddHours(1), Ada, 1), new SupportTaskOpened(Day.AddHours(2), Ada, 1)))
        {
            var text = Encoding.UTF8.GetString(webhook.Body);
            text.ShouldNotContain("Ada");
            text.ShouldNotContain(Ada.Email);
            JsonNode.Parse(text)!.AsObject().Select(member => member.Key).ShouldBe(["id", "type", "timestamp", "initiator", "content"]);
        }
    }

    [Fact]
    public async Task A_profile_says_who_it_is_and_whether_support_may_write()
    {
        await using var hub = await StartAsync();
        var customer = hub.Play(Asked, new SupportPreferenceChanged(Day.AddHours(1), Ada, MayText: false))[0].PointsAt[0];

        var read = await hub.FetchAsync(customer);

        var account = ChainJson.Read<Core.Chain.Records.Account>(read.Events.ShouldHaveSingleItem().Data);
        (account.Name, account.Email, account.Phone).ShouldBe(("Ada Marsh", Ada.Email, Ada.Phone));
        read.Entities.SelectMany(entity => entity.Facets).ShouldContain(facet => facet.Name.StartsWith("consent", StringComparison.Ordinal) && facet.Value.Contains("denied", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_fetch_answers_the_present_state_whatever_the_hint_was()
    {
        await using var hub = await StartAsync();
        var created = hub.Play(Asked).Single(webhook => webhook.Topic == "CONVERSATION/CREATED");
        hub.Play(new SupportClosed(Day.AddHours(2), Ada, 1));

        await hub.FetchAsync(created.PointsAt[1]);

        var told = hub.Books.Close().Told.Customers.ShouldHaveSingleItem();
        (told.Conversations, told.OpenConversations).ShouldBe((1, 0));
    }

    [Fact]
    public async Task A_merged_profile_is_answered_by_where_it_went()
    {
        await using var hub = await StartAsync();
        var made = hub.Play(Asked, new SecondProfileMade(Day.AddHours(1), Ada))[^1];
        hub.Books.Close().Happened.Customers.Count.ShouldBe(2);
        hub.Play(new SecondProfileMerged(Day.AddHours(2), Ada));

        var moved = await hub.FetchAsync(made.PointsAt[0]);

        moved.Events.ShouldHaveSingleItem().Type.ShouldBe(EventCatalogue.ServiceAccountsMerged);
        var (happened, told) = hub.Books.Close();
        happened.Customers.ShouldHaveSingleItem().Parties.Count.ShouldBe(2);
        told.Customers.ShouldHaveSingleItem().Parties.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_deleted_profile_is_gone_and_an_unknown_one_never_was()
    {
        await using var hub = await StartAsync();
        var webhooks = hub.Play(Asked, new SecondProfileMade(Day.AddHours(1), Ada), new SecondProfileDeleted(Day.AddHours(2), Ada));

        (await hub.TakeAsync(webhooks[^1])).Events.ShouldHaveSingleItem().Type.ShouldBe(EventCatalogue.ServiceAccountDeleted);
        (await hub.FetchAsync(webhooks[^2].PointsAt[0])).Events.ShouldHaveSingleItem().Type.ShouldBe(EventCatalogue.ServiceAccountDeleted);
        (await hub.AskAsync("customer/nobody")).ShouldBeOfType<FetchOutcome.Fetched>().Topic.ShouldBe("rest/customer/gone");
    }

    [Fact]
    public async Task Profiles_are_found_by_exactly_one_of_their_contacts()
    {
        await using var hub = await StartAsync();
        hub.Play(Asked, new SecondProfileMade(Day.AddHours(1), Ada));

        (await GetAsync(hub, "customer-profiles?email=ADA.marsh1%40example.com")).AsArray().ShouldHaveSingleItem()!["name"]!.GetValue<string>().ShouldBe("Ada Marsh");
        (await GetAsync(hub, "customer-profiles?phoneNumber=%2B15552000001")).AsArray().Count.ShouldBe(1);
        (await GetAsync(hub, "customer-profiles?externalCustomerId=1")).AsArray().ShouldBeEmpty();
        (await GetAsync(hub, "customer-profiles?email=a%40b.example&phoneNumber=1"))["errors"].ShouldNotBeNull();
    }

    [Fact]
    public async Task The_items_of_a_conversation_are_what_was_said()
    {
        await using var hub = await StartAsync();
        var conversation = hub.Play(Asked, new SupportAnswered(Day.AddHours(1), Ada, 1)).Single(webhook => webhook.Topic == "CONVERSATION/CREATED").PointsAt[1];

        var items = (await GetAsync(hub, $"conversations/{conversation.Split('/')[1]}/items")).AsArray();

        items.Select(item => item!["initiator"]!["type"]!.GetValue<string>()).ShouldBe(["CUSTOMER", "AGENT"]);
    }

    [Fact]
    public async Task A_webhook_that_was_given_up_deactivates_the_subscription()
    {
        await using var hub = await StartAsync();
        var webhook = hub.Play(Asked)[0];
        (await GetAsync(hub, "webhooks"))[0]!["enabled"]!.GetValue<bool>().ShouldBeTrue();

        hub.Vendor.GiveUp(webhook);

        (await GetAsync(hub, "webhooks"))[0]!["disabledAtDueToRetryLimit"]!.GetValue<string>().ShouldNotBeEmpty();
        hub.Play(new SupportAnswered(Day.AddHours(1), Ada, 1)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Another_token_is_refused()
    {
        await using var hub = await AtTheHub.StartAsync(books => new GladlySandbox(books), () => new GladlyVendor(TimeProvider.System), settings => settings["ApiKey"] += "x");

        (await hub.AskAsync("customer/1")).ShouldBeOfType<FetchOutcome.Failed>().Kind.ShouldBe(FailureKind.Unauthorized);
    }

    [Fact]
    public async Task Calls_beyond_the_limit_are_throttled_and_the_rest_is_counted_down()
    {
        var time = new Testing.ManualTime(AtTheHub.Now);
        await using var hub = await AtTheHub.StartAsync(books => new GladlySandbox(books, callsPerSecond: 2, time), () => new GladlyVendor(TimeProvider.System));

        var left = new List<string>();
        for (var call = 0; call < 3; call++)
        {
            using var response = await CallAsync(hub, "webhooks");
            left.Add($"{(int)response.StatusCode} {response.Headers.GetValues("Ratelimit-Remaining-Second").Single()} of {response.Headers.GetValues("Ratelimit-Limit-Second").Single()}");
        }

        left.ShouldBe(["200 1 of 2", "200 0 of 2", "429 0 of 2"]);
        time.Advance(TimeSpan.FromSeconds(1));
        using var later = await CallAsync(hub, "webhooks");
        later.IsSuccessStatusCode.ShouldBeTrue();
    }

    [Fact]
    public async Task The_same_acts_make_the_same_bytes()
    {
        await using var one = await StartAsync();
        await using var other = await StartAsync();

        one.Play(shoppers: 100).Select(Text).ShouldBe(other.Play(shoppers: 100).Select(Text));
    }

    private static string Text(Webhook webhook) => webhook.Id + Encoding.UTF8.GetString(webhook.Body);

    private static Task<AtTheHub> StartAsync() => AtTheHub.StartAsync(books => new GladlySandbox(books, callsPerSecond: 1_000), () => new GladlyVendor(TimeProvider.System));

    /// <summary>The connector keeps below its share of the limit and says when to come back.</summary>
    private static async Task FetchInTimeAsync(AtTheHub hub, string resource)
    {
        while (await hub.AskAsync(resource) is FetchOutcome.Failed { Kind: FailureKind.Throttled })
            await Task.Delay(50, TestContext.Current.CancellationToken);
    }

    private static async Task<JsonNode> GetAsync(AtTheHub hub, string path)
    {
        using var response = await CallAsync(hub, path);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
    }

    private static async Task<HttpResponseMessage> CallAsync(AtTheHub hub, string path)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(hub.Api, "/api/v1/" + path));
        var settings = hub.Vendor.HubSettings(hub.Api);
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{settings["ApiUser"]}:{settings["ApiKey"]}")));
        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
