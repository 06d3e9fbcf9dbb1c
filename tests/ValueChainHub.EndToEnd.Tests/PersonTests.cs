using System.Text.Json;
using ValueChainHub.Core.Customers;
using ValueChainHub.EndToEnd.Tests.Support;
using static ValueChainHub.EndToEnd.Tests.Support.Shopify;

namespace ValueChainHub.EndToEnd.Tests;

/// <summary>Who is one person and who is not: by what their deliveries say, and by what an operator knows better.</summary>
public sealed class PersonTests : EndToEndTest
{
    [Fact]
    public async Task Two_customers_merged_by_hand_and_split_again_are_exactly_as_before()
    {
        await DeliverAsync(Ada(), Grace());
        var (ada, grace) = (await FindTextAsync("ada@example.com"), await FindTextAsync("grace@example.com"));

        var merged = await MergeAsync(ada.Id, grace.Id);

        merged.Profiles.ShouldBe([.. ada.Record.Profiles.Concat(grace.Record.Profiles).Order(StringComparer.Ordinal)]);
        (merged.Storefront.Orders, merged.Storefront.LifetimeValue.Single().AmountText).ShouldBe((2, "33.00"));
        foreach (var id in new[] { ada.Id, grace.Id })
            HubText.Of(await Client.CustomerAsync(id)).ShouldBe(HubText.Of(merged));
        (await Client.OrdersAsync(merged.Id)).Count.ShouldBe(2);
        (await Client.TimelineAsync(merged.Id)).Count(told => !HubClient.IsIdentityNotice(told)).ShouldBe(2);

        var gone = ada.Id == merged.Id ? grace : ada;
        var records = (await Client.PostAsync($"customers/{merged.Id}/split", new { profile = gone.Id, reason = "sisters" }, HubSecrets.OperatorKey)).Json.GetProperty("items");

        records.GetArrayLength().ShouldBe(2);
        (await FindTextAsync("ada@example.com")).Text.ShouldBe(ada.Text);
        (await FindTextAsync("grace@example.com")).Text.ShouldBe(grace.Text);
        (await Client.OrdersAsync(ada.Id)).ShouldHaveSingleItem().Number.ShouldBe("#1");
        (await Client.OrdersAsync(grace.Id)).ShouldHaveSingleItem().Number.ShouldBe("#2");
    }

    [Fact]
    public async Task A_merge_takes_a_split_back_and_both_tell_of_it()
    {
        await DeliverAsync(Ada(), Grace());
        var (ada, grace) = (await FindTextAsync("ada@example.com"), await FindTextAsync("grace@example.com"));
        var merged = HubText.Of(await MergeAsync(ada.Id, grace.Id));
        await SplitAsync(ada.Id, grace.Id == (await Client.CustomerAsync(ada.Id)).Id ? ada.Id : grace.Id);

        HubText.Of(await MergeAsync(ada.Id, grace.Id)).ShouldBe(merged);

        var told = (await Client.EventsAsync()).Where(HubClient.IsIdentityNotice).Select(one => one.GetProperty("type").GetString()!.Split('.')[^1]).ToList();
        told.Count(word => word == "merged").ShouldBe(2);
        told.Count(word => word == "split").ShouldBe(1);
    }

    [Fact]
    public async Task A_split_holds_against_what_deliveries_say_afterwards()
    {
        await DeliverAsync(
            new("orders/create", Order(1, customer: Customer(7001, "shared@example.com"))),
            new("orders/create", Order(2, customer: Customer(7002, "shared@example.com"))));
        var joined = await Client.FindAsync(new { email = "shared@example.com" });
        var leaves = (await Client.ProfilesAsync(joined.Id)).Profiles.Single(profile => profile.Value == "7002");

        await SplitAsync(joined.Id, leaves.Id);
        await DeliverAsync(new Webhook("customers/update", Customer(7002, "shared@example.com", at: Latest)));

        (await Client.SearchAsync(new { email = "shared@example.com" })).Select(customer => customer.Storefront.Orders).ShouldBe([1, 1]);
        var profiles = await Client.ProfilesAsync(joined.Id);
        profiles.Profiles.ShouldNotContain(profile => profile.Id == leaves.Id);
        profiles.Links.ShouldContain(link => link.State == "split" && link.Reason == "sisters");
    }

    [Fact]
    public async Task Merges_and_splits_survive_a_restart()
    {
        await DeliverAsync(Ada(), Grace());
        var (ada, grace) = (await FindTextAsync("ada@example.com"), await FindTextAsync("grace@example.com"));
        var merged = HubText.Of(await MergeAsync(ada.Id, grace.Id));

        await Hub.RestartAsync();

        HubText.Of(await Client.CustomerAsync(grace.Id)).ShouldBe(merged);
    }

    [Fact]
    public async Task A_guests_order_belongs_to_the_customer_who_later_has_its_address()
    {
        await DeliverAsync(new Webhook("orders/create", Order(1, "40.00", email: "Guest@Example.com ")));
        var guest = await Client.FindAsync(new { email = "guest@example.com" });

        await DeliverAsync(new Webhook("customers/create", Customer(7001, "guest@example.com")));

        var customer = await Client.FindAsync(new { kind = "shopify.customer", value = "7001" });
        (customer.Storefront.Orders, customer.Email).ShouldBe((1, "guest@example.com"));
        customer.Profiles.Count.ShouldBe(2);
        (await Client.CustomerAsync(guest.Id)).Id.ShouldBe(customer.Id);
        (await Client.OrdersAsync(customer.Id)).ShouldHaveSingleItem().Number.ShouldBe("#1");
        (await Client.TimelineAsync(customer.Id)).ShouldContain(told => told.GetProperty("type").GetString() == "valuechain.storefront.order.placed");
    }

    [Fact]
    public async Task A_guests_order_that_is_given_a_customer_moves_to_it_and_counts_once()
    {
        await DeliverAsync(
            new("orders/create", Order(1, "40.00", email: "guest@example.com")),
            new("orders/updated", Order(1, "40.00", Customer(7001, "account@example.com"), "guest@example.com", at: Later)));

        var customer = await Client.FindAsync(new { email = "account@example.com" });
        (customer.Storefront.Orders, customer.Storefront.LifetimeValue.Single().AmountText).ShouldBe((1, "40.00"));
        (await Client.FindAsync(new { email = "guest@example.com" })).Id.ShouldBe(customer.Id);
        (await Client.OrdersAsync(customer.Id)).ShouldHaveSingleItem().Number.ShouldBe("#1");
        (await Client.TimelineAsync(customer.Id)).Where(told => !HubClient.IsIdentityNotice(told)).Select(told => told.GetProperty("type").GetString())
            .ShouldBe(["valuechain.storefront.order.updated", "valuechain.storefront.order.placed"]);
    }

    [Fact]
    public async Task An_order_that_moves_to_another_account_takes_its_refunds_its_value_and_its_timeline_along()
    {
        await DeliverAsync(
            new("orders/create", Order(1, "40.00", Customer(7001, "first@example.com"))),
            new("refunds/create", Refund(31, 1, "10.00")),
            new("orders/updated", Order(1, "40.00", Customer(7002, "second@example.com"), at: Latest)));

        var (first, second) = (await Client.FindAsync(new { email = "first@example.com" }), await Client.FindAsync(new { email = "second@example.com" }));
        (first.Storefront.Orders, second.Storefront.Orders, second.Storefront.LifetimeValue.Single().AmountText).ShouldBe((0, 1, "30.00"));
        (await Client.OrdersAsync(first.Id)).ShouldBeEmpty();
        (await Client.OrdersAsync(second.Id)).ShouldHaveSingleItem().Number.ShouldBe("#1");
        (await Client.TimelineAsync(first.Id)).ShouldAllBe(told => HubClient.IsIdentityNotice(told));
        (await Client.TimelineAsync(second.Id)).Count(told => !HubClient.IsIdentityNotice(told)).ShouldBe(3);
    }

    [Fact]
    public async Task A_contact_of_an_order_that_is_not_its_customers_finds_and_never_links()
    {
        await DeliverAsync(
            new("customers/create", Customer(7001, "buyer@example.com")),
            new("customers/create", Customer(7002, "friend@example.com")),
            new("orders/create", Order(1, customer: Customer(7001, "buyer@example.com"), email: "friend@example.com")));

        (await Client.FindAsync(new { kind = "shopify.customer", value = "7001" })).Storefront.Orders.ShouldBe(1);
        (await Client.FindAsync(new { kind = "shopify.customer", value = "7002" })).Storefront.Orders.ShouldBe(0);
    }

    [Fact]
    public async Task A_phone_that_a_family_shares_joins_nobody_and_waits_for_review()
    {
        await DeliverAsync(
            new("customers/create", Customer(7001, "mother@example.com", "+1 (555) 000-7777")),
            new("customers/create", Customer(7002, "daughter@example.com", "+15550007777")));

        var found = await Client.SearchAsync(new { phone = "+1 555 000 7777" });
        found.Count.ShouldBe(2);
        (await Client.ProfilesAsync(found[0].Id)).Links.ShouldContain(link => link.State == "candidate" && link.Kind == "phone");
    }

    [Fact]
    public async Task A_relay_address_finds_its_customer_and_is_never_the_primary_one()
    {
        await DeliverAsync(
            new("orders/create", Order(1, email: "abc123@privaterelay.appleid.com", phone: "+15550001234")),
            new("customers/create", Customer(7001, "abc123@privaterelay.appleid.com")));

        var customer = await Client.FindAsync(new { email = "abc123@privaterelay.appleid.com" });
        (customer.Email, customer.Storefront.Orders).ShouldBe((null, 1));
    }

    [Fact]
    public async Task The_same_number_in_two_shops_is_two_accounts_and_the_same_address_one_person()
    {
        await DeliverAsync(
            new("customers/create", Customer(7001, "one@example.com")),
            new("customers/create", Customer(7001, "other@example.com"), Webhook.OtherShop),
            new("orders/create", Order(1, "10.00", Customer(7001, "one@example.com"))),
            new("orders/create", Order(1, "20.00", Customer(7001, "other@example.com"), email: null), Webhook.OtherShop));

        (await Client.FindAsync(new { email = "one@example.com" })).Storefront.LifetimeValue.Single().AmountText.ShouldBe("10.00");
        (await Client.FindAsync(new { email = "other@example.com" })).Storefront.LifetimeValue.Single().AmountText.ShouldBe("20.00");

        await DeliverAsync(new Webhook("customers/update", Customer(7001, "one@example.com", at: Later), Webhook.OtherShop));

        var both = await Client.FindAsync(new { email = "one@example.com" });
        both.Profiles.Count.ShouldBe(2);
        both.Storefront.LifetimeValue.Single().AmountText.ShouldBe("30.00");
    }

    [Fact]
    public async Task A_merge_at_the_storefront_joins_only_when_it_is_completed()
    {
        await DeliverAsync(
            new("customers/create", Customer(7001, "kept@example.com")),
            new("customers/create", Customer(7002, "merged@example.com")),
            new("customers/merge", Merge(7001, 7002, "in_progress")));
        (await Client.FindAsync(new { email = "kept@example.com" })).Profiles.Count.ShouldBe(1);

        await DeliverAsync(new Webhook("customers/merge", Merge(7001, 7002)));

        var customer = await Client.FindAsync(new { email = "merged@example.com" });
        customer.Id.ShouldBe((await Client.FindAsync(new { email = "kept@example.com" })).Id);
        customer.Profiles.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_deleted_account_is_not_brought_back_by_what_comes_late()
    {
        await DeliverAsync(
            new("customers/delete", Deleted(7001)),
            new("customers/create", Customer(7001, "late@example.com")));

        var customer = await Client.FindAsync(new { kind = "shopify.customer", value = "7001" });
        (customer.Name, customer.Email).ShouldBe((null, null));
        (await Client.FindAsync(new { email = "late@example.com" })).Id.ShouldBe(customer.Id, "what it once had still finds it");
    }

    [Theory]
    [InlineData("{\"ids\":[\"a\",\"b\"]}", "reason")]
    [InlineData("{\"ids\":[\"a\"],\"reason\":\"x\"}", "ids")]
    [InlineData("{\"ids\":[\"a\",\"a\"],\"reason\":\"x\"}", "ids")]
    public async Task A_merge_that_does_not_say_whom_or_why_is_refused(string body, string member) =>
        (await Client.PostAsync("customers/merge", body, HubSecrets.OperatorKey)).ShouldBeProblem(400).ShouldContain(member);

    private static Webhook Ada() => new("orders/create", Order(1, "11.00", Customer(7001, "ada@example.com", "+15550001111", first: "Ada", last: "One")));

    private static Webhook Grace() => new("orders/create", Order(2, "22.00", Customer(7002, "grace@example.com", "+15550002222", first: "Grace", last: "Two")));

    private async Task<CustomerRecord> MergeAsync(string one, string other) =>
        (await Client.PostAsync("customers/merge", new { ids = new[] { one, other }, reason = "the same person wrote to support" }, HubSecrets.OperatorKey)).As<CustomerRecord>();

    private async Task SplitAsync(string id, string profile) =>
        (await Client.PostAsync($"customers/{id}/split", new { profile, reason = "sisters" }, HubSecrets.OperatorKey)).As<JsonElement>();

    private async Task<(string Id, string Text, CustomerRecord Record)> FindTextAsync(string email)
    {
        var record = await Client.FindAsync(new { email });
        return (record.Id, HubText.Of(record), record);
    }
}
