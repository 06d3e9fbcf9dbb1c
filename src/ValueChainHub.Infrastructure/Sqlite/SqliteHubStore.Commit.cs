using System.Globalization;
using ValueChainHub.Core.Storage;

namespace ValueChainHub.Infrastructure.Sqlite;

internal sealed partial class SqliteHubStore
{
    public ValueTask<CommitResult> CommitAsync(string container, string partition, IReadOnlyList<WriteOperation> operations, CancellationToken cancellationToken)
    {
        StoreArguments.CheckCommit(container, partition, operations);
        var index = Index(container);
        var commit = new Commit(index, operations, [.. operations.Select(operation => Key(partition, operation.Id))], cancellationToken);
        return new ValueTask<CommitResult>(writer.Run(commit, urgent: index == Inbox));
    }

    /// <summary>One caller's operations: all checked, then all written.</summary>
    private sealed class Commit(int container, IReadOnlyList<WriteOperation> operations, byte[][] keys, CancellationToken cancellationToken)
        : SqliteWork<CommitResult>(cancellationToken)
    {
        protected override CommitResult Write(SqliteGroup group)
        {
            var statements = group.Session.Items(container);
            Span<Found> found = stackalloc Found[operations.Count];
            for (var index = 0; index < operations.Count; index++)
            {
                found[index] = Find(statements.Find, keys[index], group.Time);
                if (Problem(operations[index], found[index]) is { } problem)
                {
                    return new CommitResult.Refused(index, problem);
                }
            }

            var etags = new string?[operations.Count];
            for (var index = 0; index < operations.Count; index++)
            {
                etags[index] = Store(group, statements, operations[index], keys[index], found[index].Sequence);
            }

            return new CommitResult.Committed(etags);
        }

        protected override Exception Explain(SqliteFault fault) => Unavailable(fault);

        private static Found Find(SqliteStatement find, byte[] key, long now)
        {
            find.BindText(1, key);
            var found = find.Step() ? new Found(find.Int64(0), !(find.NullableInt64(1) <= now)) : default;
            find.Reset();
            return found;
        }

        private static WriteProblem? Problem(WriteOperation operation, Found found) => operation switch
        {
            WriteOperation.Create => found.Alive ? WriteProblem.AlreadyExists : null,
            WriteOperation.Replace replace => Problem(found, replace.ETag),
            WriteOperation.Delete delete => Problem(found, delete.ETag),
            _ => null,
        };

        private static WriteProblem? Problem(Found found, string? etag) =>
            !found.Alive ? WriteProblem.NotFound : etag is null || etag == ETag(found.Sequence) ? null : WriteProblem.ETagMismatch;

        private string? Store(SqliteGroup group, ItemStatements statements, WriteOperation operation, byte[] key, long existing) => operation switch
        {
            WriteOperation.Create create => Store(group, statements, key, existing, create.Body.Span, create.TimeToLive),
            WriteOperation.Put put => Store(group, statements, key, existing, put.Body.Span, put.TimeToLive),
            WriteOperation.Replace replace => Store(group, statements, key, existing, replace.Body.Span, replace.TimeToLive),
            _ => Remove(group, statements, existing),
        };

        private string Store(SqliteGroup group, ItemStatements statements, byte[] key, long existing, ReadOnlySpan<byte> body, TimeSpan? timeToLive)
        {
            var sequence = group.NextSequence(container);
            var store = existing == 0 ? statements.Insert : statements.Update;
            store.Bind(1, sequence);
            if (existing == 0)
            {
                store.BindText(2, key);
            }
            else
            {
                store.Bind(2, existing);
            }

            store.Bind(3, group.Time);
            store.Bind(4, timeToLive is { } time ? group.Time + (long)time.TotalMilliseconds : null);
            store.BindBlob(5, body);
            store.Run();
            return sequence.ToString(CultureInfo.InvariantCulture);
        }

        private static string? Remove(SqliteGroup group, ItemStatements statements, long existing)
        {
            group.Removed();
            statements.Delete.Bind(1, existing);
            statements.Delete.Run();
            return null;
        }

        /// <summary>What the table holds under a key; an expired row still has its place and is not alive.</summary>
        private readonly record struct Found(long Sequence, bool Alive);
    }
}
