using System.Text;
using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Delivery;
using ValueChainHub.Core.Messaging;
using ValueChainHub.Testing;

namespace ValueChainHub.Core.Tests.Delivery;

/// <summary>Events on their way from the bus into the lines of destinations: pulled, pushed, doubled, unreadable.</summary>
public sealed class RouteEventsTests
{
    private readonly ManualTime _time = new();
    private readonly FakeVendor _shop;
    private readonly FakeVendor _mail;
    private readonly MemoryChainBus _bus = new();
    private readonly DeliveryHub _hub;

    public RouteEventsTests()
    {
        _shop = new("shop", _time, ChainLink.Storefront);
        _mail = new("mail", _time);
        _hub = new([_shop, _mail], _time, bus: _bus);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_event_that_is_pushed_means_what_it_means_when_it_is_pulled()
    {
        await _hub.RouteAsync();
        await _hub.FoldAsync(_shop.Account("1", "Ada", "ada@example.com", _hub.Now));
        await _hub.PublishAsync();

        foreach (var message in _bus.Waiting("deliver-mail"))
            await _hub.Route.HandleAsync("mail", message, Token);
        _time.Advance(TimeSpan.FromSeconds(2));
        await _hub.WorkAsync();

        _mail.Of<CustomerState>().ShouldHaveSingleItem().Contact.ShouldBe(new CustomerContact("Ada", "ada@example.com", null));
    }

    [Fact]
    public async Task An_event_that_is_pushed_and_pulled_is_told_once()
    {
        await _hub.Routes.SetAsync([new() { Name = "mail/events", Enabled = true, Types = [EventCatalogue.OrderPlaced] }], Token);
        await _hub.RouteAsync();
        await _hub.FoldAsync(_shop.Account("1", "Ada", "ada@example.com", _hub.Now));
        await _hub.FoldAsync(_shop.Ordered("1", "o1", _hub.Now));
        await _hub.PublishAsync();

        foreach (var message in _bus.Waiting("deliver-mail").Concat(_bus.Waiting("deliver-mail")))
            await _hub.Route.HandleAsync("mail", message, Token);
        await _hub.SettleAsync();
        await _hub.SettleAsync();

        _mail.Of<EventToAppend>().Count().ShouldBe(1);
        _mail.Of<CustomerState>().Count().ShouldBe(1);
    }

    [Fact]
    public async Task An_event_that_cannot_be_read_waits_for_a_person_and_holds_up_none_behind_it()
    {
        await _hub.RouteAsync();
        await _bus.PublishAsync([Unreadable("e1")], Token);
        await _hub.FoldAsync(_shop.Account("1", "Ada", "ada@example.com", _hub.Now));

        await _hub.SettleAsync();

        _mail.Of<CustomerState>().ShouldHaveSingleItem();
        _bus.Waiting("deliver-mail").ShouldBeEmpty();
        var dead = (await _hub.Dead.ListAsync("mail", 10, null, Token)).Items.ShouldHaveSingleItem();
        (dead.Kind, dead.Target, dead.Reason).ShouldBe(("message", "e1", "The event cannot be read (JsonException)."));
    }

    [Fact]
    public async Task An_unreadable_event_is_parked_once_and_stays_so_when_it_is_tried_again_or_given_up()
    {
        await _hub.RouteAsync();
        for (var push = 0; push < 3; push++)
            await _hub.Route.HandleAsync("mail", Unreadable("e1"), Token);
        (await _hub.CountsAsync(_mail)).ShouldBe(new DeliveryCounts(0, 0, 1));
        var dead = (await _hub.Dead.ListAsync("mail", 10, null, Token)).Items.ShouldHaveSingleItem();

        (await _hub.Dead.RetryAsync(dead.Id, Token)).ShouldBeTrue();
        await _hub.SettleAsync();
        (await _hub.CountsAsync(_mail)).ShouldBe(new DeliveryCounts(0, 0, 1), "it is as unreadable as before");
        (await _hub.Dead.DiscardAsync(dead.Id, Token)).ShouldBeTrue();
        await _hub.Route.HandleAsync("mail", Unreadable("e1"), Token);

        (await _hub.CountsAsync(_mail)).ShouldBe(new DeliveryCounts(0, 0, 0));
    }

    [Fact]
    public async Task An_event_that_could_not_be_read_is_routed_when_it_is_tried_again_and_can_be()
    {
        await _hub.RouteAsync();
        await _hub.Route.HandleAsync("mail", Unreadable("e1"), Token);
        var dead = (await _hub.Dead.ListAsync("mail", 10, null, Token)).Items.ShouldHaveSingleItem();
        // What made it unreadable is the task that the route would read from it.
        await _hub.Routes.SetAsync([new() { Name = "mail/tasks", Enabled = false }], Token);

        await _hub.Dead.RetryAsync(dead.Id, Token);
        await _hub.WorkAsync();

        (await _hub.CountsAsync(_mail)).ShouldBe(new DeliveryCounts(1, 0, 0), "the event's customer is in the line");
    }

    [Fact]
    public async Task Of_a_connector_that_is_not_written_to_there_is_nothing_to_tell()
    {
        await _hub.Route.HandleAsync("nobody", Unreadable("e1"), Token);

        (await _hub.Dead.ListAsync(null, 10, null, Token)).Items.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_subscription_that_does_not_answer_keeps_no_other_waiting_and_is_not_hidden()
    {
        await _hub.RouteAsync();
        await _hub.FoldAsync(_shop.Account("1", "Ada", "ada@example.com", _hub.Now));
        await _hub.PublishAsync();
        _bus.Silent = "deliver-mail";

        var fault = await Should.ThrowAsync<BusUnavailableException>(() => _hub.Route.RunAsync(Token));

        fault.Message.ShouldContain("deliver-mail");
        _bus.Waiting("deliver-shop").ShouldBeEmpty();
        _bus.Waiting("deliver-mail").ShouldNotBeEmpty();
    }

    /// <summary>A parcel's event whose data is cut off.</summary>
    private static BusMessage Unreadable(string id) => new(
        id, "profile", EventCatalogue.ParcelFailed, Encoding.UTF8.GetBytes("""{"number":"""),
        new Dictionary<string, string> { ["source"] = "/connectors/carrier", ["customerid"] = "c1", ["origin"] = "live", ["time"] = "2026-02-01T00:00:00Z" });
}
