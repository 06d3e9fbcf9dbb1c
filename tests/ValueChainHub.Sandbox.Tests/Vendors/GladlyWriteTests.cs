using ValueChainHub.Connectors.Gladly;
using ValueChainHub.Connectors.Kit;
using ValueChainHub.Sandbox.Story;
using ValueChainHub.Sandbox.Vendors.Gladly;
using ValueChainHub.Sandbox.Vendors.State;
using ValueChainHub.Sandbox.Wire;

namespace ValueChainHub.Sandbox.Tests.Vendors;

/// <summary>The help desk, written to by the hub's own client.</summary>
public sealed class GladlyWriteTests
{
    private static readonly DateTimeOffset Day = new(2026, 2, 1, 9, 0, 0, TimeSpan.Zero);
    private static readonly Shopper Ada = new(1, "Ada", "Marsh", "ada.marsh1@example.com", "+15552000001", Shops.Home, IsGuest: false, SharesPhone: false);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Attributes_are_written_once_and_told_by_an_update_that_points_at_the_profile()
    {
        await using var hub = await StartAsync();
        var id = Held(hub).Id;

        (await Api(hub).ChangeCustomerAsync(id, new(null, "second@example.com", null, new Dictionary<string, string> { ["vchOrders"] = "2" }), Token)).ShouldBeNull();
        (await Api(hub).ChangeCustomerAsync(id, new(null, null, null, new Dictionary<string, string> { ["vchOrders"] = "2" }), Token)).ShouldBeNull("it is so already");

        (Held(hub).Attributes["vchOrders"], Held(hub).Emails.Count).ShouldBe(("2", 2));
        var told = hub.Said.ShouldHaveSingleItem();
        (told.Topic, told.PointsAt.Single()).ShouldBe(("CUSTOMER_PROFILE/UPDATED", "customer/" + id));
        (await hub.TakeAsync(told)).Fetches.ShouldHaveSingleItem();
        hub.Vendor.Desk.Writes.All.ShouldHaveSingleItem().Operation.ShouldBe("PATCH customer-profiles");
    }

    [Fact]
    public async Task A_profile_under_our_own_id_is_made_once_and_nobody_elses_address_is_taken()
    {
        await using var hub = await StartAsync();
        var profile = new GladlyProfile("vch-1", "Grace Hill", [new("grace@example.com")], null, null);

        (await Api(hub).CreateCustomerAsync(profile, Token)).ShouldBeNull();
        (await Api(hub).CreateCustomerAsync(profile, Token)).ShouldBeNull("the same is as good");
        (await Api(hub).CreateCustomerAsync(profile with { Id = "vch-2", Emails = [new(Ada.Email)] }, Token)).ShouldNotBeNull().Marks.Code.ShouldBe("taken");

        hub.Vendor.Holds().Accounts.Select(account => account.Name).ShouldBe(["Ada Marsh", "Grace Hill"]);
        hub.Vendor.Desk.Writes.All.Count(write => write.Operation == "POST customer-profiles").ShouldBe(1);
        hub.Said.ShouldHaveSingleItem().Topic.ShouldBe("CUSTOMER_PROFILE/CREATED");
    }

    [Fact]
    public async Task A_task_is_opened_once_for_its_id_in_an_inbox_and_in_the_future()
    {
        await using var hub = await StartAsync();
        var (id, inbox) = (Held(hub).Id, hub.Vendor.HubSettings(hub.Api)["TaskInboxId"]);
        var task = new GladlyTask("vch-task-1", "Parcel 1Z is late.", DateTimeOffset.UtcNow.AddDays(1), new(inbox, null));

        (await Api(hub).AddTaskAsync(id, task, Token)).ShouldBeNull();
        (await Api(hub).AddTaskAsync(id, task, Token)).ShouldBeNull("the same is as good");
        (await Api(hub).AddTaskAsync(id, task with { Id = "b", DueAt = DateTimeOffset.UtcNow.AddDays(-1) }, Token)).ShouldNotBeNull().Status.ShouldBe(400);
        (await Api(hub).AddTaskAsync(id, task with { Id = "c", Assignee = new("no inbox", null) }, Token)).ShouldNotBeNull().Status.ShouldBe(400);
        (await Api(hub).AddTaskAsync("nobody", task with { Id = "d" }, Token)).ShouldNotBeNull().Status.ShouldBe(404);

        hub.Vendor.Holds().Tasks.ShouldHaveSingleItem().Account.ShouldBe(id);
        hub.Said.ShouldHaveSingleItem().Topic.ShouldBe("TASK/CREATED");
    }

    [Fact]
    public async Task An_item_is_put_on_a_timeline_once_and_makes_a_profile_for_nobodys_address()
    {
        await using var hub = await StartAsync();
        var item = new GladlyItem("vch-item-1", new("new@example.com", null), new("CUSTOMER_ACTIVITY", "EMAIL", "Order shipped", null, "Hub", null));

        (await Api(hub).AddItemAsync(item, Token)).ShouldBeNull();
        (await Api(hub).AddItemAsync(item, Token)).ShouldBeNull();
        (await Api(hub).AddItemAsync(item with { Id = "b", Customer = new(null, null) }, Token)).ShouldNotBeNull().Status.ShouldBe(400);

        hub.Vendor.Holds().ByEmail("new@example.com").ShouldNotBeNull();
        hub.Vendor.Desk.Writes.All.Count(write => write.Operation == "POST conversation-items").ShouldBe(1);
    }

    [Fact]
    public async Task The_events_of_a_span_are_those_that_the_webhooks_told_and_older_ones_are_not_to_be_had()
    {
        await using var hub = await StartAsync();
        hub.Vendor.Edit(Held(hub).Id, new HumanEdit.Name("Augusta", "King"));
        var now = DateTimeOffset.UtcNow;

        var events = (await Api(hub).EventsAsync(now.AddMinutes(-5), now.AddMinutes(5), ["CUSTOMER_PROFILE", "CONTACT"], Token)).Value!;
        events.ShouldHaveSingleItem().Body.GetProperty("type").GetString().ShouldBe("CUSTOMER_PROFILE/UPDATED");
        (await Api(hub).EventsAsync(now.AddMinutes(-5), now.AddMinutes(5), ["TASK"], Token)).Value!.ShouldBeEmpty();
        (await Api(hub).EventsAsync(now.AddHours(-25), now, ["CONTACT"], Token)).Failure!.Value.Status.ShouldBe(400);
    }

    [Fact]
    public async Task A_webhook_is_made_changed_and_removed_only_when_it_is_off_and_only_if_its_ping_is_answered()
    {
        await using var hub = await StartAsync();
        var (api, pings, answers) = (Api(hub), new List<Webhook>(), true);
        hub.Vendor.Desk.Pings = (ping, _) =>
        {
            pings.Add(ping);
            return Task.FromResult(answers);
        };
        var known = (await api.SubscriptionsAsync(Token)).Value!.ShouldHaveSingleItem();
        var webhook = new GladlyWebhook(["TASK/CREATED"]) { Name = "Hub", Url = "https://hub.example/api/webhooks/other", Enabled = true };

        (await api.UnsubscribeAsync(known.Id, Token)).ShouldNotBeNull("it is on").Marks.Code.ShouldBe("invalid_state");
        (await api.ChangeSubscriptionAsync(known.Id, new(known.Topics) { Enabled = false }, Token)).ShouldBeNull();
        hub.Play(new SupportAsked(Day.AddHours(5), Ada, 2)).ShouldBeEmpty();
        (await api.UnsubscribeAsync(known.Id, Token)).ShouldBeNull();
        (await api.SubscribeAsync(webhook, Token)).ShouldBeNull();
        (await api.SubscribeAsync(webhook, Token)).ShouldNotBeNull("an address may stand in one webhook only").Marks.Code.ShouldBe("taken");
        (await api.SubscribeAsync(webhook with { Events = ["NO/TYPE"], Url = "https://c.example" }, Token)).ShouldNotBeNull().Status.ShouldBe(400);
        answers = false;
        (await api.SubscribeAsync(webhook with { Url = "https://d.example" }, Token)).ShouldNotBeNull("nobody answers there").Status.ShouldBe(400);

        pings.Count.ShouldBe(2);
        (await api.SubscriptionsAsync(Token)).Value!.Count(one => one.Trouble is null).ShouldBe(1);
    }

    private static HeldAccount Held(AtTheHub hub) => hub.Vendor.Holds().Accounts.First(account => account.Shopper == 1);

    private static GladlyApi Api(AtTheHub hub)
    {
        var settings = hub.Vendor.HubSettings(hub.Api);
        var rest = VendorClient.Of<IGladlyApi>(new SocketsHttpHandler(), hub.Api, GladlyJson.Default);
        return new(rest, SharedSecret.BasicHeader(settings["ApiUser"], settings["ApiKey"]), new(CallLimit.PerSecond(10_000), TimeProvider.System, "gladly", learnsLimit: false, new("Gladly-Correlation-Id", body => new(body.FirstObject("errors"u8)?.Text("code"u8), null))), settings["TaskInboxId"]);
    }

    private static async Task<AtTheHub> StartAsync()
    {
        var hub = await AtTheHub.StartAsync(books => new GladlySandbox(books, callsPerSecond: 1_000), () => new GladlyVendor(TimeProvider.System));
        hub.Play(new SupportAsked(Day, Ada, 1));
        return hub;
    }
}
