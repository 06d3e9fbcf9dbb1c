using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Chain.Records;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Customers;
using ValueChainHub.Core.Identity;
using ValueChainHub.Testing.Storage;

namespace ValueChainHub.Core.Tests.Model;

/// <summary>A word counts from when it was first said: what a vendor repeats with every change of an account is no newer for that.</summary>
public sealed class SaidFieldsTests
{
    private const string Email = "ada@example.com";

    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly Identifier Shop = Identifier.Account("shop", "1");

    [Fact]
    public async Task A_name_that_is_only_repeated_does_not_win_over_one_that_was_changed_since() =>
        (await NameAsync(Said("shop", "Ada", 1), Said("mail", "Augusta", 2), Said("shop", "Ada", 3), Said("shop", "Ada", 9))).ShouldBe("Augusta");

    [Fact]
    public async Task A_name_that_is_changed_wins_from_then_on() =>
        (await NameAsync(Said("shop", "Ada", 1), Said("mail", "Augusta", 2), Said("shop", "Ada Byron", 3), Said("mail", "Augusta", 4))).ShouldBe("Ada Byron");

    [Fact]
    public async Task A_name_that_comes_back_after_another_counts_from_when_it_was_said_last() =>
        (await NameAsync(Said("shop", "Ada", 1), Said("shop", "Byron", 2), Said("mail", "Augusta", 3), Said("shop", "Ada", 4))).ShouldBe("Ada");

    [Fact]
    public async Task Whatever_the_order_it_ends_the_same()
    {
        Translation.Translated[] said = [Said("shop", "Ada", 1), Said("mail", "Augusta", 2), Said("shop", "Ada", 3), Said("mail", null, 4), Said("mail", "Augusta", 5), Said("shop", "Ada", 6)];
        foreach (var order in Orders([.. Enumerable.Range(0, said.Length)]))
            (await NameAsync([.. order.Select(index => said[index])])).ShouldBe("Augusta", string.Join(',', order));
    }

    [Fact]
    public async Task An_account_that_says_more_values_than_are_kept_is_taken_at_its_last_word_in_any_order()
    {
        var names = Enumerable.Range(1, SaidFields.MostValues + 5).Select(number => Said("shop", $"Name {number}", number)).ToList();
        Translation.Translated[] all = [.. names, Said("mail", "Augusta", 100), Said("shop", "Name 37", 101)];

        (await NameAsync(all)).ShouldBe("Name 37");
        (await NameAsync([.. all.Reverse()])).ShouldBe("Name 37");
    }

    private static async Task<string?> NameAsync(params IReadOnlyList<Translation.Translated> said)
    {
        var (store, limits) = (new MemoryHubStore(), new GraphLimits());
        var directory = new CustomerDirectory(store, ModelHub.Ids, limits);
        var fold = new FoldDelivery(store, ModelHub.Ids, directory, limits);
        foreach (var one in said)
            await fold.HandleAsync(new(one, one.Source(), "d", Start), CancellationToken.None);
        var customer = await directory.FindAsync(ModelHub.Ids.Of(Shop), CancellationToken.None);
        var model = new ChainModel(ModelHub.Ids, limits, said, []).Records()[customer.ShouldNotBeNull().Id];
        var record = RecordComposer.Compose(customer.Profiles, limits);
        ModelHub.Text(record).ShouldBe(ModelHub.Text(model));
        return record.Name;
    }

    private static Translation.Translated Said(string vendor, string? name, int hour)
    {
        var (at, key) = (Start.AddHours(hour), new EntityKey(vendor, EntityTypes.Customer, "1"));
        var core = ChainJson.Write(new Account { Id = "1", Name = name, Email = Email });
        return new(new([Identifier.Account(vendor, "1")], [], at), [new(key, Homing.Account, [new(FacetNames.Core, new(at, SourceClass.Webhook, 0), core)], [])], [], []);
    }

    private static IEnumerable<int[]> Orders(int[] items) =>
        items.Length == 1 ? [items] : items.SelectMany(first => Orders([.. items.Where(item => item != first)]).Select(rest => (int[])[first, .. rest]));
}
