namespace ValueChainHub.Core.Storage;

/// <summary>The storage port: items under (container, partition, id), atomic commits inside one partition, a change feed for each container.</summary>
/// <remarks>
/// Shaped like Cosmos DB so that every adapter means the same. The numbered cases are the contract; each has a test of the same number in
/// <c>HubStoreContract</c>, which every adapter inherits.
/// <para>Reading</para>
/// 1. A missing item reads as null.
/// 2. A committed item reads back byte for byte, with the etag that the commit answered.
/// 3. The same id in another partition, or in another container, is another item.
/// 4. A range answers the ids of its bounds in ordinal order (UTF-8 bytes), lower bound included, upper bound excluded.
/// 5. A descending range answers the same ids backwards.
/// 6. A range answers at most <c>limit</c> items; reading on from after the last id answers the rest, none twice.
/// 7. A range never answers an item of another partition or container.
/// 28. Bodies of every size up to <see cref="StoreLimits.ItemBytes"/>, of any JSON, read back byte for byte.
/// 29. Ids and partitions of every allowed character are told apart, upper case from lower case too, and read back as they were written.
/// 30. A range whose bounds meet, or stand the wrong way round, answers nothing.
/// 31. What a commit has answered is seen by the next read of the same store: item, range and feed.
/// 32. A call whose token was cancelled before throws <see cref="OperationCanceledException"/>, and a write among them stores nothing.
/// <para>Writing</para>
/// 8. Create stores a new item and fails with <see cref="WriteProblem.AlreadyExists"/> on an existing one.
/// 9. Put stores a new item and replaces an existing one.
/// 10. Replace with the current etag stores; with another it fails with <see cref="WriteProblem.ETagMismatch"/>; on a missing item with <see cref="WriteProblem.NotFound"/>.
/// 11. Delete with the current etag, or with none, removes; with another it fails with <see cref="WriteProblem.ETagMismatch"/>; on a missing item with <see cref="WriteProblem.NotFound"/>.
/// 12. Every stored change gives the item a new etag, also when the body is the same.
/// 13. A commit of several operations stores all of them or none; the answer names the first operation that failed and why.
/// 14. Two operations on one id in one commit, more than <see cref="StoreLimits.OperationsPerCommit"/>, an empty commit, an id or partition that breaks <see cref="StoreLimits"/>
///     or a body over <see cref="StoreLimits.ItemBytes"/> throw <see cref="ArgumentException"/> and store nothing.
/// 15. Of many callers that create one id, or replace under one etag, at the same time exactly one succeeds.
/// 16. A commit that has answered is durable: it is there after the process was killed.
/// 17. A commit that was cancelled, or that threw <see cref="StoreUnavailableException"/> with <see cref="StoreUnavailableException.OutcomeUnknown"/>, may or may not have been stored, but never in part.
/// 18. An item with a time to live is gone for readers once the time has passed; a later write of the item may give it another, or none.
/// 33. The bodies of one commit together have at most <see cref="StoreLimits.ItemBytes"/>, or it throws <see cref="ArgumentException"/> and stores nothing.
/// 34. An item whose time to live has passed counts as absent for every operation: it may be created, and neither replaced nor deleted.
/// 35. The etag of one item fits no other, and a commit changes the etags of the items it names and of no others.
/// 36. Commits to different items of one partition, made at the same time, all succeed.
/// 37. A refused commit can be made again, mended, and then stores everything.
/// <para>The change feed</para>
/// 19. The feed from the beginning answers every item of the container at least once, at its latest version.
/// 20. Changes of one partition come in the order of their commits; an item changed again after it was answered comes again.
/// 21. Reading on from a continuation answers only later changes; a page answers at most <c>limit</c> changes and says whether more are waiting.
/// 22. A continuation holds after a restart of the process.
/// 23. An item of a commit never appears in the feed before the commit is durable, and a reader that has passed a position never finds a change before it later.
/// 24. With an id prefix, changes of other ids are left out, and the continuation still moves past them.
/// 25. A feed started at a time answers at least every change committed at or after it, and need not answer earlier ones.
/// 26. A continuation that retention has passed, or that another store made, throws <see cref="ContinuationExpiredException"/>.
/// 27. Deletes are not answered: an item created and deleted between two reads never appears.
/// 38. A page may end inside a commit; reading on answers the rest of it, none twice.
/// 39. Reading again from the same continuation answers the same changes again, as long as nothing changed.
/// 40. A change answered once more, because its item was changed between two pages, costs no other change its place.
/// 41. A refused commit leaves nothing in the feed.
/// 42. The continuation of an empty container answers what is created later.
/// 43. Waiting ends when the container has changes after the position, also those that were there before.
/// 44. Waiting ends with its patience, and throws <see cref="OperationCanceledException"/> when it is cancelled.
/// </remarks>
public interface IHubStore
{
    /// <summary>Reads one item, or null (case 1).</summary>
    ValueTask<StoredItem?> ReadAsync(string container, string partition, string id, CancellationToken cancellationToken);

    /// <summary>Reads the items of one partition whose ids lie in <paramref name="range"/>, in order (cases 4 to 7).</summary>
    ValueTask<IReadOnlyList<StoredItem>> ReadRangeAsync(string container, string partition, IdRange range, int limit, CancellationToken cancellationToken);

    /// <summary>Writes all operations or none, inside one partition (cases 8 to 18).</summary>
    ValueTask<CommitResult> CommitAsync(string container, string partition, IReadOnlyList<WriteOperation> operations, CancellationToken cancellationToken);

    /// <summary>Reads the next changes of a container (cases 19 to 27).</summary>
    ValueTask<FeedPage> ReadFeedAsync(string container, FeedPosition from, int limit, string? idPrefix, CancellationToken cancellationToken);

    /// <summary>Waits until the container may have changes after <paramref name="from"/>, or until <paramref name="patience"/> has passed. A hint: it may return early.</summary>
    ValueTask WaitForChangesAsync(string container, FeedPosition from, TimeSpan patience, CancellationToken cancellationToken);
}
