using Shouldly;
using ValueChainHub.Core.Storage;
using Xunit;

namespace ValueChainHub.Testing.Storage;

public abstract partial class HubStoreContract
{
    [Fact]
    public async Task Case_08_Create_stores_a_new_item_and_fails_on_an_existing_one()
    {
        await CommittedAsync("p", Create("a", "first"));

        (await CommitAsync("p", Create("a", "second"))).ShouldBe(new CommitResult.Refused(0, WriteProblem.AlreadyExists));

        Text(await ReadAsync("p", "a")).ShouldContain("first");
    }

    [Fact]
    public async Task Case_09_Put_stores_a_new_item_and_replaces_an_existing_one()
    {
        await CommittedAsync("p", Put("a", "first"));
        Text(await ReadAsync("p", "a")).ShouldContain("first");

        var etag = await CommittedAsync("p", Put("a", "second"));

        Text(await ReadAsync("p", "a")).ShouldContain("second");
        (await ReadAsync("p", "a"))!.ETag.ShouldBe(etag);
    }

    [Fact]
    public async Task Case_10_Replace_stores_under_the_current_etag_only()
    {
        var first = await CommittedAsync("p", Create("a", "first"));
        var second = await CommittedAsync("p", new WriteOperation.Replace("a", Body("second"), first));

        (await CommitAsync("p", new WriteOperation.Replace("a", Body("third"), first))).ShouldBe(new CommitResult.Refused(0, WriteProblem.ETagMismatch));
        (await CommitAsync("p", new WriteOperation.Replace("b", Body("third"), second))).ShouldBe(new CommitResult.Refused(0, WriteProblem.NotFound));

        Text(await ReadAsync("p", "a")).ShouldContain("second");
        (await ReadAsync("p", "a"))!.ETag.ShouldBe(second);
        (await ReadAsync("p", "b")).ShouldBeNull();
    }

    [Fact]
    public async Task Case_11_Delete_removes_with_the_current_etag_or_with_none()
    {
        var old = await CommittedAsync("p", Create("a"), Create("b"));
        var current = await CommittedAsync("p", Put("a"));

        (await CommitAsync("p", new WriteOperation.Delete("a", old))).ShouldBe(new CommitResult.Refused(0, WriteProblem.ETagMismatch));
        (await ReadAsync("p", "a")).ShouldNotBeNull();

        var answer = (await CommitAsync("p", new WriteOperation.Delete("a", current), new WriteOperation.Delete("b"))).ShouldBeOfType<CommitResult.Committed>();
        answer.ETags.ShouldBe([null, null]);
        (await RangeAsync("p", new IdRange(null, null))).ShouldBeEmpty();
        (await CommitAsync("p", new WriteOperation.Delete("a"))).ShouldBe(new CommitResult.Refused(0, WriteProblem.NotFound));
    }

    [Fact]
    public async Task Case_12_Every_stored_change_gives_the_item_a_new_etag_also_when_the_body_is_the_same()
    {
        var etags = new List<string> { await CommittedAsync("p", Create("a", "same")) };
        etags.Add(await CommittedAsync("p", Put("a", "same")));
        etags.Add(await CommittedAsync("p", new WriteOperation.Replace("a", Body("same"), etags[^1])));
        await CommittedAsync("p", new WriteOperation.Delete("a"));
        etags.Add(await CommittedAsync("p", Create("a", "same")));

        etags.ShouldBeUnique();
    }

    [Fact]
    public async Task Case_13_A_commit_of_several_operations_stores_all_or_none_and_names_the_first_that_failed()
    {
        var etag = await CommittedAsync("p", Create("a", "before"), Create("d", "before"));

        var answer = await CommitAsync(
            "p",
            Create("new"),
            new WriteOperation.Replace("a", Body("after"), etag),
            new WriteOperation.Replace("d", Body("after"), etag + "0"),
            new WriteOperation.Delete("gone"));

        answer.ShouldBe(new CommitResult.Refused(2, WriteProblem.ETagMismatch));
        (await RangeAsync("p", new IdRange(null, null))).ShouldBe(["a", "d"]);
        Text(await ReadAsync("p", "a")).ShouldContain("before");
        (await ReadAsync("p", "a"))!.ETag.ShouldBe(etag);

        var stored = (await CommitAsync("p", Create("new"), Put("a", "after"), new WriteOperation.Delete("d"))).ShouldBeOfType<CommitResult.Committed>();

        stored.ETags.Count.ShouldBe(3);
        (await ReadAsync("p", "new"))!.ETag.ShouldBe(stored.ETags[0]);
        (await ReadAsync("p", "a"))!.ETag.ShouldBe(stored.ETags[1]);
        stored.ETags[2].ShouldBeNull();
        (await RangeAsync("p", new IdRange(null, null))).ShouldBe(["a", "new"]);
    }

    [Fact]
    public async Task Case_14_A_commit_that_breaks_the_limits_throws_and_stores_nothing()
    {
        var refused = new (string Partition, WriteOperation[] Operations)[]
        {
            ("p", []),
            ("p", [Create("a"), Put("a")]),
            ("p", [.. Enumerable.Range(0, StoreLimits.OperationsPerCommit + 1).Select(number => Create($"n{number}"))]),
            ("p", [Create("good"), new WriteOperation.Create("big", new byte[StoreLimits.ItemBytes + 1])]),
            ("p", [Create("good"), Create("")]),
            ("p", [Create("good"), Create("a/b")]),
            ("p", [Create("good"), Create("ä")]),
            ("p", [Create(new string('x', StoreLimits.IdCharacters + 1))]),
            ("", [Create("a")]),
            ("p#q", [Create("a")]),
        };

        foreach (var (partition, operations) in refused)
        {
            await Should.ThrowAsync<ArgumentException>(async () => await CommitAsync(partition, operations));
        }

        await Should.ThrowAsync<ArgumentException>(async () => await Store.CommitAsync("nowhere", "p", [Create("a")], Token));
        (await RangeAsync("p", new IdRange(null, null))).ShouldBeEmpty();
        await CommittedAsync(
            new string('p', StoreLimits.IdCharacters),
            [new WriteOperation.Create(new string('x', StoreLimits.IdCharacters), new byte[1000]), .. Enumerable.Range(1, StoreLimits.OperationsPerCommit - 1).Select(number => Create($"n{number}"))]);
    }

    [Fact]
    public async Task Case_15_Of_many_callers_that_create_one_id_or_replace_under_one_etag_exactly_one_succeeds()
    {
        var creates = await Task.WhenAll(Enumerable.Range(0, 50).Select(number => Task.Run(() => CommitAsync("p", Create("a", $"n{number}")), Token)));
        var created = creates.OfType<CommitResult.Committed>().ShouldHaveSingleItem();
        creates.OfType<CommitResult.Refused>().ShouldAllBe(refusal => refusal.Problem == WriteProblem.AlreadyExists);

        var replaces = await Task.WhenAll(Enumerable.Range(0, 50).Select(number => Task.Run(() => CommitAsync("p", new WriteOperation.Replace("a", Body($"r{number}"), created.ETags[0]!)), Token)));
        var replaced = replaces.OfType<CommitResult.Committed>().ShouldHaveSingleItem();
        replaces.OfType<CommitResult.Refused>().ShouldAllBe(refusal => refusal.Problem == WriteProblem.ETagMismatch);

        var item = await ReadAsync("p", "a");
        item!.ETag.ShouldBe(replaced.ETags[0]);
        Text(item).ShouldContain($"r{Array.IndexOf(replaces, replaced)}\"");
    }

    [Fact]
    public async Task Case_16_A_commit_that_has_answered_is_durable()
    {
        var etag = await CommittedAsync("p", Create("a", "kept"), Create("b"));
        await CommittedAsync("p", new WriteOperation.Delete("b"));

        var reopened = await ReopenAsync();

        var item = await reopened.ReadAsync(Container, "p", "a", Token);
        Text(item).ShouldContain("kept");
        item!.ETag.ShouldBe(etag);
        (await reopened.ReadAsync(Container, "p", "b", Token)).ShouldBeNull();
        var later = await reopened.CommitAsync(Container, "p", [Create("b")], Token);
        later.ShouldBeOfType<CommitResult.Committed>().ETags[0].ShouldNotBe(etag);
    }

    [Fact]
    public async Task Case_17_A_cancelled_commit_may_or_may_not_be_stored_but_never_in_part()
    {
        await Task.WhenAll(Enumerable.Range(0, 200).Select(CancelOneAsync));

        for (var number = 0; number < 200; number++)
        {
            (await RangeAsync($"p{number}", new IdRange(null, null))).Count.ShouldBeOneOf(0, 3);
        }

        async Task CancelOneAsync(int number)
        {
            using var stop = new CancellationTokenSource();
            var commit = Store.CommitAsync(Container, $"p{number}", [Create("a"), Create("b"), Create("c")], stop.Token).AsTask();
            await stop.CancelAsync();
            try
            {
                (await commit).ShouldBeOfType<CommitResult.Committed>();
                (await RangeAsync($"p{number}", new IdRange(null, null))).Count.ShouldBe(3);
            }
            catch (Exception unknown) when (unknown is OperationCanceledException or StoreUnavailableException { OutcomeUnknown: true })
            {
                // Not known; the count above tells that it is all or nothing.
            }
        }
    }

    [Fact]
    public async Task Case_18_An_item_with_a_time_to_live_is_gone_for_readers_once_the_time_has_passed()
    {
        var minute = TimeSpan.FromMinutes(1);
        await CommittedAsync("p", Create("a", timeToLive: minute), Create("b", timeToLive: minute), Create("c", timeToLive: minute), Create("d"));
        var etag = (await ReadAsync("p", "b"))!.ETag;
        await CommittedAsync("p", new WriteOperation.Replace("b", Body("longer"), etag, 3 * minute));
        await CommittedAsync("p", Put("c", "for ever"));
        (await RangeAsync("p", new IdRange(null, null))).ShouldBe(["a", "b", "c", "d"]);

        Time.Advance(2 * minute);

        (await ReadAsync("p", "a")).ShouldBeNull();
        (await RangeAsync("p", new IdRange(null, null))).ShouldBe(["b", "c", "d"]);
        Ids((await DrainAsync(FeedPosition.Beginning)).Changes).ShouldBe(["d", "b", "c"], ignoreOrder: true);
        (await CommitAsync("p", new WriteOperation.Delete("a"))).ShouldBe(new CommitResult.Refused(0, WriteProblem.NotFound));

        await CommittedAsync("p", Create("a", "again"));
        Time.Advance(2 * minute);

        (await RangeAsync("p", new IdRange(null, null))).ShouldBe(["a", "c", "d"]);
        Text(await ReadAsync("p", "a")).ShouldContain("again");
    }
}
