using Microsoft.Data.Sqlite;

namespace ValueChainHub.Benchmarks.Floors;

/// <summary>A prepared statement with parameters <c>$0</c>, <c>$1</c>, ... Lives as long as its connection.</summary>
internal sealed class Statement
{
    private readonly SqliteCommand command;
    private readonly SqliteParameter[] parameters;

    public Statement(SqliteConnection connection, string text, int count)
    {
        command = connection.CreateCommand();
        command.CommandText = text;
        parameters = [.. Enumerable.Range(0, count).Select(i => command.Parameters.AddWithValue($"${i}", DBNull.Value))];
    }

    public int Run(params ReadOnlySpan<object> values)
    {
        for (var i = 0; i < parameters.Length; i++)
            parameters[i].Value = values[i];
        return command.ExecuteNonQuery();
    }
}
