using System.Net;
using System.Text.Json;
using ValueChainHub.Connectors.Kit;
using ValueChainHub.Connectors.Klaviyo;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Sandbox.Books;
using ValueChainHub.Sandbox.Story;
using ValueChainHub.Sandbox.Vendors;
using ValueChainHub.Sandbox.Vendors.Klaviyo;
using ValueChainHub.Sandbox.Vendors.State;
using ValueChainHub.Sandbox.Wire;

namespace ValueChainHub.Sandbox.Tests.Vendors;

/// <summary>The marketing account, written to and asked by the hub's own client.</summary>
public sealed class KlaviyoSandboxTests : IAsyncLifetime
{
    private const string Email = "ada.marsh1@example.com";
    private static readonly DateTimeOffset Said = new(2026, 2, 10, 8, 30, 0, TimeSpan.Zero);
    private readonly SandboxBooks _books = new();
    private readonly List<Webhook> _said = [];
    private KlaviyoSandbox _vendor = null!;
    private VendorServer _api = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _vendor = new("klaviyo", _books, new(Webhooks: 3));
        _vendor.Desk.Says = outcome => _said.AddRange(outcome.Webhooks);
        _api = await VendorServer.StartAsync(_vendor, new(Faults.None), new(1), new(), Token);
    }

    public async ValueTask DisposeAsync() => await _api.DisposeAsync();

    [Fact]
    public async Task An_import_makes_a_profile_once_and_changes_it_then()
    {
        var made = await Access().ImportProfileAsync(null, new() { Email = Email, FirstName = "Ada", Properties = Properties("vchOrders", "1") }, Token);
        var again = await Access().ImportProfileAsync(made.Value, new() { LastName = "Marsh", Properties = Properties("vchLast", "2") }, Token);

        again.Value.ShouldBe(made.Value);
        var held = _vendor.Holds().Accounts.ShouldHaveSingleItem();
        (held.Name, held.Emails.Single(), held.Attributes["vchOrders"], held.Attributes["vchLast"]).ShouldBe(("Ada Marsh", Email, "1", "2"));
        _said.ShouldBeEmpty("no webhook tells of profiles");
        (await Access().FindProfilesAsync(Email, null, Token)).Value!.ShouldHaveSingleItem().Id.ShouldBe(made.Value);
        (await Access().FindProfilesAsync("b@example.com", null, Token)).Value!.ShouldBeEmpty();
        (await Access().ProfilesAsync(DateTimeOffset.UtcNow.AddMinutes(-5), null, Token)).Value!.Items.ShouldHaveSingleItem();
        (await Access().ProfilesAsync(DateTimeOffset.UtcNow.AddMinutes(5), null, Token)).Value!.Items.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_import_of_nobody_of_an_unknown_id_or_of_anothers_address_is_refused()
    {
        var ada = (await Access().ImportProfileAsync(null, new() { Email = Email, PhoneNumber = "+15552000001" }, Token)).Value;

        (await Access().ImportProfileAsync(null, new() { FirstName = "Nobody" }, Token)).Failure!.Value.Status.ShouldBe(400);
        (await Access().ImportProfileAsync("01KNONE", new() { FirstName = "Nobody" }, Token)).Failure!.Value.Status.ShouldBe(404);
        var taken = (await Access().ImportProfileAsync(null, new() { Email = "b@example.com", PhoneNumber = "+15552000001" }, Token)).Failure!.Value;
        (taken.Status, taken.Marks.Code, taken.Kind).ShouldBe((409, "duplicate_profile", FailureKind.Refused));
        _vendor.Holds().Accounts.ShouldHaveSingleItem().Id.ShouldBe(ada);
    }

    [Fact]
    public async Task A_grant_is_history_with_its_own_time_and_told_once()
    {
        (await Access().SubscribeAsync("email", Email, Said, Token)).ShouldBeNull();
        (await Access().SubscribeAsync("email", Email, Said, Token)).ShouldBeNull();

        _vendor.Holds().Accounts.Single().Consents.ShouldBe([new("email", Email, "granted", Said)]);
        var webhook = _said.ShouldHaveSingleItem();
        webhook.Topic.ShouldBe("event:klaviyo.subscribed_to_email_marketing");
        System.Text.Encoding.UTF8.GetString(webhook.Body).ShouldContain("2026-02-10T08:30:00+00:00");
        (await Access().SubscribeAsync("email", Email, DateTimeOffset.UtcNow.AddDays(1), Token)).ShouldNotBeNull("history is not in the future").Status.ShouldBe(400);
    }

    [Fact]
    public async Task A_denial_is_dated_by_the_vendor_and_an_older_grant_does_not_undo_it()
    {
        var before = DateTimeOffset.UtcNow.AddSeconds(-1);
        (await Access().SubscribeAsync("email", Email, Said, Token)).ShouldBeNull();

        (await Access().UnsubscribeAsync("email", Email, Token)).ShouldBeNull();
        (await Access().SubscribeAsync("email", Email, Said.AddDays(1), Token)).ShouldBeNull();

        var held = _vendor.Holds().Accounts.Single().Consents.ShouldHaveSingleItem();
        held.State.ShouldBe("denied");
        held.At.ShouldBeGreaterThan(before);
        _said.Select(webhook => webhook.Topic).ShouldBe(["event:klaviyo.subscribed_to_email_marketing", "event:klaviyo.unsubscribed_from_email_marketing"]);
    }

    [Fact]
    public async Task An_event_is_kept_once_for_its_id_however_often_it_is_sent()
    {
        for (var times = 0; times < 3; times++)
            (await Access().AppendAsync(Happened("order-1"), Token)).ShouldBeNull();
        (await Access().AppendAsync(Happened("order-2"), Token)).ShouldBeNull();

        _vendor.Holds().Events.Select(one => one.UniqueId).ShouldBe(["order-1", "order-2"]);
        _vendor.Desk.Writes.All.Select(write => write.Changed).ShouldBe([true, false, false, true]);
        _vendor.Desk.Writes.ByKey().Values.Order().ShouldBe([1, 3]);
    }

    [Fact]
    public async Task Suppressed_is_suppressed_and_a_person_can_unsubscribe_by_hand()
    {
        var id = (await Access().ImportProfileAsync(null, new() { Email = Email }, Token)).Value!;

        (await Access().SuppressAsync([Email], Token)).ShouldBeNull();
        _vendor.Edit(id, new HumanEdit.Consent(Channel.Email, IsGranted: false));

        (await Access().FindProfilesAsync(Email, null, Token)).Value!.Single().Body.GetProperty("attributes").GetProperty("subscriptions").GetProperty("email").GetProperty("marketing").GetProperty("suppression").GetArrayLength().ShouldBe(1);
        _said.ShouldHaveSingleItem().Topic.ShouldBe("event:klaviyo.unsubscribed_from_email_marketing");
    }

    [Fact]
    public async Task A_profile_of_somebody_the_books_know_is_gone_on_with_by_the_story()
    {
        var ada = new Shopper(1, "Ada", "Marsh", Email, null, Shops.Home, IsGuest: false, SharesPhone: false);
        _books.Happened([new PartyFact(Party.Account("shopify", "7", 1), Said, "Ada Marsh", Email, null)]);
        var id = (await Access().ImportProfileAsync(null, new() { Email = Email }, Token)).Value;

        _vendor.Apply(new MarketingConsentChanged(Said, ada, Channel.Email, IsGranted: true));

        _vendor.Holds().Accounts.ShouldHaveSingleItem().Id.ShouldBe(id);
    }

    [Fact]
    public async Task Webhooks_are_made_listed_removed_and_limited()
    {
        var address = new Uri("https://hub.example/api/webhooks/klaviyo");
        var known = (await Access().SubscriptionsAsync(Token)).Value!.ShouldHaveSingleItem();
        known.GoesTo(address).ShouldBeTrue();
        (await Access().RemoveSubscriptionAsync(known.Id, Token)).ShouldBeNull();
        _vendor.Desk.Subscriptions.Wants("event:klaviyo.opened_email").ShouldBeFalse();
        (await Access().SubscribeAsync(["event:klaviyo.opened_email"], address, "a-secret-of-ours", Token)).ShouldBeNull();
        _vendor.Desk.Subscriptions.Wants("event:klaviyo.opened_email").ShouldBeTrue();

        var refused = (await Access().RemoveSubscriptionAsync(known.Id, Token)).ShouldNotBeNull("the fourth call of three a minute");
        (refused.Kind, refused.Status).ShouldBe((FailureKind.Throttled, 429));
        refused.NotBefore.ShouldNotBeNull();
    }

    [Theory]
    [InlineData("Klaviyo-API-Key wrong", "2026-07-15", HttpStatusCode.Unauthorized)]
    [InlineData(null, "2020-01-01", HttpStatusCode.BadRequest)]
    [InlineData(null, null, HttpStatusCode.BadRequest)]
    public async Task Without_the_key_or_the_revision_nothing_is_answered(string? authorization, string? revision, HttpStatusCode expected)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_api.Address, "/api/metrics"));
        request.Headers.TryAddWithoutValidation("Authorization", authorization ?? "Klaviyo-API-Key " + _vendor.HubSettings(_api.Address)["ApiKey"]);
        if (revision is not null)
            request.Headers.Add("revision", revision);

        using var response = await http.SendAsync(request, Token);

        response.StatusCode.ShouldBe(expected);
        JsonDocument.Parse(await response.Content.ReadAsStringAsync(Token)).RootElement.GetProperty("errors").GetArrayLength().ShouldBe(1);
    }

    private KlaviyoAccess Access() =>
        new(VendorClient.Of<IKlaviyoApi>(new SocketsHttpHandler(), _api.Address, KlaviyoJson.Default), _vendor.HubSettings(_api.Address)["ApiKey"], new(CallLimit.PerSecond(1_000), TimeProvider.System, "klaviyo", refusals: new(null, body => new(body.FirstObject("errors"u8)?.Text("code"u8), null))), TimeProvider.System);

    private static KlaviyoEvent Happened(string id) =>
        new(JsonSerializer.SerializeToElement(new Dictionary<string, string>()), Said, id, new(new("metric", new("Placed Order"))), new(new("profile", new() { Email = Email })));

    private static Dictionary<string, JsonElement> Properties(string name, string value) => new() { [name] = JsonSerializer.SerializeToElement(value) };
}
