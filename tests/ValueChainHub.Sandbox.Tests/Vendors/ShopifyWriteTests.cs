using System.Text.Json.Nodes;
using ValueChainHub.Connectors.Shopify;
using ValueChainHub.Core.Chain.Records;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Sandbox.Story;
using ValueChainHub.Sandbox.Vendors.Shopify;
using ValueChainHub.Sandbox.Vendors.State;
using ValueChainHub.Sandbox.Wire;

namespace ValueChainHub.Sandbox.Tests.Vendors;

/// <summary>What the shop takes from the hub's own client, what it refuses, what it says of it, and what it holds then.</summary>
public sealed class ShopifyWriteTests
{
    private const string Id = "7000000000001";
    private static readonly DateTimeOffset Said = new(2026, 2, 10, 8, 30, 0, TimeSpan.Zero);
    private static readonly Shopper Ada = new(1, "Ada", "Marsh", "ada.marsh1@example.com", "+15552000001", Shops.Home, IsGuest: false, SharesPhone: false);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_consent_is_held_with_the_time_of_the_act_and_told_once()
    {
        await using var hub = await StartAsync();
        var consent = new Consent("email", Ada.Email, "marketing", "granted", Said);

        (await ShopifyListTests.Admin(hub).SetConsentAsync(Id, consent, Token)).ShouldBeNull();
        (await ShopifyListTests.Admin(hub).SetConsentAsync(Id, consent, Token)).ShouldBeNull("the same again is as good");

        Held(hub).Consents.ShouldBe([new("email", Ada.Email, "granted", Said)]);
        hub.Said.Select(webhook => webhook.Topic).ShouldBe(["customers_email_marketing_consent/update", "customers/update"]);
        hub.Vendor.Desk.Writes.All.Select(write => (write.Operation, write.Changed)).ShouldBe([("customerEmailMarketingConsentUpdate", true), ("customerEmailMarketingConsentUpdate", false)]);
        foreach (var webhook in hub.Said)
            (await hub.TakeAsync(webhook)).Entities.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_consent_of_nobody_by_no_phone_or_in_the_future_is_refused()
    {
        await using var hub = await StartAsync(Ada with { Phone = null });
        var admin = ShopifyListTests.Admin(hub);

        (await admin.SetConsentAsync("7000000000099", new Consent("email", Ada.Email, "marketing", "granted", Said), Token)).ShouldNotBeNull().Marks.Code.ShouldBe("INVALID");
        (await admin.SetConsentAsync(Id, new Consent("sms", "+15552000001", "marketing", "granted", Said), Token)).ShouldNotBeNull().Kind.ShouldBe(FailureKind.Refused);
        (await admin.SetConsentAsync(Id, new Consent("email", Ada.Email, "marketing", "granted", DateTimeOffset.UtcNow.AddHours(1)), Token)).ShouldNotBeNull().Kind.ShouldBe(FailureKind.Refused);
        Held(hub).Consents.ShouldBeEmpty();
        hub.Said.ShouldBeEmpty();
        hub.Vendor.Desk.Writes.All.ShouldBeEmpty();
    }

    [Fact]
    public async Task Tags_are_added_and_removed_and_only_changes_are_told()
    {
        await using var hub = await StartAsync();
        var admin = ShopifyListTests.Admin(hub);

        (await admin.AddTagsAsync(Id, ["vch-a", "vip"], Token)).ShouldBeNull();
        (await admin.AddTagsAsync(Id, ["VIP"], Token)).ShouldBeNull();
        (await admin.RemoveTagsAsync(Id, ["vch-a", "never there"], Token)).ShouldBeNull();
        (await admin.AddTagsAsync(Id, [new string('x', 256)], Token)).ShouldNotBeNull().Kind.ShouldBe(FailureKind.Refused);
        (await admin.AddTagsAsync("7000000000099", ["a"], Token)).ShouldNotBeNull().Kind.ShouldBe(FailureKind.Refused);
        (await admin.AddTagsAsync(Id, [.. Enumerable.Range(0, 251).Select(number => "t" + number)], Token)).ShouldNotBeNull().Marks.Code.ShouldBe("MAX_INPUT_SIZE_EXCEEDED");

        Held(hub).Tags.ShouldBe(["vip"]);
        hub.Said.Select(webhook => webhook.Topic).ShouldBe(["customer.tags_added", "customers/update", "customer.tags_removed", "customers/update"]);
        JsonNode.Parse(hub.Said[2].Body)!["tags"]!.AsArray().ShouldHaveSingleItem()!.GetValue<string>().ShouldBe("vch-a");
    }

    [Fact]
    public async Task A_customer_is_changed_and_each_change_is_later_than_the_one_before()
    {
        await using var hub = await StartAsync();
        hub.Play(new AccountOpened(AtTheHub.Now, Ada with { Number = 2, Email = "b@example.com" }));
        var admin = ShopifyListTests.Admin(hub);

        (await admin.UpdateCustomerAsync(new() { Id = Id, FirstName = "Augusta" }, Token)).ShouldBeNull();
        (await admin.UpdateCustomerAsync(new() { Id = Id, LastName = "King" }, Token)).ShouldBeNull();
        (await admin.UpdateCustomerAsync(new() { Id = Id, Email = "b@example.com" }, Token)).ShouldNotBeNull("somebody else's").Kind.ShouldBe(FailureKind.Refused);
        (await admin.UpdateCustomerAsync(new() { Id = Id, Phone = "555" }, Token)).ShouldNotBeNull("no number").Kind.ShouldBe(FailureKind.Refused);

        Held(hub).Name.ShouldBe("Augusta King");
        var times = hub.Said.Select(webhook => DateTimeOffset.Parse(JsonNode.Parse(webhook.Body)!["updated_at"]!.GetValue<string>(), System.Globalization.CultureInfo.InvariantCulture)).ToList();
        times.Count.ShouldBe(2);
        times[1].ShouldBeGreaterThan(times[0]);
        (await admin.CustomersAsync(times[1], null, Token)).Value!.Items.ShouldHaveSingleItem().Id.ShouldBe(Id, "the list knows the change");
    }

    [Fact]
    public async Task Metafields_are_kept_and_too_many_or_of_nobody_are_refused()
    {
        await using var hub = await StartAsync();
        var admin = ShopifyListTests.Admin(hub);
        var field = new ShopifyMetafield("", "vch", "orders", "number_integer", "3");

        (await admin.SetMetafieldsAsync(Id, [field], Token)).ShouldBeNull();
        (await admin.SetMetafieldsAsync(Id, [.. Enumerable.Repeat(field, 26)], Token)).ShouldNotBeNull();
        (await admin.SetMetafieldsAsync("7000000000099", [field], Token)).ShouldNotBeNull();

        Held(hub).Attributes.ShouldBe(new Dictionary<string, string> { ["vch.orders"] = "3" });
    }

    [Fact]
    public async Task A_seeded_customer_is_kept_once_it_was_changed()
    {
        await using var hub = await ShopifyListTests.StartAsync(new ShopSeed(1, 10, 0, AtTheHub.Now));
        hub.Vendor.Holds().Accounts.ShouldBeEmpty();

        (await ShopifyListTests.Admin(hub).AddTagsAsync("7000001000004", ["vch-a"], Token)).ShouldBeNull();

        hub.Vendor.Holds().Accounts.ShouldHaveSingleItem().Tags.ShouldBe(["vch-a"]);
        var last = (await ShopifyListTests.AskAsync(hub, "{ customers(first: 250, sortKey: UPDATED_AT) { nodes { id tags } } }", []))["data"]!["customers"]!["nodes"]!.AsArray();
        (last.Count, last[^1]!["id"]!.GetValue<string>()).ShouldBe((10, "gid://shopify/Customer/7000001000004"));
        hub.Books.Close().Happened.Customers.ShouldBeEmpty("the past is in no books");
    }

    [Fact]
    public async Task A_person_in_the_admin_is_told_of_like_a_program()
    {
        await using var hub = await StartAsync();

        foreach (var edit in new HumanEdit[] { new HumanEdit.Name("Grace", "Hill"), new HumanEdit.Email("grace@example.com"), new HumanEdit.Phone(null), new HumanEdit.Consent(Channel.Email, true), new HumanEdit.AddTag("vip"), new HumanEdit.RemoveTag("vip") })
            hub.Vendor.Edit(Id, edit);

        var held = Held(hub);
        (held.Name, held.Emails[0], held.Phones.Count, held.Tags.Count, held.Consents[0].State).ShouldBe(("Grace Hill", "grace@example.com", 0, 0, "granted"));
        hub.Said.Count(webhook => webhook.Topic == "customers/update").ShouldBe(6);
        hub.Vendor.Desk.Writes.All.ShouldBeEmpty("nothing was written by a program");
        Should.Throw<ArgumentException>(() => hub.Vendor.Edit("7000000000099", new HumanEdit.AddTag("a")));
    }

    [Fact]
    public async Task What_is_down_or_throttled_is_so_until_it_is_restored()
    {
        await using var hub = await StartAsync();
        async Task<FailureKind?> AskAsync() => (await ShopifyListTests.Admin(hub).AddTagsAsync(Id, ["a"], Token))?.Kind;

        hub.Switches.TakeDown(Outage.ServerError);
        (await AskAsync()).ShouldBe(FailureKind.Unavailable);
        hub.Switches.TakeDown(Outage.Refuse);
        (await AskAsync()).ShouldBe(FailureKind.Unavailable);
        hub.Switches.Restore();
        hub.Switches.Throttle();
        (await AskAsync()).ShouldBe(FailureKind.Throttled);
        hub.Vendor.Desk.Writes.All.ShouldBeEmpty();
        hub.Switches.Restore();
        (await AskAsync()).ShouldBeNull();
        hub.Switches.Faults = Faults.None.With(Fault.LostAnswer, 1);
        (await ShopifyListTests.Admin(hub).AddTagsAsync(Id, ["b"], Token)).ShouldNotBeNull().Kind.ShouldBe(FailureKind.Unavailable);
        Held(hub).Tags.ShouldBe(["a", "b"], "it was done, and only its answer was lost");
    }

    private static HeldAccount Held(AtTheHub hub) => hub.Vendor.Holds().Accounts.Single(account => account.Id == Id);

    private static async Task<AtTheHub> StartAsync(Shopper? shopper = null)
    {
        var hub = await ShopifyListTests.StartAsync();
        hub.Play(new AccountOpened(AtTheHub.Now, shopper ?? Ada));
        return hub;
    }
}
