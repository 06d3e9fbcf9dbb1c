using System.Security.Cryptography;
using System.Text;
using Shouldly;
using ValueChainHub.Core.Storage;
using Xunit;

namespace ValueChainHub.Testing.Storage;

public abstract partial class HubStoreContract
{
    [Fact]
    public async Task Case_28_Bodies_of_every_size_and_of_any_JSON_read_back_byte_for_byte()
    {
        var random = Convert.ToBase64String(RandomNumberGenerator.GetBytes(900_000));
        string[] bodies = ["{}", "\"text\"", "12.50", "[1,  2.0, 1e3]", "{\"b\" : \"\\u00e9\\/\"}", .. new[] { 600, 640, 641, 700, 5_000, 1_200_000 }.Select(size => $"[\"{random[..size]}\"]"), $"\"{new string('\\', 600_000)}\""];
        for (var number = 0; number < bodies.Length; number++)
            await CommittedAsync("p", new WriteOperation.Create($"b{number}", Encoding.UTF8.GetBytes(bodies[number])));

        for (var number = 0; number < bodies.Length; number++)
            Text(await ReadAsync("p", $"b{number}")).ShouldBe(bodies[number]);
    }

    [Fact]
    public async Task Case_29_Ids_and_partitions_of_every_allowed_character_are_told_apart()
    {
        var characters = Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (char)code).Where(character => !"/\\?#%".Contains(character, StringComparison.Ordinal)).ToList();
        await CommittedAsync("p", [.. characters.Select(character => Create($"x{character}y", $"{(int)character}"))]);
        foreach (var character in characters)
            await CommittedAsync($"q{character}r", Create("id", $"{(int)character}"));

        foreach (var character in characters)
        {
            Text(await ReadAsync("p", $"x{character}y")).ShouldContain($"\"{(int)character}\"");
            var item = await ReadAsync($"q{character}r", "id");
            Text(item).ShouldContain($"\"{(int)character}\"");
            (item!.Partition, item.Id).ShouldBe(($"q{character}r", "id"));
        }
    }

    [Fact]
    public async Task Case_30_A_range_whose_bounds_meet_or_stand_the_wrong_way_round_answers_nothing()
    {
        await CommittedAsync("p", Create("a"), Create("b"), Create("c"));

        foreach (var descending in new[] { false, true })
        {
            (await RangeAsync("p", new IdRange("b", "b", descending))).ShouldBeEmpty();
            (await RangeAsync("p", new IdRange("c", "a", descending))).ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task Case_31_What_a_commit_has_answered_is_seen_by_the_next_read()
    {
        var from = FeedPosition.Beginning;
        for (var number = 0; number < 30; number++)
        {
            await CommittedAsync("p", Create($"i{number:00}"), Put("last", $"n{number}"));

            Text(await ReadAsync("p", "last")).ShouldContain($"n{number}\"");
            (await RangeAsync("p", IdRange.StartingWith("i"))).Count.ShouldBe(number + 1);
            var (changes, next) = await DrainAsync(from);
            Ids(changes).ShouldBe([$"i{number:00}", "last"], ignoreOrder: true);
            from = next;
        }
    }

    [Fact]
    public async Task Case_32_A_call_that_was_cancelled_before_throws_and_stores_nothing()
    {
        var cancelled = new CancellationToken(canceled: true);

        await Should.ThrowAsync<OperationCanceledException>(async () => await Store.CommitAsync(Container, "p", [Create("a")], cancelled));
        await Should.ThrowAsync<OperationCanceledException>(async () => await Store.CommitAsync(Container, "p", [Create("a"), Create("b")], cancelled));
        await Should.ThrowAsync<OperationCanceledException>(async () => await Store.ReadAsync(Container, "p", "a", cancelled));
        await Should.ThrowAsync<OperationCanceledException>(async () => await Store.ReadRangeAsync(Container, "p", new IdRange(null, null), 1, cancelled));
        await Should.ThrowAsync<OperationCanceledException>(async () => await Store.ReadFeedAsync(Container, FeedPosition.Beginning, 1, null, cancelled));

        (await RangeAsync("p", new IdRange(null, null))).ShouldBeEmpty();
    }

    [Fact]
    public async Task Case_33_The_bodies_of_a_commit_together_have_a_limit()
    {
        var half = Encoding.UTF8.GetBytes($"\"{new string('x', StoreLimits.ItemBytes / 2)}\"");

        await Should.ThrowAsync<ArgumentException>(async () => await CommitAsync("p", new WriteOperation.Create("a", half), new WriteOperation.Put("b", half)));

        (await RangeAsync("p", new IdRange(null, null))).ShouldBeEmpty();
        await CommittedAsync("p", new WriteOperation.Create("a", half), Create("b"));
    }

    [Fact]
    public async Task Case_34_An_item_whose_time_to_live_has_passed_counts_as_absent()
    {
        var etag = await CommittedAsync("p", Create("a", "old", TimeSpan.FromMinutes(1)), Create("b", "old", TimeSpan.FromMinutes(1)));
        Time.Advance(TimeSpan.FromMinutes(2));

        (await CommitAsync("p", new WriteOperation.Replace("a", Body("new"), etag))).ShouldBe(new CommitResult.Refused(0, WriteProblem.NotFound));
        (await CommitAsync("p", new WriteOperation.Delete("a", etag))).ShouldBe(new CommitResult.Refused(0, WriteProblem.NotFound));
        await CommittedAsync("p", Create("a", "new"), Put("b", "new"));

        Text(await ReadAsync("p", "a")).ShouldContain("new");
        Time.Advance(TimeSpan.FromDays(400));
        (await RangeAsync("p", new IdRange(null, null))).ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task Case_35_The_etag_of_one_item_fits_no_other_and_changes_only_with_its_own()
    {
        var committed = (await CommitAsync("p", Create("a"), Create("b"))).ShouldBeOfType<CommitResult.Committed>();
        var elsewhere = await CommittedAsync("q", Create("a"));
        await CommittedAsync("p", Put("c"));

        (await ReadAsync("p", "a"))!.ETag.ShouldBe(committed.ETags[0]);
        (await ReadAsync("p", "b"))!.ETag.ShouldBe(committed.ETags[1]);
        (await CommitAsync("p", new WriteOperation.Replace("a", Body("x"), elsewhere))).ShouldBe(new CommitResult.Refused(0, WriteProblem.ETagMismatch));
        (await CommitAsync("p", Create("d"), new WriteOperation.Replace("a", Body("x"), elsewhere))).ShouldBe(new CommitResult.Refused(1, WriteProblem.ETagMismatch));
    }

    [Fact]
    public async Task Case_36_Commits_to_different_items_of_one_partition_at_the_same_time_all_succeed()
    {
        var commits = await Task.WhenAll(Enumerable.Range(0, 40).Select(number => Task.Run(() => CommitAsync("p", Create($"a{number:00}"), Create($"b{number:00}")), Token)));

        commits.ShouldAllBe(commit => commit is CommitResult.Committed);
        (await RangeAsync("p", new IdRange(null, null))).Count.ShouldBe(80);
    }

    [Fact]
    public async Task Case_37_A_refused_commit_can_be_made_again_mended()
    {
        await CommittedAsync("p", Create("there"));
        (await CommitAsync("p", Create("new"), Create("there"))).ShouldBe(new CommitResult.Refused(1, WriteProblem.AlreadyExists));

        await CommittedAsync("p", Create("new"), Put("there"));

        (await RangeAsync("p", new IdRange(null, null))).ShouldBe(["new", "there"]);
    }
}
