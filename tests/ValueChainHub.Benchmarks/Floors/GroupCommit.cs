using Microsoft.Data.Sqlite;

namespace ValueChainHub.Benchmarks.Floors;

/// <summary>One writer thread; up to 256 requests in one transaction; all of them are answered when it is durable.</summary>
/// <typeparam name="TRequest">What one request asks to be written.</typeparam>
public sealed class GroupCommit<TRequest> : IDisposable
{
    private const int MostInGroup = 256;

    private readonly Queue<(TRequest Request, TaskCompletionSource<bool> Done)> queue = new();
    private readonly Func<SqliteConnection, Func<TRequest, bool>> prepare;
    private readonly SqliteConnection connection;
    private readonly Thread writer;
    private bool stopping;

    /// <param name="file">The database file.</param>
    /// <param name="schema">Creates the tables when they are not there.</param>
    /// <param name="prepare">Gives the write of one request, with its statements prepared; its answer is the request's answer.</param>
    public GroupCommit(string file, string schema, Func<SqliteConnection, Func<TRequest, bool>> prepare)
    {
        this.prepare = prepare;
        connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        connection.Open();
        Execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY;");
        Execute(schema);
        writer = new Thread(Write) { IsBackground = true, Name = "group commit" };
        writer.Start();
    }

    public Task<bool> WriteAsync(TRequest request)
    {
        var done = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (queue)
        {
            queue.Enqueue((request, done));
            Monitor.Pulse(queue);
        }
        return done.Task;
    }

    public void Dispose()
    {
        lock (queue)
        {
            stopping = true;
            Monitor.Pulse(queue);
        }
        writer.Join(TimeSpan.FromSeconds(5));
        connection.Dispose();
    }

    private void Write()
    {
        var write = prepare(connection);
        using var begin = Command("BEGIN IMMEDIATE");
        using var commit = Command("COMMIT");
        var group = new List<(TRequest Request, TaskCompletionSource<bool> Done)>(MostInGroup);
        var answers = new List<bool>(MostInGroup);
        while (TakeGroup(group))
        {
            answers.Clear();
            begin.ExecuteNonQuery();
            foreach (var (request, _) in group)
                answers.Add(write(request));
            commit.ExecuteNonQuery();
            for (var i = 0; i < group.Count; i++)
                group[i].Done.SetResult(answers[i]);
        }
    }

    private bool TakeGroup(List<(TRequest Request, TaskCompletionSource<bool> Done)> group)
    {
        group.Clear();
        lock (queue)
        {
            while (queue.Count == 0 && !stopping)
                Monitor.Wait(queue);
            while (group.Count < MostInGroup && queue.TryDequeue(out var next))
                group.Add(next);
        }
        return group.Count > 0;
    }

    private SqliteCommand Command(string text)
    {
        var command = connection.CreateCommand();
        command.CommandText = text;
        return command;
    }

    private void Execute(string text)
    {
        using var command = Command(text);
        command.ExecuteNonQuery();
    }
}
