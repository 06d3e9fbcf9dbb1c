using ValueChainHub.EndToEnd.Tests.Sandbox.InStep;
using ValueChainHub.Sandbox.Story;
using ValueChainHub.Sandbox.Vendors.State;
using ValueChainHub.Sandbox.Wire;

namespace ValueChainHub.EndToEnd.Tests.Sandbox;

/// <summary>What a person changes at one vendor reaches the others once, and goes no further.</summary>
public sealed class HumanEditTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    /// <summary>Vendors keep whole seconds: of two edits within one nobody knows the later.</summary>
    private static readonly TimeSpan Apart = TimeSpan.FromSeconds(1.2);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_edit_at_one_vendor_is_at_most_one_write_at_each_other()
    {
        await using var chain = await StartAsync();
        var (shop, support, marketing) = AccountsOfOne(chain);

        (await WritesAfterAsync(chain, () => Edit(chain, WritingHub.Shop, shop, new HumanEdit.Name("Augusta", "Byron")))).ShouldBe([WritingHub.Marketing]);
        Held(chain, WritingHub.Marketing, marketing).Name.ShouldBe("Augusta Byron");

        (await WritesAfterAsync(chain, () => Edit(chain, WritingHub.Support, support, new HumanEdit.Name("Ada", "King")))).ShouldBe([WritingHub.Marketing]);
        Held(chain, WritingHub.Marketing, marketing).Name.ShouldBe("Ada King");

        (await WritesAfterAsync(chain, () => Edit(chain, WritingHub.Marketing, marketing, new HumanEdit.Consent(Channel.Email, IsGranted: false)))).ShouldBe([WritingHub.Shop]);
        ConsentOf(chain, WritingHub.Shop, shop).ShouldBe("denied");

        (await WritesAfterAsync(chain, () => Edit(chain, WritingHub.Shop, shop, new HumanEdit.Consent(Channel.Email, IsGranted: true)))).ShouldBe([WritingHub.Marketing]);
        ConsentOf(chain, WritingHub.Marketing, marketing).ShouldBe("granted");
        Held(chain, WritingHub.Marketing, marketing).Name.ShouldBe("Ada King", "the shop has only repeated its older name");

        (await WritesAfterAsync(chain, () => Edit(chain, WritingHub.Shop, shop, new HumanEdit.AddTag("likes socks")))).ShouldBeEmpty("it is nobody's business but the shop's");
    }

    [Fact]
    public async Task Edits_to_and_fro_come_to_rest_at_the_last_word()
    {
        await using var chain = await StartAsync();
        var (shop, support, marketing) = AccountsOfOne(chain);

        for (var turn = 0; turn < 6; turn++)
        {
            Edit(chain, WritingHub.Shop, shop, new HumanEdit.Consent(Channel.Email, IsGranted: turn % 2 == 0));
            await Task.Delay(Apart, Token);
            Edit(chain, WritingHub.Marketing, marketing, new HumanEdit.Consent(Channel.Email, IsGranted: turn % 2 != 0));
            await Task.Delay(Apart, Token);
        }
        await ShouldRestAsync(chain);
        ConsentOf(chain, WritingHub.Marketing, marketing).ShouldBe("granted");
        ConsentOf(chain, WritingHub.Shop, shop).ShouldBe("granted");

        for (var turn = 0; turn < 6; turn++)
        {
            Edit(chain, WritingHub.Shop, shop, new HumanEdit.Name("Ada", $"Shop{turn}"));
            await Task.Delay(Apart, Token);
            Edit(chain, WritingHub.Support, support, new HumanEdit.Name("Ada", $"Support{turn}"));
            await Task.Delay(Apart, Token);
            Edit(chain, WritingHub.Shop, shop, new HumanEdit.Consent(Channel.Email, IsGranted: turn % 2 == 0));
            await Task.Delay(Apart, Token);
        }
        await ShouldRestAsync(chain);
        Held(chain, WritingHub.Marketing, marketing).Name.ShouldBe("Ada Support5");
        ConsentOf(chain, WritingHub.Marketing, marketing).ShouldBe("denied");
    }

    private static async Task ShouldRestAsync(WritingHub chain)
    {
        await chain.RestAsync();
        var writes = chain.Writes();
        await Task.Delay(TimeSpan.FromSeconds(5), Token);
        chain.Writes().ShouldBe(writes, "writes go on after the last edit");
    }

    private static async Task<WritingHub> StartAsync()
    {
        var chain = await WritingHub.StartAsync(new() { Seed = 9, Shoppers = 12, Faults = Faults.None, Duration = TimeSpan.FromSeconds(2) }, Patience);
        await chain.Run.PlayAsync(chain.Client.Address, Token);
        await chain.RestAsync();
        // A vendor dates each change a second after the one before it at least; its clock shall be past that.
        await Task.Delay(TimeSpan.FromSeconds(8), Token);
        return chain;
    }

    /// <summary>The accounts of somebody whom three vendors know.</summary>
    private static (string Shop, string Support, string Marketing) AccountsOfOne(WritingHub chain)
    {
        Dictionary<int, string> Known(string vendor) => chain.Vendor(vendor).Holds().Accounts.Where(account => account.Emails.Count > 0).ToDictionary(account => account.Shopper, account => account.Id);
        var (shop, support, marketing) = (Known(WritingHub.Shop), Known(WritingHub.Support), Known(WritingHub.Marketing));
        var shopper = shop.Keys.Intersect(support.Keys).Intersect(marketing.Keys).Min();
        return (shop[shopper], support[shopper], marketing[shopper]);
    }

    /// <summary>The vendors that were written to because of an edit, each as often as it was.</summary>
    private static async Task<IReadOnlyList<string>> WritesAfterAsync(WritingHub chain, Action edit)
    {
        var before = chain.Writes();
        edit();
        await chain.RestAsync();
        return [.. chain.Writes().SelectMany(one => Enumerable.Repeat(one.Key, one.Value - before[one.Key]))];
    }

    private static void Edit(WritingHub chain, string vendor, string account, HumanEdit edit) => chain.Vendor(vendor).Edit(account, edit);

    private static HeldAccount Held(WritingHub chain, string vendor, string account) => chain.Vendor(vendor).Holds().Accounts.Single(one => one.Id == account);

    private static string? ConsentOf(WritingHub chain, string vendor, string account) => Held(chain, vendor, account).Consents.FirstOrDefault(one => one.Channel == "email")?.State;
}
