using System.Collections.ObjectModel;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ValueChainHub.Core.Intake;
using ValueChainHub.Core.Storage;

namespace ValueChainHub.Core.Delivery;

/// <summary>What each destination is to be told, in the container of due work: one entry for each customer, event or task, and a line of those that are due.</summary>
/// <remarks>
/// An entry, its place in the line, its mark when it is dead and the count of what succeeded lie in one partition, and every move of an entry is one commit under its etag. So an entry is in the
/// line once or not at all, whoever pushes or takes it and wherever a process dies.
/// </remarks>
public sealed class DeliveryQueue(IHubStore store, TimeProvider time)
{
    /// <summary>Of each destination, so that no partition is hot.</summary>
    private const int Shards = 8;

    /// <summary>Counting stops there.</summary>
    private const int LargestCount = 10_000;

    private const string EntryPrefix = "e|";
    private const string DeadPrefix = "x|";
    private const string TallyId = "tally";
    private static readonly ReadOnlyMemory<byte> Marker = "{}"u8.ToArray();
    private static readonly IReadOnlyDictionary<string, string> Nothing = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Ids of the line begin with digits; everything else sorts after them.</summary>
    private static readonly IdRange Line = new(null, ":");

    /// <summary>That an event was appended is known longer than the event can be replayed.</summary>
    private static readonly TimeSpan MarkerRetention = TimeSpan.FromDays(400);

    /// <summary>Puts something in the line. What is in it already is only pushed; an event or a task that was delivered, or that a person has to see to, stays so.</summary>
    internal async ValueTask PushAsync(string destination, RoutedPush push, CancellationToken cancellationToken)
    {
        var id = IdOf(push.Kind, push.Target);
        await ChangeAsync(destination, id, entry =>
        {
            var known = entry ?? new DeliveryEntry { Kind = push.Kind, Target = push.Target };
            if (push.Kind != DeliveryKinds.Customer)
                return entry is null ? known with { Due = DueId(push.Due, id), Event = push.Event } : null;
            var pushed = known with { Asked = known.Asked + 1 };
            return IsSoonEnough(known, DueId(push.Due, id)) ? pushed : pushed with { Due = DueId(push.Due, id), DeadAt = null, Attempts = 0 };
        }, succeeds: false, cancellationToken);
    }

    /// <summary>A customer is told everything again, as if the destination had been told nothing yet; once for each cause, however often it is asked.</summary>
    internal async ValueTask TellAgainAsync(string destination, string customer, IEnumerable<string> profiles, string cause, CancellationToken cancellationToken)
    {
        foreach (var profile in profiles.Where(profile => profile != customer))
        {
            await ChangeAsync(
                destination, IdOf(DeliveryKinds.Customer, profile), entry => entry is { Sent.Count: > 0 } ? entry with { Sent = Nothing } : null, succeeds: false, cancellationToken);
        }
        var id = IdOf(DeliveryKinds.Customer, customer);
        await ChangeAsync(destination, id, entry => entry?.Cause == cause ? null : (entry ?? new DeliveryEntry { Kind = DeliveryKinds.Customer, Target = customer }) with
        {
            Asked = (entry?.Asked ?? 0) + 1,
            Due = DueId(time.GetUtcNow(), id),
            DeadAt = null,
            Attempts = 0,
            Sent = Nothing,
            Cause = cause,
        }, succeeds: false, cancellationToken);
    }

    /// <summary>What the destination has been told of a customer, under this id and under those of its profiles.</summary>
    internal async ValueTask<IReadOnlyDictionary<string, string>> ToldAsync(string destination, string customer, IEnumerable<string> profiles, CancellationToken cancellationToken)
    {
        var id = IdOf(DeliveryKinds.Customer, customer);
        var entry = await ReadAsync(destination, id, cancellationToken) ?? new DeliveryEntry { Kind = DeliveryKinds.Customer, Target = customer };
        return await ToldAsync(new DeliveryClaim(destination, id, entry), profiles, cancellationToken);
    }

    /// <summary>Keeps an event that cannot be read, for a person; once, however often it comes.</summary>
    internal async ValueTask ParkAsync(string destination, RoutedEvent read, string reason, CancellationToken cancellationToken) =>
        await ChangeAsync(
            destination,
            IdOf(DeliveryKinds.Message, read.Id),
            entry => entry is null ? new DeliveryEntry { Kind = DeliveryKinds.Message, Target = read.Id, Reason = reason, Event = read, DeadAt = time.GetUtcNow() } : null,
            succeeds: false,
            cancellationToken);

    /// <summary>What is due at a destination, what has waited longest first.</summary>
    internal async ValueTask<IReadOnlyList<DeliveryClaim>> DueAsync(string destination, int limit, CancellationToken cancellationToken)
    {
        var (line, until) = (new List<StoredItem>(), new IdRange(null, DueId(time.GetUtcNow(), "~")));
        for (var shard = 0; shard < Shards; shard++)
            line.AddRange(await store.ReadRangeAsync(HubContainers.Work, PartitionOf(destination, shard), until, limit, cancellationToken));
        var claims = new List<DeliveryClaim>();
        foreach (var place in line.OrderBy(place => place.Id, StringComparer.Ordinal).Take(limit))
        {
            var id = place.Id[(place.Id.IndexOf('|', StringComparison.Ordinal) + 1)..];
            if (await ReadAsync(destination, id, cancellationToken) is { } entry && entry.Due == place.Id)
                claims.Add(new(destination, id, entry));
        }
        return claims;
    }

    /// <summary>Delivered: it leaves the line, unless it was pushed meanwhile. <paramref name="sent"/>: what the destination has been told of it by now.</summary>
    internal ValueTask DoneAsync(DeliveryClaim claim, IReadOnlyDictionary<string, string> sent, CancellationToken cancellationToken) =>
        MoveAsync(claim, entry => entry with
        {
            Due = Rest(entry, claim),
            Attempts = 0,
            Reason = null,
            Answer = null,
            Event = null,
            DoneAt = time.GetUtcNow(),
            Sent = sent,
        }, succeeds: true, cancellationToken);

    /// <summary>It need not be told: it leaves the line and counts as nothing.</summary>
    internal ValueTask DropAsync(DeliveryClaim claim, CancellationToken cancellationToken) =>
        MoveAsync(claim, entry => entry with { Due = Rest(entry, claim), Attempts = 0, Reason = null, Answer = null, Event = null }, succeeds: false, cancellationToken);

    /// <summary>Put off; it costs no attempt.</summary>
    internal ValueTask LaterAsync(DeliveryClaim claim, DateTimeOffset? notBefore, IReadOnlyDictionary<string, string> sent, CancellationToken cancellationToken) =>
        MoveAsync(claim, entry => entry with { Due = DueId(RetrySchedule.Due(time.GetUtcNow(), RetrySchedule.Waits[0], notBefore), claim.Id), Sent = sent }, succeeds: false, cancellationToken);

    /// <summary>It failed: tried again by the schedule, or given up when no attempt is left.</summary>
    internal ValueTask AgainAsync(DeliveryClaim claim, WriteOutcome.Failed failure, DateTimeOffset? notBefore, IReadOnlyDictionary<string, string> sent, CancellationToken cancellationToken) =>
        RetrySchedule.After(claim.Entry.Attempts, claim.Id) is not { } wait
            ? BuryAsync(claim, failure, sent, cancellationToken)
            : MoveAsync(claim, entry => entry with
            {
                Due = DueId(RetrySchedule.Due(time.GetUtcNow(), wait, notBefore), claim.Id),
                Attempts = claim.Entry.Attempts + 1,
                Reason = Told(failure),
                Answer = failure.Answer,
                Sent = sent,
            }, succeeds: false, cancellationToken);

    /// <summary>Waits for a person, with the vendor's answer; unless it was pushed meanwhile: then what changed is tried first.</summary>
    internal ValueTask BuryAsync(DeliveryClaim claim, WriteOutcome.Failed failure, IReadOnlyDictionary<string, string> sent, CancellationToken cancellationToken) =>
        MoveAsync(claim, entry => entry with
        {
            Due = Rest(entry, claim),
            Attempts = claim.Entry.Attempts + 1,
            Reason = Told(failure),
            Answer = failure.Answer,
            DeadAt = Rest(entry, claim) is null ? time.GetUtcNow() : null,
            Sent = sent,
        }, succeeds: false, cancellationToken);

    /// <summary>What a destination was told of a customer, under this id and under those of its profiles: what was said before two customers turned out to be one is remembered too.</summary>
    internal async ValueTask<IReadOnlyDictionary<string, string>> ToldAsync(DeliveryClaim claim, IEnumerable<string> profiles, CancellationToken cancellationToken)
    {
        var told = new Dictionary<string, string>(claim.Entry.Sent, StringComparer.Ordinal);
        foreach (var profile in profiles.Where(profile => profile != claim.Entry.Target))
        {
            var before = await ReadAsync(claim.Destination, IdOf(DeliveryKinds.Customer, profile), cancellationToken);
            foreach (var (key, digest) in before?.Sent ?? ReadOnlyDictionary<string, string>.Empty)
                told.TryAdd(key, digest);
        }
        return told;
    }

    /// <summary>A person wants it tried again, now. False when nothing of this id is dead.</summary>
    internal ValueTask<bool> RetryAsync(string destination, string id, CancellationToken cancellationToken) =>
        ChangeAsync(destination, id, entry => entry is { DeadAt: not null } ? entry with { Due = DueId(time.GetUtcNow(), id), DeadAt = null, Attempts = 0 } : null, succeeds: false, cancellationToken);

    /// <summary>A person gives it up. An event or a task stays given up; a customer is told again with the next change.</summary>
    internal ValueTask<bool> DiscardAsync(string destination, string id, CancellationToken cancellationToken) =>
        ChangeAsync(destination, id, entry => entry is { DeadAt: not null } ? entry with { DeadAt = null, Event = null } : null, succeeds: false, cancellationToken);

    /// <summary>Pending and dead counted from the items, each up to ten thousand; what succeeded from the tallies that are written with it.</summary>
    internal async ValueTask<DeliveryCounts> CountAsync(string destination, CancellationToken cancellationToken)
    {
        long pending = 0, succeeded = 0, dead = 0;
        for (var shard = 0; shard < Shards; shard++)
        {
            var partition = PartitionOf(destination, shard);
            pending += (await store.ReadRangeAsync(HubContainers.Work, partition, Line, LargestCount, cancellationToken)).Count;
            dead += (await store.ReadRangeAsync(HubContainers.Work, partition, IdRange.StartingWith(DeadPrefix), LargestCount, cancellationToken)).Count;
            succeeded += DeliveryTally.Read(await store.ReadAsync(HubContainers.Work, partition, TallyId, cancellationToken)).Succeeded;
        }
        return new(pending, succeeded, dead);
    }

    /// <summary>What waits for a person, by id, after <paramref name="after"/>.</summary>
    internal async ValueTask<IReadOnlyList<(string Id, DeliveryEntry Entry)>> DeadAsync(string destination, string? after, int limit, CancellationToken cancellationToken)
    {
        var ids = new List<string>();
        for (var shard = 0; shard < Shards; shard++)
        {
            var range = after is null ? IdRange.StartingWith(DeadPrefix) : IdRange.StartingWith(DeadPrefix).After(DeadPrefix + after);
            ids.AddRange((await store.ReadRangeAsync(HubContainers.Work, PartitionOf(destination, shard), range, limit, cancellationToken)).Select(item => item.Id[DeadPrefix.Length..]));
        }
        var dead = new List<(string, DeliveryEntry)>();
        foreach (var id in ids.Order(StringComparer.Ordinal).Take(limit))
        {
            if (await ReadAsync(destination, id, cancellationToken) is { DeadAt: not null } entry)
                dead.Add((id, entry));
        }
        return dead;
    }

    internal async ValueTask<DeliveryEntry?> ReadAsync(string destination, string id, CancellationToken cancellationToken) =>
        StoreLimits.IsValidId(EntryPrefix + id) && await store.ReadAsync(HubContainers.Work, PartitionOf(destination, ShardOf(id)), EntryPrefix + id, cancellationToken) is { } item
            ? DeliveryEntry.Read(item.Body)
            : null;

    /// <summary>The id of an entry.</summary>
    internal static string IdOf(string kind, string target) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(kind + "\0" + target)).AsSpan(0, 12));

    /// <summary>Moves an entry from where it was claimed; nothing when somebody else has moved it since.</summary>
    private async ValueTask MoveAsync(DeliveryClaim claim, Func<DeliveryEntry, DeliveryEntry> move, bool succeeds, CancellationToken cancellationToken) =>
        await ChangeAsync(claim.Destination, claim.Id, entry => entry is not null && entry.Due == claim.Entry.Due ? move(entry) : null, succeeds, cancellationToken);

    /// <summary>Repeats until nobody wrote in between. False when there was nothing to change.</summary>
    private async ValueTask<bool> ChangeAsync(string destination, string id, Func<DeliveryEntry?, DeliveryEntry?> change, bool succeeds, CancellationToken cancellationToken)
    {
        var partition = PartitionOf(destination, ShardOf(id));
        while (true)
        {
            var item = await store.ReadAsync(HubContainers.Work, partition, EntryPrefix + id, cancellationToken);
            var before = item is null ? null : DeliveryEntry.Read(item.Body);
            if (change(before) is not { } after)
                return false;
            var operations = Operations(id, item, before, after);
            if (succeeds)
                operations.Add(Count(await store.ReadAsync(HubContainers.Work, partition, TallyId, cancellationToken)));
            if (await store.CommitAsync(HubContainers.Work, partition, operations, cancellationToken) is not CommitResult.Committed)
                continue;
            if (before?.DeadAt is null && after.DeadAt is not null)
                HubTelemetry.CountDeadLetter("delivery", destination);
            return true;
        }
    }

    private static List<WriteOperation> Operations(string id, StoredItem? item, DeliveryEntry? before, DeliveryEntry after)
    {
        TimeSpan? keep = after is { Kind: not DeliveryKinds.Customer, Due: null, DeadAt: null } ? MarkerRetention : null;
        var operations = new List<WriteOperation>
        {
            item is null ? new WriteOperation.Create(EntryPrefix + id, after.Write(), keep) : new WriteOperation.Replace(item.Id, after.Write(), item.ETag, keep),
        };
        if (before?.Due is { } left && left != after.Due)
            operations.Add(new WriteOperation.Delete(left));
        if (after.Due is { } taken && taken != before?.Due)
            operations.Add(new WriteOperation.Put(taken, Marker));
        if (before?.DeadAt is null && after.DeadAt is not null)
            operations.Add(new WriteOperation.Put(DeadPrefix + id, Marker));
        if (before?.DeadAt is not null && after.DeadAt is null)
            operations.Add(new WriteOperation.Delete(DeadPrefix + id));
        return operations;
    }

    private static WriteOperation Count(StoredItem? tally)
    {
        var next = (DeliveryTally.Read(tally) is var read ? read with { Succeeded = read.Succeeded + 1 } : read).Write();
        return tally is null ? new WriteOperation.Create(TallyId, next) : new WriteOperation.Replace(TallyId, next, tally.ETag);
    }

    /// <summary>It is in the line and has its turn no later; what has failed keeps the time that its failure gave it.</summary>
    private static bool IsSoonEnough(DeliveryEntry entry, string due) => entry.Due is { } has && (entry.Attempts > 0 || string.CompareOrdinal(has, due) <= 0);

    /// <summary>Out of the line; back into it when it was pushed since it was claimed.</summary>
    private string? Rest(DeliveryEntry entry, DeliveryClaim claim) => entry.Asked == claim.Entry.Asked ? null : DueId(time.GetUtcNow(), claim.Id);

    private static string Told(WriteOutcome.Failed failure) => $"{failure.Kind}: {failure.Reason}";

    private static string PartitionOf(string destination, int shard) => string.Create(CultureInfo.InvariantCulture, $"deliver-{destination}-{shard}");

    private static string DueId(DateTimeOffset due, string id) => string.Create(CultureInfo.InvariantCulture, $"{due.UtcTicks:D19}|{id}");

    private static int ShardOf(string id) => int.TryParse(id.AsSpan(0, Math.Min(4, id.Length)), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var number) ? number % Shards : 0;
}

/// <summary>What goes to a destination: waiting, delivered since the beginning, and given up. Pending and dead are counted up to ten thousand a shard.</summary>
public sealed record DeliveryCounts(long Pending, long Succeeded, long DeadLettered);
