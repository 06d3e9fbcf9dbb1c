using System.Text.Json.Nodes;
using ValueChainHub.Connectors.Tests.Shopify;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Customers;
using ValueChainHub.Core.Identity;
using ValueChainHub.Testing.Storage;

namespace ValueChainHub.Connectors.Tests.Gladly;

/// <summary>What Gladly keeps as <c>externalCustomerIds</c> is somebody's copy, often the hub's own: it finds and never links, and so undoes no split (SEMANTICS 1).</summary>
public sealed class GladlySplitTests
{
    private const string Copy = "0123456789abcdef0123456789abcdef";
    private static readonly Identifier Shopper = Identifier.Account("shopify", ShopifyTests.Customer.Id);
    private static readonly Identifier First = Identifier.Account("gladly", "first");
    private static readonly Identifier Second = Identifier.Account("gladly", "second");

    private readonly MemoryHubStore _store = new();
    private readonly DerivedIds _ids = new("0123456789abcdef"u8.ToArray());
    private readonly CustomerDirectory _directory;
    private readonly FoldDelivery _fold;
    private int _received;

    public GladlySplitTests()
    {
        _directory = new(_store, _ids, new());
        _fold = new(_store, _ids, _directory, new());
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_profiles_with_one_external_id_are_two_customers_and_it_finds_both()
    {
        await FoldAsync(Profile("first", "one@example.com", 1));
        await FoldAsync(Profile("second", "two@example.com", 2));

        (await CustomerAsync(First)).ShouldNotBe(await CustomerAsync(Second));
        (await _directory.SearchAsync(Identifier.External("gladly", Copy), Token)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task After_a_split_the_external_id_merges_them_neither_again_nor_by_way_of_another()
    {
        await FoldAsync(ShopifyTests.Translate("customers-create"));
        await FoldAsync(Profile("first", "ada.shopper@example.com", 1));
        (await CustomerAsync(First)).ShouldBe(await CustomerAsync(Shopper), "they share an address");
        await SplitAsync();

        await FoldAsync(Profile("first", "one@example.com", 3));
        await FoldAsync(Profile("second", "ada.shopper@example.com", 4));
        await FoldAsync(Profile("first", "one@example.com", 5));

        (await CustomerAsync(Second)).ShouldBe(await CustomerAsync(Shopper), "they share an address");
        (await CustomerAsync(First)).ShouldNotBe(await CustomerAsync(Shopper));
        (await _directory.SearchAsync(Identifier.External("gladly", Copy), Token)).Count.ShouldBe(2);
    }

    /// <summary>A support profile that carries the id of the customer that an adapter once answered.</summary>
    private static Translation.Translated Profile(string id, string email, int minute) => GladlyTests.Translate("rest-customer", body =>
    {
        (body["id"], body["updatedAt"]) = (id, $"2026-03-02T09:1{minute}:00.000Z");
        body["emails"] = new JsonArray(new JsonObject { ["original"] = email, ["normalized"] = email, ["primary"] = true });
        body["phones"] = new JsonArray();
        body["externalCustomerIds"] = new JsonObject { ["adapter-Test_1"] = Copy };
    });

    private Task FoldAsync(Translation.Translated told) =>
        _fold.HandleAsync(new(told, told.Source(), $"{told.Source()}.{_received}", DateTimeOffset.UnixEpoch.AddMinutes(_received++)), Token);

    private async Task SplitAsync() =>
        (await new BindProfiles(_store, _directory).HandleAsync(_ids.Of(Shopper), _ids.Of(First), new(Linked: false, DateTimeOffset.UnixEpoch, "two people"), Token)).ShouldBeTrue();

    private async Task<string> CustomerAsync(Identifier account) => (await _directory.ResolveAsync(_ids.Of(account), Token))!.Id;
}
